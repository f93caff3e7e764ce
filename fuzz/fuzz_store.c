/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store: any bytes between a head and a trailer that are right, in blocks whose checksums are
 * right, too; or any bytes as they are. No packet leads out of an array. */
#include "blocks.h"
#include "fuzz.h"
#include "store.h"

static void put(struct mptcp_blocks *blocks, uint64_t number, size_t size)
{
	mptcp_blocks_write(blocks, &number, size);
}

/* Reads all; the number of packets. */
static uint64_t read_all(int fd)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct mptcp_packet packet;
	struct mptcp_error error;
	uint64_t count = 0;
	struct mptcp_store *store = mptcp_store_open(dup(fd), "x", &error);

	while (store && mptcp_store_next(store, &packet, &error) == MPTCP_ROW) {
		mptcp_buffer_reset(&text);
		for (int id = 0; id < MPTCP_COLUMNS; id++)
			mptcp_packet_format(&text, &packet, (enum mptcp_column_id)id);
		mptcp_packet_check(&packet, MPTCP_ALL_COLUMNS, &error);
		REQUIRE(packet.tcpdest <= MPTCP_SERVER && packet.mptcpdest <= MPTCP_SERVER);
		count++;
	}
	if (store)
		REQUIRE(count == mptcp_store_given(store) && count <= mptcp_store_packets(store));
	mptcp_store_close(store);
	mptcp_buffer_clear(&text);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct mptcp_blocks blocks;
	struct mptcp_output output = {.fd = fuzz_file(0, "", 0), .name = "x"};
	struct mptcp_error error;

	read_all(fuzz_file(1, bytes, size));
	memset(&blocks, 0, offsetof(struct mptcp_blocks, bytes));
	blocks.output = &output;
	mptcp_blocks_write(&blocks, MPTCP_STORE_MAGIC, MPTCP_STORE_MAGIC_LENGTH);
	put(&blocks, mptcp_store_schema(), 8);
	put(&blocks, 2, 4);
	mptcp_blocks_write(&blocks, "k\n", 2);
	put(&blocks, 0, 4);
	if (size)
		mptcp_blocks_write(&blocks, bytes + 1, size - 1);
	mptcp_blocks_flush(&blocks);
	put(&blocks, 0, 1);
	put(&blocks, size ? bytes[0] : 0, 8);
	put(&blocks, 0, 4);
	put(&blocks, 0, 4);
	put(&blocks, 0, 4);
	put(&blocks, 1 + 8 + 3 * 4 + 2 * 8, 8);
	put(&blocks, mptcp_store_schema(), 8);
	mptcp_blocks_flush(&blocks);
	int fd = output.fd;
	REQUIRE(!mptcp_output_close(&output, &error));
	read_all(fd);
	return 0;
}
