/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows: packets through CSV and back, and headers and rows that are wrong. */
#include "random_packet.h"
#include "rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static int memory_file(void)
{
	int fd = memfd_create("rows", MFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static struct mptcp_rows_reader *open_rows(int fd, uint64_t needed, uint64_t wanted, char delimiter,
	struct mptcp_error *error)
{
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return mptcp_rows_open(
		mptcp_csv_open(&(struct mptcp_opened){fd, "x.csv", NULL, 0}, delimiter, error),
		"x.csv", needed, wanted, error);
}

/* Writes `count` random packets of a seed. */
static void write_packets(int fd, unsigned seed, int count, const struct mptcp_header *header,
	char delimiter)
{
	struct mptcp_output output = {.fd = fd, .name = "memory"};
	struct mptcp_rows_writer writer;
	struct mptcp_error error;
	struct mptcp_packet packet;
	struct mptcp_text extra[2];

	srand(seed);
	assert_int_equal(mptcp_rows_writer_init(&writer, &output, header, delimiter, &error), 0);
	for (int i = 0; i < count; i++) {
		random_packet(&packet);
		for (size_t j = 0; j < header->extras; j++)
			extra[j] = random_text();
		packet.extra = extra;
		packet.extras = header->extras;
		assert_int_equal(mptcp_rows_write(&writer, &packet, &error), 0);
	}
	mptcp_rows_writer_clear(&writer);
	assert_int_equal(mptcp_output_close(&output, &error), 0);
}

/* Reads them back and compares the columns of `mask`. */
static void compare_packets(int fd, unsigned seed, int count, const struct mptcp_header *header,
	char delimiter, uint64_t wanted, uint64_t mask)
{
	struct mptcp_error error = {0};
	struct mptcp_packet packet, back;

	struct mptcp_rows_reader *reader = open_rows(fd, 0, wanted, delimiter, &error);
	assert_non_null(reader);
	srand(seed);
	for (int i = 0; i < count; i++) {
		random_packet(&packet);
		if (mptcp_rows_next(reader, &back, &error) != 1)
			fail_msg("packet %d: %s", i, error.text);
		int column = packets_differ(&packet, &back, mask);
		if (column < MPTCP_COLUMNS)
			fail_msg("packet %d differs in column '%s'", i, mptcp_columns[column].name);
		assert_true(!(back.present & ~mask));
		assert_int_equal(back.extras, header->extras);
		for (size_t j = 0; j < header->extras; j++) {
			struct mptcp_text extra = random_text();
			assert_int_equal(back.extra[j].length, extra.length);
			assert_memory_equal(back.extra[j].bytes, extra.bytes, extra.length);
		}
	}
	assert_int_equal(mptcp_rows_next(reader, &back, &error), 0);
	mptcp_rows_close(reader);
}

static void a_hundred_thousand_random_packets_come_back(void **state)
{
	struct mptcp_header header;
	int fd = memory_file();

	(void)state;
	mptcp_header_default(&header);
	write_packets(fd, 1, 100000, &header, ',');
	compare_packets(fd, 1, 100000, &header, ',', MPTCP_ALL_COLUMNS, MPTCP_ALL_COLUMNS);
	close(fd);
}

static void only_wanted_columns_are_converted(void **state)
{
	uint64_t wanted =
		MPTCP_HAS(packetid) | MPTCP_HAS(dsn) | MPTCP_HAS(options) | MPTCP_HAS(ipdst);
	struct mptcp_header header;
	int fd = memory_file();

	(void)state;
	mptcp_header_default(&header);
	write_packets(fd, 2, 1000, &header, ',');
	compare_packets(fd, 2, 1000, &header, ',', wanted, wanted);
	close(fd);
}

/* Among them those that are part of values and so make them quoted. */
static void every_delimiter_works(void **state)
{
	static const char delimiters[] = ";\t| :.-x5c";
	static const char *const names[] = {"tcp.analysis.flags", "a,b \"c\""};
	struct mptcp_header header;

	(void)state;
	mptcp_header_default(&header);
	header.extra = names;
	header.extras = 2;
	for (const char *delimiter = delimiters; *delimiter; delimiter++) {
		int fd = memory_file();
		write_packets(fd, 3, 500, &header, *delimiter);
		compare_packets(fd, 3, 500, &header, *delimiter, MPTCP_ALL_COLUMNS,
			MPTCP_ALL_COLUMNS);
		close(fd);
	}
}

static void a_single_column_loses_no_empty_row(void **state)
{
	struct mptcp_header header = {0};
	struct mptcp_error error;
	int fd = memory_file();

	(void)state;
	assert_int_equal(mptcp_header_parse(&header, "dsn", &error), 0);
	write_packets(fd, 4, 1000, &header, ',');
	compare_packets(fd, 4, 1000, &header, ',', MPTCP_ALL_COLUMNS, MPTCP_HAS(dsn));
	close(fd);
}

static void columns_may_be_chosen_and_ordered(void **state)
{
	static const char *const names[] = {"ip.ttl"};
	struct mptcp_header header = {.extra = names, .extras = 1};
	struct mptcp_output output = {.fd = memory_file(), .name = "memory"};
	struct mptcp_rows_writer writer;
	struct mptcp_error error;
	struct mptcp_text ttl = {"64", 2};
	struct mptcp_packet packet = {.present = MPTCP_HAS(dsn) | MPTCP_HAS(packetid),
		.dsn = 5,
		.packetid = 1,
		.extra = &ttl,
		.extras = 1};
	char text[100];

	(void)state;
	assert_int_equal(mptcp_header_parse(&header, "dsn,ip.ttl,packetid,sport", &error), 0);
	assert_int_equal(mptcp_rows_writer_init(&writer, &output, &header, ',', &error), 0);
	assert_int_equal(mptcp_rows_write(&writer, &packet, &error), 0);
	packet.extras = 0;
	assert_int_equal(mptcp_rows_write(&writer, &packet, &error), 0);
	mptcp_output_flush(&output);
	ssize_t length = pread(output.fd, text, sizeof(text) - 1, 0);
	assert_true(length > 0);
	text[length] = '\0';
	assert_string_equal(text, "dsn,packetid,sport,ip.ttl\n5,1,,64\n5,1,,\n");
	mptcp_rows_writer_clear(&writer);
	close(output.fd);
	mptcp_output_close(&output, &error);
}

static void wrong_lists_of_columns_are_usage_errors(void **state)
{
	static const char *const pairs[][2] = {
		{"dsn,nope", "unknown column 'nope'; --columns help lists them"},
		{"dsn,dsn", "column 'dsn' appears twice"},
		{"dsn,ip.ttl,ip.ttl", "column 'ip.ttl' appears twice"},
		{"ip.tl", "unknown column 'ip.tl'; did you mean 'ip.ttl'?"},
		{"", "missing name of a column; --columns help lists them"},
		{"dsn,", "missing name of a column; --columns help lists them"},
		{"DSN", "unknown column 'DSN'; did you mean 'dsn'?"}};
	struct mptcp_header header = {.extra = (const char *const[]){"ip.ttl"}, .extras = 1};
	struct mptcp_error error;

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_int_equal(mptcp_header_parse(&header, pairs[i][0], &error), -1);
		assert_int_equal(error.status, MPTCP_USAGE);
		assert_string_equal(error.text, pairs[i][1]);
	}
}

/* Reads all of a text; the error that ends it, or "" for none. */
static const char *error_of(const char *text, uint64_t needed)
{
	static struct mptcp_error error;
	struct mptcp_packet packet;
	int fd = memory_file();
	int got;

	error = (struct mptcp_error){0};
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	struct mptcp_rows_reader *reader = open_rows(fd, needed, MPTCP_ALL_COLUMNS, ',', &error);
	if (reader) {
		while ((got = mptcp_rows_next(reader, &packet, &error)) > 0)
			;
		assert_true(got == 0 || error.status == MPTCP_DATA);
		mptcp_rows_close(reader);
	} else {
		assert_int_equal(error.status, MPTCP_DATA);
	}
	close(fd);
	return error.text;
}

static void wrong_headers_are_named(void **state)
{
	uint64_t needed = MPTCP_HAS(packetid) | MPTCP_HAS(dsn);

	(void)state;
	assert_string_equal(error_of("", needed), "x.csv: empty: no header line");
	assert_string_equal(error_of("\n\r\n", needed), "x.csv: empty: no header line");
	assert_string_equal(error_of("packetid,sport\n", needed),
		"x.csv: no column 'dsn' (is this the output of mptcp-export?)");
	assert_string_equal(error_of("Dear all,\n\nthis is a letter, all of it, all.\n", needed),
		"x.csv: no column 'packetid' (is this the output of mptcp-export?)");
	assert_string_equal(error_of("dsn,packetid,dsn\n", needed),
		"x.csv: line 1: column 'dsn' appears twice");
	assert_string_equal(error_of("dsn,packetid,x,y,x\n", needed),
		"x.csv: line 1: column 'x' appears twice");
	assert_string_equal(error_of("\xef\xbb\xbf"
				     "dsn,packetid\r\n1,2\r\n",
				    needed),
		"");
}

static void ragged_rows_and_wrong_values_are_named_with_their_line(void **state)
{
	(void)state;
	assert_string_equal(error_of("packetid,dsn\n1,2\n3\n", 0),
		"x.csv: line 3: row has 1 cells, expected 2");
	assert_string_equal(error_of("packetid,dsn\n1,2\n3,4,5\n", 0),
		"x.csv: line 3: row has 3 cells, expected 2");
	assert_string_equal(error_of("packetid,dsn\n\n1,2\n3,x\n", 0),
		"x.csv: line 4: invalid value 'x' for column 'dsn'");
	assert_string_equal(error_of("packetid,x\n1,\"a\nb\"\n3x,4\n", 0),
		"x.csv: line 4: invalid value '3x' for column 'packetid'");
	assert_string_equal(error_of("packetid,dsn\n1,\n,2\n,\n", 0), "");
}

static void columns_are_found_in_any_order_beside_others(void **state)
{
	const char *text = "mine,dsn,\"yo,urs\",packetid\na,5,\"b\",9\n";
	struct mptcp_error error;
	struct mptcp_packet packet;
	int fd = memory_file();

	(void)state;
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	struct mptcp_rows_reader *reader =
		open_rows(fd, MPTCP_HAS(dsn), MPTCP_HAS(packetid), ',', &error);
	assert_non_null(reader);
	const struct mptcp_header *header = mptcp_rows_header(reader);
	assert_int_equal(header->count, 2);
	assert_int_equal(header->columns[0], MPTCP_COLUMN_dsn);
	assert_int_equal(header->columns[1], MPTCP_COLUMN_packetid);
	assert_int_equal(header->extras, 2);
	assert_string_equal(header->extra[0], "mine");
	assert_string_equal(header->extra[1], "yo,urs");
	assert_int_equal(mptcp_rows_next(reader, &packet, &error), 1);
	assert_true(packet.dsn == 5 && packet.packetid == 9);
	assert_true(packet.present == (MPTCP_HAS(dsn) | MPTCP_HAS(packetid)));
	assert_memory_equal(packet.extra[1].bytes, "b", 1);
	mptcp_rows_close(reader);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hundred_thousand_random_packets_come_back),
		cmocka_unit_test(only_wanted_columns_are_converted),
		cmocka_unit_test(every_delimiter_works),
		cmocka_unit_test(a_single_column_loses_no_empty_row),
		cmocka_unit_test(columns_may_be_chosen_and_ordered),
		cmocka_unit_test(wrong_lists_of_columns_are_usage_errors),
		cmocka_unit_test(wrong_headers_are_named),
		cmocka_unit_test(ragged_rows_and_wrong_values_are_named_with_their_line),
		cmocka_unit_test(columns_are_found_in_any_order_beside_others),
	};

	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
