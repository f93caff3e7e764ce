/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public reader and keys: what a program sees through include/mptcp, of CSV in memory. */
#include <mptcp/mptcp.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

/* Nothing of the configuration of whoever runs this. */
static int no_configuration(void **state)
{
	(void)state;
	return setenv("XDG_CONFIG_HOME", "/nowhere", 1) || setenv("XDG_CONFIG_DIRS", "/nowhere", 1);
}

static struct mptcp_reader *open_text(const char *text, struct mptcp_error *error)
{
	int fd = memfd_create("reader", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	struct mptcp_reader *reader = mptcp_reader_open_fd(fd, "x.csv", error);
	/* the reader has its own */
	assert_int_equal(close(fd), 0);
	return reader;
}

/* The reader of a text that is right, at its first packet. */
static struct mptcp_reader *first_packet(const char *text)
{
	struct mptcp_error error;
	struct mptcp_reader *reader = open_text(text, &error);

	if (!reader)
		fail_msg("%s", error.text);
	assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_ROW);
	return reader;
}

static void columns_are_found_by_name(void **state)
{
	struct mptcp_reader *reader = first_packet("own,tcplen,reltime,ipsrc\na,1,2.5,::1\n");

	(void)state;
	assert_int_equal(mptcp_reader_columns(reader), 4);
	int tcplen = mptcp_reader_column(reader, "tcplen");
	assert_string_equal(mptcp_reader_name(reader, tcplen), "tcplen");
	assert_string_equal(mptcp_reader_unit(reader, tcplen), "bytes");
	assert_int_equal(mptcp_reader_kind(reader, tcplen), MPTCP_COLUMN_NUMBER);
	int reltime = mptcp_reader_column(reader, "reltime");
	assert_string_equal(mptcp_reader_unit(reader, reltime), "s");
	assert_int_equal(mptcp_reader_kind(reader, reltime), MPTCP_COLUMN_TIME);
	int ipsrc = mptcp_reader_column(reader, "ipsrc");
	assert_int_equal(mptcp_reader_kind(reader, ipsrc), MPTCP_COLUMN_TEXT);
	/* columns of other names come last */
	assert_int_equal(mptcp_reader_column(reader, "own"), 3);
	assert_string_equal(mptcp_reader_name(reader, 3), "own");
	assert_string_equal(mptcp_reader_unit(reader, 3), "");
	assert_int_equal(mptcp_reader_kind(reader, 3), MPTCP_COLUMN_TEXT);
	/* in the input, not in the format */
	assert_int_equal(mptcp_reader_column(reader, "dsn"), -1);
	assert_int_equal(mptcp_reader_column(reader, "tcp"), -1);
	mptcp_reader_close(reader);
}

static void cells_as_text_number_and_time(void **state)
{
	struct mptcp_reader *reader = first_packet("packetid,reltime,tcpflags,dsn_raw,recvtok,own\n"
						   "7,2.000000005,0x0012,18446744073709551615,"
						   "0000beef,\"a,b\"\n");
	int64_t time = 0;
	uint64_t number = 0;

	(void)state;
	assert_true(mptcp_reader_number(reader, mptcp_reader_column(reader, "packetid"), &number));
	assert_int_equal(number, 7);
	assert_true(mptcp_reader_number(reader, mptcp_reader_column(reader, "tcpflags"), &number));
	assert_int_equal(number, 0x12);
	assert_true(mptcp_reader_number(reader, mptcp_reader_column(reader, "dsn_raw"), &number));
	assert_true(number == UINT64_MAX);
	assert_true(mptcp_reader_number(reader, mptcp_reader_column(reader, "recvtok"), &number));
	assert_int_equal(number, 0xbeef);
	int reltime = mptcp_reader_column(reader, "reltime");
	assert_true(mptcp_reader_time(reader, reltime, &time));
	assert_true(time == INT64_C(2000000005));
	/* texts are valid side by side */
	const char *first = mptcp_reader_text(reader, reltime);
	const char *second = mptcp_reader_text(reader, mptcp_reader_column(reader, "recvtok"));
	const char *third = mptcp_reader_text(reader, mptcp_reader_column(reader, "own"));
	assert_string_equal(first, "2.000000005");
	assert_string_equal(second, "0000beef");
	assert_string_equal(third, "a,b");
	/* of another kind */
	assert_false(mptcp_reader_number(reader, reltime, &number));
	assert_false(mptcp_reader_time(reader, mptcp_reader_column(reader, "packetid"), &time));
	assert_int_equal(number, 0xbeef);
	assert_true(time == INT64_C(2000000005));
	mptcp_reader_close(reader);
}

/* What a reader says of a column that has no value. */
static void assert_empty(struct mptcp_reader *reader, int column)
{
	int64_t time = 1;
	uint64_t number = 1;

	assert_false(mptcp_reader_has(reader, column));
	assert_string_equal(mptcp_reader_text(reader, column), "");
	assert_false(mptcp_reader_number(reader, column, &number));
	assert_false(mptcp_reader_time(reader, column, &time));
	assert_int_equal(number, 1);
	assert_int_equal(time, 1);
}

static void what_is_not_there_reads_as_empty(void **state)
{
	struct mptcp_error error;
	struct mptcp_reader *reader =
		open_text("packetid,dsn,reltime,own\n1,5,1,x\n2,,,\n", &error);

	(void)state;
	assert_non_null(reader);
	/* before the first packet */
	for (int i = -1; i <= 4; i++)
		assert_empty(reader, i);
	assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_ROW);
	for (int i = 0; i < 4; i++) {
		assert_true(mptcp_reader_has(reader, i));
		assert_string_not_equal(mptcp_reader_text(reader, i), "");
	}
	assert_empty(reader, -1);
	assert_empty(reader, 4);
	assert_string_equal(mptcp_reader_name(reader, 4), "");
	assert_string_equal(mptcp_reader_name(reader, -1), "");
	/* the next packet has no value where this one has */
	assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_ROW);
	assert_string_equal(mptcp_reader_text(reader, 0), "2");
	for (int i = 1; i < 4; i++)
		assert_empty(reader, i);
	/* after the last */
	assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_END);
	for (int i = 0; i < 4; i++)
		assert_empty(reader, i);
	assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_END);
	mptcp_reader_close(reader);
}

static void an_error_is_final_and_says_where(void **state)
{
	struct mptcp_error error;
	struct mptcp_reader *reader = first_packet("packetid\n1\nx\n3\n");

	(void)state;
	for (int i = 0; i < 2; i++) {
		error = (struct mptcp_error){0};
		assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_FAILED);
		assert_int_equal(error.status, MPTCP_DATA);
		assert_memory_equal(error.text, "x.csv: line 3: ", 15);
	}
	mptcp_reader_close(reader);
}

static void what_cannot_be_opened(void **state)
{
	struct mptcp_error error;

	(void)state;
	assert_null(mptcp_reader_open("/nowhere/x.pcap", &error));
	assert_int_equal(error.status, MPTCP_IO);
	assert_memory_equal(error.text, "/nowhere/x.pcap: ", 17);
	assert_null(mptcp_reader_open_fd(-1, "none", &error));
	assert_int_equal(error.status, MPTCP_IO);
	assert_null(open_text("", &error));
	assert_int_equal(error.status, MPTCP_DATA);
	mptcp_reader_close(NULL);
}

static void a_configuration_that_cannot_be_used(void **state)
{
	struct mptcp_error error;

	(void)state;
	assert_int_equal(setenv("MPTCP_JOBS", "many", 1), 0);
	assert_null(open_text("packetid\n1\n", &error));
	assert_int_equal(unsetenv("MPTCP_JOBS"), 0);
	assert_int_equal(error.status, MPTCP_DATA);
	assert_non_null(strstr(error.text, "'many' is not a number"));
}

static void nothing_comes_for_a_second(void **state)
{
	struct mptcp_error error;
	static const char text[] = "packetid,tcplen\n1,1420\n";
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, sizeof(text) - 1), sizeof(text) - 1);
	struct mptcp_reader *reader = mptcp_reader_open_fd(ends[0], "pipe", &error);
	assert_non_null(reader);
	assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_ROW);
	assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_IDLE);
	assert_empty(reader, 0);
	assert_int_equal(write(ends[1], "2,0\n", 4), 4);
	assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_ROW);
	assert_string_equal(mptcp_reader_text(reader, 0), "2");
	close(ends[1]);
	assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_END);
	mptcp_reader_close(reader);
	close(ends[0]);
}

static void count_warning(void *context, const char *text)
{
	int *count = context;

	assert_non_null(strstr(text, "x.csv: 1 of 2 packets are copies"));
	++*count;
}

static void warnings_go_where_they_are_wanted(void **state)
{
	static const char text[] = "packetid,duplicate_of\n1,\n2,1\n";
	struct mptcp_error error;
	int count = 0;

	(void)state;
	struct mptcp_reader *reader = first_packet(text);
	mptcp_reader_warn(reader, count_warning, &count);
	assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_END);
	assert_int_equal(count, 1);
	mptcp_reader_close(reader);
	/* dropped otherwise */
	reader = first_packet(text);
	assert_int_equal(mptcp_reader_next(reader, &error), MPTCP_END);
	mptcp_reader_close(reader);
}

/* The first 32 and the last 64 bits of `printf '\1\2\3\4\5\6\7\10' | sha1sum` and sha256sum. */
static void tokens_and_initial_numbers_of_keys(void **state)
{
	const uint64_t key = UINT64_C(0x0102030405060708);

	(void)state;
	assert_true(mptcp_key_token(key, 0) == 0xdd5783bc);
	assert_true(mptcp_key_idsn(key, 0) == UINT64_C(0x3a95ed6e4ebb4ad5));
	assert_true(mptcp_key_token(key, 1) == 0x66840dda);
	assert_true(mptcp_key_idsn(key, 1) == UINT64_C(0xf5a101d3d29d6f72));
}

static void the_version_is_that_of_the_build(void **state)
{
	(void)state;
	assert_string_equal(mptcp_version(), MPTCP_VERSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_found_by_name),
		cmocka_unit_test(cells_as_text_number_and_time),
		cmocka_unit_test(what_is_not_there_reads_as_empty),
		cmocka_unit_test(an_error_is_final_and_says_where),
		cmocka_unit_test(what_cannot_be_opened),
		cmocka_unit_test(a_configuration_that_cannot_be_used),
		cmocka_unit_test(nothing_comes_for_a_second),
		cmocka_unit_test(warnings_go_where_they_are_wanted),
		cmocka_unit_test(tokens_and_initial_numbers_of_keys),
		cmocka_unit_test(the_version_is_that_of_the_build),
	};

	return cmocka_run_group_tests(tests, no_configuration, NULL);
}
