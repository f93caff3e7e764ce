/* SPDX-License-Identifier: GPL-2.0-or-later */
/* packets: a stream of packets through CSV and through a store: the same rows come out of both. */
#ifndef FUZZ_PACKETS_H
#define FUZZ_PACKETS_H

#include "fuzz.h"
#include "rows.h"
#include "store.h"

struct fuzz_writers {
	struct mptcp_output csv_file, store_file;
	struct mptcp_rows_writer csv;
	struct mptcp_store_writer *store;
};

/* Into the files of slots 2 and 3. */
static inline void fuzz_writers_begin(struct fuzz_writers *writers)
{
	static struct mptcp_header header;
	struct mptcp_error error;

	mptcp_header_default(&header);
	writers->csv_file = (struct mptcp_output){.fd = fuzz_file(2, "", 0), .name = "csv"};
	writers->store_file = (struct mptcp_output){.fd = fuzz_file(3, "", 0), .name = "store"};
	REQUIRE(!mptcp_rows_writer_init(&writers->csv, &writers->csv_file, &header, ',', &error));
	writers->store = mptcp_store_writer_new(&writers->store_file, "key\n", NULL, 0, &error);
	REQUIRE(writers->store);
}

static inline void fuzz_writers_add(struct fuzz_writers *writers, const struct mptcp_packet *packet)
{
	struct mptcp_error error;

	REQUIRE(!mptcp_rows_write(&writers->csv, packet, &error));
	REQUIRE(!mptcp_store_write(writers->store, packet, &error));
}

/* Ends both, reads them, and compares with the `text` of all packets as CSV. */
static inline void fuzz_writers_end(struct fuzz_writers *writers)
{
	struct mptcp_buffer text[2] = {MPTCP_BUFFER_INIT, MPTCP_BUFFER_INIT};
	int files[2] = {writers->csv_file.fd, writers->store_file.fd};
	struct mptcp_error error;
	struct mptcp_packet packet;
	enum mptcp_result got;

	REQUIRE(!mptcp_store_finish(writers->store, MPTCP_DONE, NULL, NULL, &error));
	mptcp_store_writer_free(writers->store);
	mptcp_rows_writer_clear(&writers->csv);
	REQUIRE(!mptcp_output_close(&writers->csv_file, &error));
	REQUIRE(!mptcp_output_close(&writers->store_file, &error));
	REQUIRE(lseek(files[0], 0, SEEK_SET) == 0);
	const struct mptcp_opened from = {files[0], "csv", NULL, 0};
	struct mptcp_csv *csv = mptcp_csv_open(&from, ',', &error);
	REQUIRE(csv);
	struct mptcp_rows_reader *rows = mptcp_rows_open(csv, "csv", 0, MPTCP_ALL_COLUMNS, &error);
	REQUIRE(rows);
	while ((got = mptcp_rows_next(rows, &packet, &error)) == MPTCP_ROW)
		for (int id = 0; id < MPTCP_COLUMNS; id++) {
			mptcp_packet_format(&text[0], &packet, (enum mptcp_column_id)id);
			mptcp_buffer_add_char(&text[0], '\n');
		}
	REQUIRE(got == MPTCP_END);
	mptcp_rows_close(rows);
	struct mptcp_store *store = mptcp_store_open(dup(files[1]), "store", &error);
	REQUIRE(store);
	while ((got = mptcp_store_next(store, &packet, &error)) == MPTCP_ROW)
		for (int id = 0; id < MPTCP_COLUMNS; id++) {
			mptcp_packet_format(&text[1], &packet, (enum mptcp_column_id)id);
			mptcp_buffer_add_char(&text[1], '\n');
		}
	REQUIRE(got == MPTCP_END);
	mptcp_store_close(store);
	REQUIRE(text[0].length == text[1].length);
	REQUIRE(!memcmp(text[0].bytes, text[1].bytes, text[0].length));
	mptcp_buffer_clear(&text[0]);
	mptcp_buffer_clear(&text[1]);
}

#endif
