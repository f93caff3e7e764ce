/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CSV: what is read from every odd input, that both ways of reading agree, and what is written. */
#include "csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static int file_of(const void *bytes, size_t length)
{
	int fd = memfd_create("csv", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* The whole input as one text: cells in brackets, a newline after each row; an error as "! text".
 */
static char *read_bytes(const char *bytes, size_t length, char delimiter, size_t given)
{
	struct mptcp_buffer out = MPTCP_BUFFER_INIT;
	struct mptcp_error error;
	const struct mptcp_text *cells;
	size_t count;
	int got, fd = file_of(bytes + given, length - given);

	struct mptcp_csv *csv = mptcp_csv_open(&(struct mptcp_opened){fd, "x.csv", bytes, given},
		delimiter, &error);
	assert_non_null(csv);
	mptcp_buffer_add(&out, "", 0);
	while ((got = mptcp_csv_next(csv, &cells, &count, &error)) > 0) {
		for (size_t i = 0; i < count; i++) {
			mptcp_buffer_add_char(&out, '[');
			mptcp_buffer_add(&out, cells[i].bytes, cells[i].length);
			mptcp_buffer_add_char(&out, ']');
		}
		mptcp_buffer_format(&out, "@%llu\n", mptcp_csv_line(csv));
	}
	if (got < 0) {
		assert_int_equal(error.status, MPTCP_DATA);
		mptcp_buffer_format(&out, "! %s", error.text);
	}
	mptcp_csv_close(csv);
	close(fd);
	return out.bytes;
}

static void expect(const char *input, const char *expected)
{
	size_t length = strlen(input);

	/* Bytes taken before, for telling what the input is, make no difference. */
	for (size_t given = 0; given <= length; given++) {
		char *text = read_bytes(input, length, ',', given);
		assert_string_equal(text, expected);
		free(text);
	}
}

static void plain_rows_are_split_at_delimiters(void **state)
{
	(void)state;
	expect("a,b,c\n1,2,3\n", "[a][b][c]@1\n[1][2][3]@2\n");
	expect("a,,c\n,,\n", "[a][][c]@1\n[][][]@2\n");
	expect("one\ntwo\n", "[one]@1\n[two]@2\n");
	expect("abcdefg,h,ijklmnop,q\n", "[abcdefg][h][ijklmnop][q]@1\n");
	expect("abcdefgh,ijklmnop,,,,,,,,,q\n", "[abcdefgh][ijklmnop][][][][][][][][][q]@1\n");
	expect(" a , b\t\n", "[ a ][ b\t]@1\n");
	expect("-,-,\xad,\x2d\n", "[-][-][\xad][-]@1\n");
}

static void line_ends_marks_and_missing_ends_are_understood(void **state)
{
	(void)state;
	expect("a,b\r\n1,2\r\n", "[a][b]@1\n[1][2]@2\n");
	expect("a,b\n1,2", "[a][b]@1\n[1][2]@2\n");
	expect("a,b\r\n1,2\r", "[a][b]@1\n[1][2]@2\n");
	expect("\xef\xbb\xbf"
	       "a,b\n",
		"[a][b]@1\n");
	expect("\xef\xbb\xbf\"a\",b\n", "[a][b]@1\n");
	expect("\n\na\n\r\n\nb\n\n", "[a]@3\n[b]@6\n");
	expect("", "");
	expect("\n", "");
	expect("\r", "");
	expect("\xef\xbb\xbf", "");
	expect("\xef\xbb", "[\xef\xbb]@1\n");
	expect("a\rb,c\n", "[a\rb][c]@1\n");
}

static void quoted_cells_are_unquoted_and_may_span_lines(void **state)
{
	(void)state;
	expect("\"a,b\",c\n", "[a,b][c]@1\n");
	expect("\"a \"\"b\"\"\",c\n", "[a \"b\"][c]@1\n");
	expect("x\n\"a\nb\r\nc\",d\r\ny\n", "[x]@1\n[a\nb\r\nc][d]@2\n[y]@5\n");
	expect("\"\"\n", "[]@1\n");
	expect("\"\",\"\"\n", "[][]@1\n");
	expect("\"a\"", "[a]@1\n");
	expect("\"a\"\r\n", "[a]@1\n");
	expect("\"\n\n\"\n", "[\n\n]@1\n");
	expect(" a ,\"b\", c \n", "[ a ][b][ c ]@1\n");
	expect("\"x\",a\rb,\n", "[x][a\rb][]@1\n");
}

static void damaged_input_is_an_error_with_its_line(void **state)
{
	(void)state;
	expect("a\nb\"c,d\ne\n",
		"[a]@1\n! x.csv: line 2: stray quote (a cell with a quote must be quoted, its quotes doubled)");
	expect("a\n\"b\"c,d\n",
		"[a]@1\n! x.csv: line 2: stray quote (a cell with a quote must be quoted, its quotes doubled)");
	expect("a\n\"b\" ,d\n",
		"[a]@1\n! x.csv: line 2: stray quote (a cell with a quote must be quoted, its quotes doubled)");
	expect("a\n \"b\",d\n",
		"[a]@1\n! x.csv: line 2: stray quote (a cell with a quote must be quoted, its quotes doubled)");
	expect("a\n\"b\nc\"d\n",
		"[a]@1\n! x.csv: line 3: stray quote (a cell with a quote must be quoted, its quotes doubled)");
	expect("a\nb,\"c\nd\n", "[a]@1\n! x.csv: line 2: unterminated quoted cell");
	expect("a\n\"", "[a]@1\n! x.csv: line 2: unterminated quoted cell");
	expect("a\n\"b\"\"\n", "[a]@1\n! x.csv: line 2: unterminated quoted cell");
}

static void a_nul_byte_is_an_error_everywhere(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		int line;
	} inputs[] = {{"a\nb\0c\n", 6, 2}, {"\0\n", 2, 1}, {"a\n\"b\0\"\n", 7, 2},
		{"\"a\n\0\"\n", 6, 2}, {"a\n\0", 3, 2}};
	char expected[64];

	(void)state;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		char *text = read_bytes(inputs[i].bytes, inputs[i].length, ',', 0);
		snprintf(expected, sizeof(expected), "! x.csv: line %d: a NUL byte",
			inputs[i].line);
		assert_non_null(strstr(text, expected));
		free(text);
	}
}

static char *long_row(size_t length, const char *around)
{
	char *row = malloc(length + 8);

	assert_non_null(row);
	memset(row, 'x', length + 8);
	row[0] = around[0];
	row[length - 1] = around[0];
	row[length] = '\n';
	return row;
}

static void a_row_may_have_16_mib_and_no_more(void **state)
{
	const size_t most = (size_t)16 * 1024 * 1024;

	(void)state;
	for (int quoted = 0; quoted <= 1; quoted++) {
		char *row = long_row(most - 2, quoted ? "\"" : "x");
		char *text = read_bytes(row, most - 1, ',', 0);
		assert_int_equal(strlen(text), most - 2 - (quoted ? 2 : 0) + strlen("[]@1\n"));
		free(text);
		free(row);
		row = long_row(most * 2, quoted ? "\"" : "x");
		text = read_bytes(row, most * 2 + 1, ',', 0);
		assert_string_equal(text, "! x.csv: line 1: the row is longer than 16 MiB");
		free(text);
		free(row);
	}
}

/* A table in two spellings: quoted only where needed (mostly the short path), and every cell quoted
 * (always libcsv). */
static void random_table(struct mptcp_buffer *bare, struct mptcp_buffer *quoted, char delimiter,
	bool tame)
{
	static const char wild[] = "a0.:;,\t|\"\r\n \xef\xff-";
	size_t columns = 1 + (size_t)(rand() % 12), rows = (size_t)(rand() % 30);
	char cell[40];

	for (size_t i = 0; i < rows * columns; i++) {
		size_t length = (size_t)(rand() % (rand() % 4 ? 10 : 40));
		for (size_t j = 0; j < length; j++) {
			do
				cell[j] = wild[(size_t)rand() % (sizeof(wild) - 1)];
			while (tame && strchr("\"\r\n", cell[j]));
			if (tame && cell[j] == delimiter)
				cell[j] = '_';
		}
		if (columns == 1 && length == 0) /* would be an empty line */
			cell[length++] = 'x';
		mptcp_csv_add_cell(bare, cell, length, delimiter);
		mptcp_buffer_add_char(quoted, '"');
		for (size_t j = 0; j < length; j++) {
			if (cell[j] == '"')
				mptcp_buffer_add_char(quoted, '"');
			mptcp_buffer_add_char(quoted, cell[j]);
		}
		mptcp_buffer_add_char(quoted, '"');
		const char *end = (i + 1) % columns ? (char[]){delimiter, 0}
			: rand() % 2                ? "\n"
						    : "\r\n";
		mptcp_buffer_add_string(bare, end);
		mptcp_buffer_add_string(quoted, end);
	}
}

static void both_ways_of_reading_agree_on_random_tables(void **state)
{
	(void)state;
	srand(2);
	for (int round = 0; round < 3000; round++) {
		struct mptcp_buffer bare = MPTCP_BUFFER_INIT, quoted = MPTCP_BUFFER_INIT;
		char delimiter = ",;\t|"[rand() % 4];
		mptcp_buffer_add(&bare, "", 0);
		mptcp_buffer_add(&quoted, "", 0);
		random_table(&bare, &quoted, delimiter, round % 2);
		if (round % 2)
			assert_null(strchr(bare.bytes, '"'));
		char *one = read_bytes(bare.bytes, bare.length, delimiter, 0);
		char *other = read_bytes(quoted.bytes, quoted.length, delimiter, 0);
		assert_null(strchr(one, '!'));
		assert_string_equal(one, other);
		free(one);
		free(other);
		mptcp_buffer_clear(&bare);
		mptcp_buffer_clear(&quoted);
	}
}

static void random_bytes_never_crash_the_reader(void **state)
{
	static const char alphabet[] = "ab,,\"\"\n\r\xef\xbb\xbf\0";
	char bytes[200];

	(void)state;
	srand(3);
	for (int round = 0; round < 20000; round++) {
		size_t length = (size_t)rand() % sizeof(bytes);
		for (size_t i = 0; i < length; i++)
			bytes[i] = rand() % 8 ? alphabet[(size_t)rand() %
							(sizeof(alphabet) - 1 - (rand() % 8 != 0))]
					      : 'x';
		free(read_bytes(bytes, length, ',', length ? (size_t)rand() % length : 0));
	}
}

static void rows_longer_than_a_block_and_across_blocks_come_whole(void **state)
{
	struct mptcp_buffer in = MPTCP_BUFFER_INIT, expected = MPTCP_BUFFER_INIT;

	(void)state;
	srand(4);
	for (int row = 1; row <= 3000; row++) {
		size_t length = (size_t)rand() % (row % 500 ? 600 : 600000) + 1;
		for (size_t i = 0; i < length; i++)
			mptcp_buffer_add_char(&in, (char)('a' + rand() % 26));
		mptcp_buffer_add_char(&expected, '[');
		mptcp_buffer_add(&expected, in.bytes + in.length - length, length);
		mptcp_buffer_format(&expected, "][%d]@%d\n", row, row);
		mptcp_buffer_format(&in, ",%d\n", row);
	}
	char *text = read_bytes(in.bytes, in.length, ',', 100);
	assert_true(!strcmp(text, expected.bytes));
	free(text);
	mptcp_buffer_clear(&in);
	mptcp_buffer_clear(&expected);
}

static void a_pipe_gives_rows_as_they_come(void **state)
{
	struct mptcp_error error;
	const struct mptcp_text *cells;
	size_t count;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	struct mptcp_csv *csv = mptcp_csv_open(
		&(struct mptcp_opened){ends[0], "standard input", NULL, 0}, ',', &error);
	assert_false(mptcp_csv_buffered(csv));
	assert_int_equal(write(ends[1], "a,b\nc,d\ne", 9), 9);
	assert_int_equal(mptcp_csv_next(csv, &cells, &count, &error), 1);
	assert_true(mptcp_csv_buffered(csv));
	assert_int_equal(mptcp_csv_next(csv, &cells, &count, &error), 1);
	assert_memory_equal(cells[1].bytes, "d", 1);
	assert_false(mptcp_csv_buffered(csv));
	assert_int_equal(write(ends[1], "f\n", 2), 2);
	assert_int_equal(mptcp_csv_next(csv, &cells, &count, &error), 1);
	assert_int_equal(cells[0].length, 2);
	close(ends[1]);
	assert_int_equal(mptcp_csv_next(csv, &cells, &count, &error), 0);
	mptcp_csv_close(csv);
	close(ends[0]);
}

static void a_directory_is_an_input_error(void **state)
{
	struct mptcp_error error;
	const struct mptcp_text *cells;
	size_t count;
	FILE *folder = fopen(".", "r");

	(void)state;
	assert_non_null(folder);
	struct mptcp_csv *csv = mptcp_csv_open(
		&(struct mptcp_opened){fileno(folder), "folder", NULL, 0}, ',', &error);
	assert_int_equal(mptcp_csv_next(csv, &cells, &count, &error), -1);
	assert_int_equal(error.status, MPTCP_IO);
	assert_string_equal(error.text, "folder: Is a directory");
	mptcp_csv_close(csv);
	fclose(folder);
}

static void delimiters_that_cannot_be_are_refused(void **state)
{
	static const char bad[] = {'"', '\n', '\r', '\0', '\xe9'};
	struct mptcp_error error;

	(void)state;
	for (size_t i = 0; i < sizeof(bad); i++) {
		assert_null(mptcp_csv_open(&(struct mptcp_opened){0, "x.csv", NULL, 0}, bad[i],
			&error));
		assert_int_equal(error.status, MPTCP_USAGE);
	}
	assert_int_equal(mptcp_csv_check_delimiter('\t', &error), 0);
}

static void cells_are_quoted_where_rfc_4180_asks_for_it(void **state)
{
	static const struct {
		const char *cell, *written;
		char delimiter;
	} cells[] = {{"", "", ','}, {"a b", "a b", ','}, {"a,b", "\"a,b\"", ','},
		{"a,b", "a,b", ';'}, {"a;b", "\"a;b\"", ';'}, {"\"", "\"\"\"\"", ','},
		{"say \"x\" y", "\"say \"\"x\"\" y\"", ','}, {"a\nb", "\"a\nb\"", ','},
		{"a\r", "\"a\r\"", ','}};

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		struct mptcp_buffer out = MPTCP_BUFFER_INIT;
		assert_int_equal(mptcp_csv_add_cell(&out, cells[i].cell, strlen(cells[i].cell),
					 cells[i].delimiter),
			0);
		assert_string_equal(out.bytes, cells[i].written);
		mptcp_buffer_clear(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_rows_are_split_at_delimiters),
		cmocka_unit_test(line_ends_marks_and_missing_ends_are_understood),
		cmocka_unit_test(quoted_cells_are_unquoted_and_may_span_lines),
		cmocka_unit_test(damaged_input_is_an_error_with_its_line),
		cmocka_unit_test(a_nul_byte_is_an_error_everywhere),
		cmocka_unit_test(a_row_may_have_16_mib_and_no_more),
		cmocka_unit_test(both_ways_of_reading_agree_on_random_tables),
		cmocka_unit_test(random_bytes_never_crash_the_reader),
		cmocka_unit_test(rows_longer_than_a_block_and_across_blocks_come_whole),
		cmocka_unit_test(a_pipe_gives_rows_as_they_come),
		cmocka_unit_test(a_directory_is_an_input_error),
		cmocka_unit_test(delimiters_that_cannot_be_are_refused),
		cmocka_unit_test(cells_are_quoted_where_rfc_4180_asks_for_it),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
