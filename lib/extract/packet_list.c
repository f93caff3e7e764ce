/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet_list.h"

#include "decimal.h"

#include <string.h>

/* A number, from 1 on. */
static int read_number(uint64_t *number, const char *text, size_t length)
{
	return mptcp_decimal_read(number, text, length, UINT64_MAX - 1) || !*number ? -1 : 0;
}

static int add_item(struct mptcp_intervals *packets, const char *item, size_t length,
	struct mptcp_error *error)
{
	const char *dash = memchr(item, '-', length);
	size_t before = dash ? (size_t)(dash - item) : length;
	uint64_t first, last;

	if (read_number(&first, item, before) ||
		(dash && read_number(&last, dash + 1, length - before - 1)) ||
		(dash && last < first))
		return mptcp_error_set(error, MPTCP_DATA,
			"'%.*s' is neither the number of a packet nor a range such as 5-9",
			length < 100 ? (int)length : 100, item);
	return mptcp_intervals_add(packets, first, (dash ? last : first) + 1, NULL)
		? mptcp_error_memory(error)
		: 0;
}

int mptcp_packet_list_add(struct mptcp_intervals *packets, const struct mptcp_text *list,
	struct mptcp_error *error)
{
	for (size_t at = 0; at < list->length;) {
		size_t end = at;

		while (end < list->length && !memchr(", ", list->bytes[end], 2))
			end++;
		if (end > at && add_item(packets, list->bytes + at, end - at, error))
			return -1;
		at = end + 1;
	}
	return 0;
}

/* The column packetid of a header, or the first one. */
static size_t find_column(const struct mptcp_text *cells, size_t count)
{
	static const char name[] = "packetid";

	for (size_t i = 0; i < count; i++)
		if (cells[i].length == strlen(name) && !memcmp(cells[i].bytes, name, strlen(name)))
			return i;
	return 0;
}

/* A header has a letter where the numbers stand. */
static bool is_header(const struct mptcp_text *cell)
{
	for (size_t i = 0; i < cell->length; i++)
		if (!memchr("0123456789-, ", cell->bytes[i], 13))
			return true;
	return false;
}

int mptcp_packet_list_read(struct mptcp_intervals *packets, struct mptcp_csv *csv, const char *name,
	struct mptcp_error *error)
{
	const struct mptcp_text *cells;
	enum mptcp_result got;
	size_t count, column = 0;
	bool first = true;

	for (; (got = mptcp_csv_next(csv, &cells, &count, error)) == MPTCP_ROW; first = false) {
		struct mptcp_error what;

		if (first)
			column = find_column(cells, count);
		if (column >= count || (first && is_header(&cells[column])))
			continue;
		if (mptcp_packet_list_add(packets, &cells[column], &what))
			return mptcp_error_set(error, what.status, "%s: line %llu: %s", name,
				mptcp_csv_line(csv), what.text);
	}
	return got == MPTCP_FAILED ? -1 : 0;
}
