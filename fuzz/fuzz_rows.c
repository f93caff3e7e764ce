/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets as CSV: what is taken is the same after CSV and after a store. */
#include "packets.h"

/* The names of all columns are long for a fuzzer: 'A' stands for the whole header line. */
static void expand(struct mptcp_buffer *text, const uint8_t *bytes, size_t size)
{
	if (size && bytes[0] == 'A') {
		for (int id = 0; id < MPTCP_COLUMNS; id++) {
			if (id)
				mptcp_buffer_add_char(text, ',');
			mptcp_buffer_add_string(text, mptcp_columns[id].name);
		}
		bytes++;
		size--;
	}
	mptcp_buffer_add(text, bytes, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct fuzz_writers writers;
	struct mptcp_packet packet;
	struct mptcp_error error;

	expand(&text, bytes, size);
	const struct mptcp_opened from = {fuzz_file(0, text.bytes, text.length), "x", NULL, 0};
	struct mptcp_csv *csv = mptcp_csv_open(&from, ',', &error);
	struct mptcp_rows_reader *rows =
		csv ? mptcp_rows_open(csv, "x", 0, MPTCP_ALL_COLUMNS, &error) : NULL;

	if (rows) {
		fuzz_writers_begin(&writers);
		while (mptcp_rows_next(rows, &packet, &error) == MPTCP_ROW) {
			packet.extras = 0;
			fuzz_writers_add(&writers, &packet);
		}
		fuzz_writers_end(&writers);
		mptcp_rows_close(rows);
	}
	mptcp_buffer_clear(&text);
	return 0;
}
