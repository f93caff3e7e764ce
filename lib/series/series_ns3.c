/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series_ns3: see series_ns3.h. */
#include "series_ns3.h"

#include "csv.h"
#include "decimal.h"
#include "series_module.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The order of ns3::TcpSocket::TcpStates_t. */
static const char *const states[] = {"CLOSED", "LISTEN", "SYN_SENT", "SYN_RCVD", "ESTABLISHED",
	"CLOSE_WAIT", "LAST_ACK", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSING", "TIME_WAIT"};

/* A number followed by a unit, within a cell. */
static bool read_number(const struct mptcp_text *cell, double *number, const char **unit,
	char text[64])
{
	char *end;

	if (!cell->length || cell->length >= 64)
		return false;
	memcpy(text, cell->bytes, cell->length);
	text[cell->length] = '\0';
	*number = strtod(text, &end);
	*unit = end;
	return end != text && isfinite(*number);
}

static bool read_time(const struct mptcp_text *cell, int64_t *time)
{
	static const struct {
		const char *unit;
		double nanoseconds;
	} units[] = {{"", 1e9}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}};
	char text[64];
	const char *unit;
	double number;

	/* exact, where it can be */
	if (!mptcp_time_parse(time, cell->bytes, cell->length))
		return true;
	if (!read_number(cell, &number, &unit, text))
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(unit, units[i].unit)) {
			double exact = round(number * units[i].nanoseconds);

			if (fabs(exact) >= 9e18)
				return false;
			*time = (int64_t)exact;
			return true;
		}
	return false;
}

static bool read_value(const struct mptcp_text *cell, struct mptcp_series_value *value)
{
	char text[64];
	const char *unit;
	double number;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (cell->length == strlen(states[i]) &&
			!memcmp(cell->bytes, states[i], cell->length)) {
			*value = mptcp_series_count(i);
			return true;
		}
	if (!read_number(cell, &number, &unit, text) || *unit)
		return false;
	*value = number >= 0 && number < 0x1p53 && number == floor(number)
		? mptcp_series_count((uint64_t)number)
		: mptcp_series_real(number);
	return true;
}

/* One file, and where its columns are. */
struct trace {
	struct mptcp_series *series;
	const char *name; /* without folder */
	struct mptcp_csv *csv;
	const char *const *attributes;
	bool *found; /* by attribute: a file has it */
	size_t count;
	size_t time;
	size_t *cells;   /* by attribute: index + 1, 0 for none */
	uint32_t *lines; /* by attribute */
};

static bool is_name(const struct mptcp_text *cell, const char *name)
{
	return cell->length == strlen(name) && !memcmp(cell->bytes, name, cell->length);
}

static uint32_t make_line(struct trace *trace, size_t attribute)
{
	char name[512];

	snprintf(name, sizeof(name), "%.*s %s", (int)(strlen(trace->name) - strlen(".csv")),
		trace->name, trace->attributes[attribute]);
	return mptcp_series_named_line(trace->series, name);
}

static int read_header(struct trace *trace, struct mptcp_error *error)
{
	const struct mptcp_text *cells;
	size_t count;
	bool has_time = false;
	enum mptcp_result got = mptcp_csv_next(trace->csv, &cells, &count, error);

	if (got == MPTCP_FAILED)
		return -1;
	for (size_t i = 0; got == MPTCP_ROW && i < count; i++) {
		if (is_name(&cells[i], "Time")) {
			has_time = true;
			trace->time = i;
		}
		for (size_t a = 0; a < trace->count; a++)
			if (is_name(&cells[i], trace->attributes[a]))
				trace->cells[a] = i + 1;
	}
	if (!has_time)
		return mptcp_error_set(error, MPTCP_DATA, "%s: no column Time", trace->name);
	for (size_t a = 0; a < trace->count; a++) {
		if (!trace->cells[a])
			continue;
		trace->found[a] = true;
		trace->lines[a] = make_line(trace, a);
		if (trace->series->failed)
			return mptcp_error_memory(error);
	}
	return 0;
}

static int bad_cell(struct trace *trace, const struct mptcp_text *cell, const char *wanted,
	struct mptcp_error *error)
{
	return mptcp_error_set(error, MPTCP_DATA, "%s: line %llu: '%.*s' is not a %s", trace->name,
		mptcp_csv_line(trace->csv), (int)cell->length, cell->bytes, wanted);
}

static int read_row(struct trace *trace, const struct mptcp_text *cells, size_t count,
	struct mptcp_error *error)
{
	struct mptcp_series_value value;
	int64_t time;

	if (trace->time >= count)
		return mptcp_error_set(error, MPTCP_DATA, "%s: line %llu: no cell in column Time",
			trace->name, mptcp_csv_line(trace->csv));
	if (!read_time(&cells[trace->time], &time))
		return bad_cell(trace, &cells[trace->time], "time", error);
	for (size_t a = 0; a < trace->count; a++) {
		size_t at = trace->cells[a];

		if (!at || at > count || !cells[at - 1].length)
			continue;
		if (!read_value(&cells[at - 1], &value))
			return bad_cell(trace, &cells[at - 1], "number or TCP state", error);
		mptcp_series_put(trace->series, trace->lines[a], MPTCP_POINT_VALUE,
			mptcp_series_time(time), value);
	}
	return trace->series->failed ? mptcp_error_memory(error) : 0;
}

static int read_trace(struct trace *trace, struct mptcp_error *error)
{
	const struct mptcp_text *cells;
	size_t count;
	enum mptcp_result got;

	if (read_header(trace, error))
		return -1;
	while ((got = mptcp_csv_next(trace->csv, &cells, &count, error)) == MPTCP_ROW)
		if (read_row(trace, cells, count, error))
			return -1;
	return got == MPTCP_FAILED ? -1 : 0;
}

static int open_trace(struct trace *trace, int folder, struct mptcp_error *error)
{
	int fd = openat(folder, trace->name, O_RDONLY | O_CLOEXEC), result = -1;

	if (fd < 0)
		return mptcp_error_system(error, MPTCP_IO, "%s", trace->name);
	memset(trace->cells, 0, trace->count * sizeof(*trace->cells));
	trace->csv = mptcp_csv_open(&(struct mptcp_opened){fd, trace->name, NULL, 0}, ',', error);
	if (trace->csv) {
		result = read_trace(trace, error);
		mptcp_csv_close(trace->csv);
	}
	close(fd);
	return result;
}

/* Whether a file is one of a node's: node 1 has none of those of node 10. */
static bool belongs(const char *name, const char *node)
{
	size_t length = strlen(node), whole = strlen(name);

	if (strncmp(name, node, length) || whole < length + strlen(".csv") ||
		strcmp(name + whole - strlen(".csv"), ".csv"))
		return false;
	if (length && node[length - 1] >= '0' && node[length - 1] <= '9' && name[length] >= '0' &&
		name[length] <= '9')
		return false;
	return strstr(name + length, "meta") || strstr(name + length, "subflow");
}

/* After all files of the node: was everything there? */
static int check_found(const struct trace *trace, bool any, const char *node,
	struct mptcp_error *error)
{
	if (!any)
		return mptcp_error_set(error, MPTCP_USAGE,
			"node '%s': no %s*meta*.csv and no %s*subflow*.csv", node, node, node);
	for (size_t a = 0; a < trace->count; a++)
		if (!trace->found[a])
			return mptcp_error_set(error, MPTCP_USAGE,
				"attribute '%s': not in any file of node '%s'",
				trace->attributes[a], node);
	return 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int scan(struct trace *trace, const char *folder, const char *node,
	struct mptcp_error *error)
{
	struct dirent **names;
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), result = -1;

	if (fd < 0)
		return mptcp_error_system(error, MPTCP_IO, "%s", folder);
	int count = scandirat(fd, ".", &names, NULL, by_name);
	if (count < 0) {
		mptcp_error_system(error, MPTCP_IO, "%s", folder);
	} else {
		bool any = false;

		result = 0;
		for (int i = 0; i < count; i++) {
			if (!result && belongs(names[i]->d_name, node)) {
				any = true;
				trace->name = names[i]->d_name;
				result = open_trace(trace, fd, error);
			}
			free(names[i]);
		}
		free(names);
		if (!result)
			result = check_found(trace, any, node, error);
		if (result && error->status != MPTCP_USAGE)
			mptcp_error_prefix(error, folder);
	}
	close(fd);
	return result;
}

int mptcp_series_ns3(struct mptcp_series *series, const char *folder, const char *node,
	const char *const *attributes, struct mptcp_error *error)
{
	size_t count = 0;

	while (attributes[count])
		count++;
	struct trace trace = {.series = series,
		.attributes = attributes,
		.count = count,
		.found = calloc(count + 1, sizeof(bool)),
		.cells = calloc(count + 1, sizeof(size_t)),
		.lines = calloc(count + 1, sizeof(uint32_t))};
	int result = -1;

	if (trace.found && trace.cells && trace.lines)
		result = scan(&trace, folder, node, error);
	else
		mptcp_error_memory(error);
	free(trace.found);
	free(trace.cells);
	free(trace.lines);
	return result;
}
