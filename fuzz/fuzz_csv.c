/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A CSV file: what was read, written and read again, is the same. */
#include "csv.h"
#include "fuzz.h"

/* Writes the rows as they are read; false at an error. */
static bool rewrite(int fd, char delimiter, struct mptcp_buffer *out)
{
	const struct mptcp_opened from = {fd, "x", NULL, 0};
	const struct mptcp_text *cells;
	struct mptcp_error error;
	enum mptcp_result got;
	size_t count;
	struct mptcp_csv *csv = mptcp_csv_open(&from, delimiter, &error);

	if (!csv)
		return false;
	while ((got = mptcp_csv_next(csv, &cells, &count, &error)) == MPTCP_ROW) {
		for (size_t i = 0; i < count; i++) {
			if (i)
				mptcp_buffer_add_char(out, delimiter);
			if (count == 1 && !cells[0].length)
				mptcp_buffer_add_string(out, "\"\"");
			else
				mptcp_csv_add_cell(out, cells[i].bytes, cells[i].length, delimiter);
		}
		mptcp_buffer_add_char(out, '\n');
	}
	mptcp_csv_close(csv);
	return got == MPTCP_END;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mptcp_buffer once = MPTCP_BUFFER_INIT, twice = MPTCP_BUFFER_INIT;
	char delimiter = size ? ",;\t|"[bytes[0] % 4] : ',';

	if (size && rewrite(fuzz_file(0, bytes + 1, size - 1), delimiter, &once)) {
		bool mark = once.length >= 3 && !memcmp(once.bytes, "\xef\xbb\xbf", 3);

		REQUIRE(rewrite(fuzz_file(1, once.bytes, once.length), delimiter, &twice));
		if (!mark) { /* a second byte order mark is text the first time */
			REQUIRE(once.length == twice.length);
			REQUIRE(!memcmp(once.bytes, twice.bytes, once.length));
		}
	}
	mptcp_buffer_clear(&once);
	mptcp_buffer_clear(&twice);
	return 0;
}
