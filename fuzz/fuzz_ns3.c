/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A trace of ns-3: as many points as cells that are not empty, none that is not a finite number;
 * and the same points from a trace written from them.
 */
#include "csv.h"
#include "decimal.h"
#include "fuzz.h"
#include "series_ns3.h"

#include <math.h>

static char folder[] = "/dev/shm/fuzz-XXXXXX";
static const char *const attributes[] = {"Time", "a", NULL};

static void remove_folder(void)
{
	rmdir(folder);
}

static int read_trace(struct mptcp_series *series, const void *bytes, size_t size,
	struct mptcp_error *error)
{
	static const struct mptcp_series_options none;
	char path[48];

	snprintf(path, sizeof(path), "%s/1meta.csv", folder);
	FILE *file = fopen(path, "w");
	REQUIRE(file && fwrite(bytes, 1, size, file) == size);
	fclose(file);
	int failed = mptcp_series_init(series, mptcp_series_find("ns3"), &none, error) ||
		mptcp_series_ns3(series, folder, "1", attributes, error) ||
		mptcp_series_end(series, error);
	unlink(path);
	return failed;
}

/* Cells of the columns asked for; the last one of a name counts. */
static size_t count_cells(const uint8_t *bytes, size_t size)
{
	const struct mptcp_opened from = {fuzz_file(0, bytes, size), "x", NULL, 0};
	struct mptcp_error error;
	struct mptcp_csv *csv = mptcp_csv_open(&from, ',', &error);
	const struct mptcp_text *cells;
	size_t count, sum = 0, columns[2] = {0};

	for (bool first = true; mptcp_csv_next(csv, &cells, &count, &error) == MPTCP_ROW;
		first = false)
		for (size_t a = 0; a < 2; a++)
			for (size_t i = 0; i < count; i++)
				if (!first)
					sum += i + 1 == columns[a] && cells[i].length;
				else if (cells[i].length == strlen(attributes[a]) &&
					!memcmp(cells[i].bytes, attributes[a], cells[i].length))
					columns[a] = i + 1;
	mptcp_csv_close(csv);
	return sum;
}

static void add_number(struct mptcp_buffer *text, const struct mptcp_series_value *value)
{
	char time[MPTCP_TIME_TEXT];

	if (value->type == MPTCP_VALUE_TIME)
		mptcp_buffer_add(text, time, mptcp_time_format(time, value->time));
	else if (value->type == MPTCP_VALUE_COUNT)
		mptcp_buffer_format(text, "%llu", (unsigned long long)value->count);
	else
		mptcp_buffer_format(text, "%.17g", value->real);
}

/* The points of the column a, as a trace. */
static void write_points(const struct mptcp_series *series, struct mptcp_buffer *text)
{
	mptcp_buffer_add_string(text, "Time,a\n");
	for (size_t i = 0; i < series->row_count; i++) {
		const struct mptcp_series_row *row = &series->rows[i];

		REQUIRE(row->x.type == MPTCP_VALUE_TIME);
		REQUIRE(row->y.type == MPTCP_VALUE_COUNT ||
			(row->y.type == MPTCP_VALUE_REAL && isfinite(row->y.real)));
		if (strcmp(mptcp_series_line_name(series, row->line), "1meta a") != 0)
			continue;
		add_number(text, &row->x);
		mptcp_buffer_add_char(text, ',');
		add_number(text, &row->y);
		mptcp_buffer_add_char(text, '\n');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mptcp_buffer text[2] = {MPTCP_BUFFER_INIT, MPTCP_BUFFER_INIT};
	struct mptcp_series series, again;
	struct mptcp_error error = {0};

	if (folder[strlen(folder) - 1] == 'X')
		REQUIRE(mkdtemp(folder) && !atexit(remove_folder));
	if (!read_trace(&series, bytes, size, &error)) {
		REQUIRE(series.row_count == count_cells(bytes, size));
		write_points(&series, &text[0]);
		REQUIRE(!read_trace(&again, text[0].bytes, text[0].length, &error));
		write_points(&again, &text[1]);
		REQUIRE(text[0].length == text[1].length);
		REQUIRE(!memcmp(text[0].bytes, text[1].bytes, text[0].length));
		mptcp_series_clear(&again);
	} else {
		REQUIRE(error.status == MPTCP_DATA || error.status == MPTCP_USAGE);
	}
	mptcp_series_clear(&series);
	mptcp_buffer_clear(&text[0]);
	mptcp_buffer_clear(&text[1]);
	return 0;
}
