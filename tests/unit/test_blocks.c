/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks: bytes come back as they were, and nothing of a damaged block does. */
#include "blocks.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define LENGTH (3 * MPTCP_BLOCK + 1000)

static unsigned char bytes[LENGTH];

/* Writes them in pieces of odd sizes; the file has four blocks. */
static int write_file(void)
{
	static struct mptcp_blocks blocks;
	int fd = memfd_create("blocks", MFD_CLOEXEC);
	struct mptcp_output output = {.fd = fd, .name = "memory"};
	struct mptcp_error error;

	memset(&blocks, 0, sizeof(blocks));
	blocks.output = &output;
	srand(1);
	for (size_t i = 0; i < LENGTH; i++)
		bytes[i] = (unsigned char)rand();
	for (size_t at = 0, part; at < LENGTH; at += part) {
		part = 1 + (size_t)rand() % 400000;
		if (part > LENGTH - at)
			part = LENGTH - at;
		mptcp_blocks_write(&blocks, bytes + at, part);
	}
	mptcp_blocks_flush(&blocks);
	mptcp_blocks_flush(&blocks);
	assert_int_equal(mptcp_output_close(&output, &error), 0);
	return fd;
}

static size_t size_of(int fd, uint64_t number)
{
	uint64_t left = (uint64_t)lseek(fd, 0, SEEK_END) - number * MPTCP_BLOCK;

	return left < MPTCP_BLOCK ? (size_t)left : MPTCP_BLOCK;
}

static int read_block(int fd, uint64_t number, uint64_t at, struct mptcp_buffer *buffer)
{
	return mptcp_block_read(fd, number, at * MPTCP_BLOCK, size_of(fd, at), buffer);
}

static void bytes_come_back(void **state)
{
	struct mptcp_buffer buffer = MPTCP_BUFFER_INIT;
	int fd = write_file();

	(void)state;
	for (uint64_t i = 0; i < 4; i++)
		assert_int_equal(read_block(fd, i, i, &buffer), 0);
	assert_int_equal(buffer.length, LENGTH);
	assert_memory_equal(buffer.bytes, bytes, LENGTH);
	mptcp_buffer_clear(&buffer);
	close(fd);
}

static void every_flipped_bit_is_found(void **state)
{
	struct mptcp_buffer buffer = MPTCP_BUFFER_INIT;
	int fd = write_file();
	size_t size = size_of(fd, 3);

	(void)state;
	for (size_t i = 0; i < 8 * size; i++) {
		off_t at = (off_t)(3 * MPTCP_BLOCK + i / 8);
		unsigned char good, bad;

		assert_int_equal(pread(fd, &good, 1, at), 1);
		bad = (unsigned char)(good ^ 1U << i % 8);
		assert_int_equal(pwrite(fd, &bad, 1, at), 1);
		assert_int_equal(read_block(fd, 3, 3, &buffer), -1);
		assert_int_equal(errno, 0);
		assert_int_equal(buffer.length, 0);
		assert_int_equal(pwrite(fd, &good, 1, at), 1);
	}
	mptcp_buffer_clear(&buffer);
	close(fd);
}

static void a_block_at_another_place_or_cut_is_found(void **state)
{
	struct mptcp_buffer buffer = MPTCP_BUFFER_INIT;
	int fd = write_file();

	(void)state;
	assert_int_equal(read_block(fd, 1, 2, &buffer), -1);
	assert_int_equal(mptcp_block_read(fd, 0, 0, MPTCP_BLOCK - 8, &buffer), -1);
	assert_int_equal(mptcp_block_read(fd, 0, 0, 8, &buffer), -1);
	assert_int_equal(ftruncate(fd, 100), 0);
	assert_int_equal(mptcp_block_read(fd, 0, 0, MPTCP_BLOCK, &buffer), -1);
	assert_int_equal(errno, 0);
	mptcp_buffer_clear(&buffer);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_come_back),
		cmocka_unit_test(every_flipped_bit_is_found),
		cmocka_unit_test(a_block_at_another_place_or_cut_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
