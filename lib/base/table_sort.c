/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table_sort: the order of the rows; see table_parts.h. */
#include "address.h"
#include "escape.h"
#include "table_parts.h"

#include <stdlib.h>
#include <string.h>

/* What a row is sorted by. */
struct key {
	size_t row;
	const char *text;
	size_t length;
	bool descending;
	bool number;
	struct mptcp_address address; /* family 0: it is none */
};

void mptcp_table_add_key(struct mptcp_table *table)
{
	const struct mptcp_table_shown *shown = table->by_column[table->options.sort_column];

	mptcp_buffer_add(&table->keys, mptcp_table_cell(table, shown), shown->length);
	mptcp_buffer_add(&table->key_ends, &table->keys.length, sizeof(table->keys.length));
}

static int sign(long difference)
{
	return difference < 0 ? -1 : difference > 0;
}

/* Magnitudes as text, "12" or "0.5", of any size and exactly. */
static int compare_magnitudes(const char *a, size_t a_length, const char *b, size_t b_length)
{
	const char *a_point = memchr(a, '.', a_length), *b_point = memchr(b, '.', b_length);
	size_t a_whole = a_point ? (size_t)(a_point - a) : a_length,
	       b_whole = b_point ? (size_t)(b_point - b) : b_length;
	size_t shorter = a_length < b_length ? a_length : b_length;

	if (a_whole != b_whole)
		return a_whole < b_whole ? -1 : 1;
	int order = memcmp(a, b, shorter);
	if (order)
		return order;
	/* what is left of the longer one are decimals */
	const char *rest = a_length > b_length ? a : b;
	size_t length = a_length > b_length ? a_length : b_length;
	for (size_t i = shorter; i < length; i++)
		if (rest[i] != '0' && rest[i] != '.')
			return rest == a ? 1 : -1;
	return 0;
}

static bool is_zero(const struct key *key)
{
	for (size_t i = 0; i < key->length; i++)
		if (key->text[i] >= '1' && key->text[i] <= '9')
			return false;
	return true;
}

static int compare_numbers(const struct key *a, const struct key *b)
{
	bool a_negative = *a->text == '-' && !is_zero(a),
	     b_negative = *b->text == '-' && !is_zero(b);
	size_t a_sign = *a->text == '-', b_sign = *b->text == '-';

	if (a_negative != b_negative)
		return a_negative ? -1 : 1;
	int order = compare_magnitudes(a->text + a_sign, a->length - a_sign, b->text + b_sign,
		b->length - b_sign);
	return a_negative ? -order : order;
}

static int compare_texts(const struct key *a, const struct key *b)
{
	int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);

	return order ? order : sign((long)a->length - (long)b->length);
}

/* Numbers before addresses (IPv4 before IPv6), these before other texts. */
static int compare_cells(const struct key *a, const struct key *b)
{
	if (a->number != b->number)
		return a->number ? -1 : 1;
	if (a->number)
		return compare_numbers(a, b);
	if (a->address.family && b->address.family) {
		int family = sign((long)a->address.family - (long)b->address.family);

		return family
			? family
			: memcmp(a->address.bytes, b->address.bytes, sizeof(a->address.bytes));
	}
	if (a->address.family || b->address.family)
		return a->address.family ? -1 : 1;
	return compare_texts(a, b);
}

static int compare(const void *first, const void *second)
{
	const struct key *a = first, *b = second;

	/* empty cells last, whatever the direction */
	if (!a->length != !b->length)
		return a->length ? -1 : 1;
	int order = a->length ? compare_cells(a, b) : 0;
	if (order)
		return a->descending ? -order : order;
	return a->row < b->row ? -1 : a->row > b->row;
}

static void fill_keys(const struct mptcp_table *table, struct key *keys)
{
	bool text = table->by_column[table->options.sort_column]->column->cells & MPTCP_CELL_TEXT;

	for (size_t i = 0; i < table->held_rows; i++) {
		size_t start = mptcp_table_end_of(&table->key_ends, i);
		struct key *key = &keys[i];

		*key = (struct key){.row = i,
			.text = table->keys.bytes + start,
			.length = mptcp_table_end_of(&table->key_ends, i + 1) - start,
			.descending = table->options.descending};
		key->number = !text && mptcp_escape_is_json_number(key->text, key->length);
		if (text && mptcp_address_parse(&key->address, key->text, key->length))
			key->address = (struct mptcp_address){0};
	}
}

size_t *mptcp_table_order(const struct mptcp_table *table, size_t *count)
{
	size_t rows = table->held_rows;
	size_t *order = calloc(rows + 1, sizeof(*order));
	struct key *keys = order && table->options.sorted ? calloc(rows + 1, sizeof(*keys)) : NULL;

	*count = table->options.head && table->options.head < rows ? (size_t)table->options.head
								   : rows;
	if (!order || (table->options.sorted && !keys)) {
		free(order);
		return NULL;
	}
	for (size_t i = 0; i < rows; i++)
		order[i] = i;
	if (keys) {
		fill_keys(table, keys);
		qsort(keys, rows, sizeof(*keys), compare);
		for (size_t i = 0; i < rows; i++)
			order[i] = keys[i].row;
	}
	free(keys);
	return order;
}
