/* SPDX-License-Identifier: GPL-2.0-or-later */
/* table_page: an aligned table: which columns fit, how wide they are, what is coloured; see
 * table_parts.h. */
#include "escape.h"
#include "human.h"
#include "table_parts.h"

#include <stdlib.h>
#include <string.h>

#define GAP 2           /* spaces between two columns */
#define NAMES_THE_ROW 1 /* a priority; layout.h */
#define EMPTY 1000      /* more than any priority of a column */

/* Select graphic rendition, ECMA-48. */
#define BOLD "\033[1m"
#define FAINT "\033[2m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

/* A column of the page. */
struct strip {
	const struct mptcp_table_column *column;
	size_t place; /* among the cells of a row */
	size_t width; /* in characters */
	size_t cut;   /* characters at the end of each cell that are left out: zeros */
	/* whether it fits: the lowest first; the column's, and behind all of them where no row has
	 * anything to show */
	unsigned priority;
	bool fits;
};

struct page {
	struct mptcp_table *table;
	struct strip *strips; /* left to right */
	size_t hidden;
	const size_t *order; /* rows */
	size_t count;
};

/* A moment is not shortened: it has to be told from the one after it. */
static void add_human(struct mptcp_table *table, const struct mptcp_table_shown *shown,
	const char *text, size_t length)
{
	const char *point = memchr(text, '.', length);

	if (!(shown->column->cells & MPTCP_CELL_MOMENT)) {
		mptcp_human_add(&table->held, shown->column->unit, text, length);
	} else if (!point || length - (size_t)(point - text) < 7) {
		mptcp_buffer_add(&table->held, text, length);
	} else {
		mptcp_buffer_add(&table->held, text, (size_t)(point - text) + 7);
		mptcp_buffer_add_string(&table->held, text[length - 1] == 'Z' ? "Z" : " s");
	}
}

void mptcp_table_hold(struct mptcp_table *table)
{
	for (size_t i = 0; i < table->shown_count; i++) {
		const struct mptcp_table_shown *shown = &table->shown[i];
		const char *text = mptcp_table_cell(table, shown);

		if (!shown->length)
			mptcp_buffer_add_char(&table->held, '-');
		else if (table->options.human && *shown->column->unit)
			add_human(table, shown, text, shown->length);
		else
			mptcp_escape_shown(&table->held, text, shown->length);
		mptcp_buffer_add(&table->ends, &table->held.length, sizeof(table->held.length));
	}
}

/* What is held is valid UTF-8, so counting first bytes counts characters. */
static size_t width_of(const char *text, size_t length)
{
	size_t width = 0;

	for (size_t i = 0; i < length; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

static const char *cell_at(const struct page *page, size_t row, size_t place, size_t *length)
{
	const struct mptcp_table *table = page->table;
	size_t i = row * table->shown_count + place, start = mptcp_table_end_of(&table->ends, i);

	*length = mptcp_table_end_of(&table->ends, i + 1) - start;
	return table->held.bytes + start;
}

/* How many characters at the end of a time say nothing: zeros, by thousandths, and the point before
 * them. */
static size_t idle_zeros(const char *text, size_t length)
{
	const char *point = memchr(text, '.', length);
	size_t zeros = 0;

	if (!point)
		return 0;
	while (text[length - 1 - zeros] == '0')
		zeros++;
	return text[length - 1 - zeros] == '.' ? zeros + 1 : zeros - zeros % 3;
}

static void cut_zeros(const struct page *page, struct strip *strip)
{
	const struct mptcp_table_options *options = &page->table->options;
	size_t cut = SIZE_MAX;

	if (!options->short_times || options->human || strcmp(strip->column->unit, "s"))
		return;
	for (size_t i = 0; i < page->count && cut; i++) {
		size_t length;
		const char *text = cell_at(page, page->order[i], strip->place, &length);
		size_t zeros = idle_zeros(text, length);

		if (*text == '-' && length == 1)
			continue;
		cut = zeros < cut ? zeros : cut;
	}
	strip->cut = cut == SIZE_MAX ? 0 : cut;
}

static void measure(const struct page *page, struct strip *strip)
{
	bool empty = page->count;

	if (page->table->options.header)
		strip->width = strlen(strip->column->name);
	cut_zeros(page, strip);
	for (size_t i = 0; i < page->count; i++) {
		size_t length;
		const char *text = cell_at(page, page->order[i], strip->place, &length);
		size_t width = width_of(text, length);

		width -= width > strip->cut ? strip->cut : 0;
		strip->width = width > strip->width ? width : strip->width;
		empty &= length == 1 && *text == '-';
	}
	strip->priority = strip->column->priority;
	if (empty && strip->priority != NAMES_THE_ROW)
		strip->priority += EMPTY;
}

/* Which column is further left: with --follow, what names the row and what changes. */
static int rank(const struct strip *strip)
{
	return strip->column->priority == 1 ? 0 : strip->column->cells & MPTCP_CELL_CHANGES ? 1 : 2;
}

static int by_change(const void *a, const void *b)
{
	const struct strip *first = a, *second = b;
	int order = rank(first) - rank(second);

	return order ? order : first->place < second->place ? -1 : first->place > second->place;
}

/* The columns that fit, those that matter most first. */
static void fit(struct page *page)
{
	const struct mptcp_table *table = page->table;
	size_t used = 0, left = table->shown_count;

	for (unsigned priority = 0, next; left; priority = next) {
		next = UINT32_MAX;
		for (size_t i = 0; i < table->shown_count; i++) {
			struct strip *strip = &page->strips[i];
			size_t wanted = strip->width + (used ? GAP : 0);

			if (strip->priority > priority && strip->priority < next)
				next = strip->priority;
			if (strip->priority != priority)
				continue;
			left--;
			strip->fits = !table->options.width || !used ||
				used + wanted <= table->options.width;
			if (strip->fits)
				used += wanted;
			else
				page->hidden++;
		}
	}
}

static int lay_out(struct page *page)
{
	struct mptcp_table *table = page->table;

	page->strips = calloc(table->shown_count + 1, sizeof(*page->strips));
	if (!page->strips)
		return -1;
	for (size_t i = 0; i < table->shown_count; i++) {
		page->strips[i] = (struct strip){.column = table->shown[i].column, .place = i};
		measure(page, &page->strips[i]);
	}
	fit(page);
	if (table->options.changing_first)
		qsort(page->strips, table->shown_count, sizeof(*page->strips), by_change);
	return 0;
}

static void add_spaces(struct mptcp_buffer *line, size_t count)
{
	if (mptcp_buffer_reserve(line, count))
		return;
	memset(line->bytes + line->length, ' ', count);
	line->length += count;
}

static const char *color_of(const struct mptcp_table *table, const struct strip *strip,
	const char *text, size_t length)
{
	if (!table->options.color || !(strip->column->cells & MPTCP_CELL_MARKED))
		return NULL;
	for (const struct mptcp_table_mark *mark = table->options.marks; mark && mark->word; mark++)
		if (strlen(mark->word) == length && !memcmp(mark->word, text, length))
			return mark->bad ? RED : YELLOW;
	return NULL;
}

/* `before`: the line has cells already. */
static void add_cell(struct mptcp_table *table, const struct strip *strip, const char *text,
	size_t length, bool before)
{
	struct mptcp_buffer *line = &table->line;
	size_t padding = strip->width - width_of(text, length);
	bool right = !(strip->column->cells & MPTCP_CELL_TEXT);
	const char *color = color_of(table, strip, text, length);

	if (before)
		add_spaces(line, GAP);
	if (right)
		add_spaces(line, padding);
	if (color)
		mptcp_buffer_add_string(line, color);
	mptcp_buffer_add(line, text, length);
	if (color)
		mptcp_buffer_add_string(line, PLAIN);
	if (!right)
		add_spaces(line, padding);
}

static void trim(struct mptcp_buffer *line)
{
	while (line->length && line->bytes[line->length - 1] == ' ')
		line->length--;
}

static void write_header(struct page *page)
{
	struct mptcp_table *table = page->table;
	bool before = false;

	if (table->options.color)
		mptcp_buffer_add_string(&table->line, BOLD);
	for (size_t i = 0; i < table->shown_count; i++) {
		const struct strip *strip = &page->strips[i];
		const char *name = strip->column->name;

		if (!strip->fits)
			continue;
		add_cell(table, strip, name, strlen(name), before);
		before = true;
	}
	trim(&table->line);
	if (table->options.color)
		mptcp_buffer_add_string(&table->line, PLAIN);
	mptcp_table_write_line(table);
}

static void write_row(struct page *page, size_t row)
{
	struct mptcp_table *table = page->table;
	bool before = false;

	for (size_t i = 0; i < table->shown_count; i++) {
		const struct strip *strip = &page->strips[i];
		size_t length;
		const char *text = cell_at(page, row, strip->place, &length);

		if (!strip->fits)
			continue;
		length -= length > strip->cut ? strip->cut : 0;
		add_cell(table, strip, text, length, before);
		before = true;
	}
	trim(&table->line);
	mptcp_table_write_line(table);
}

/* The last line, where columns are hidden. */
static void write_hidden(struct page *page)
{
	struct mptcp_table *table = page->table;
	bool color = table->options.color;

	mptcp_buffer_format(&table->line, "%s%zu of %zu columns hidden: --columns all, or -f csv%s",
		color ? FAINT : "", page->hidden, table->shown_count, color ? PLAIN : "");
	mptcp_table_write_line(table);
}

int mptcp_table_write_page(struct mptcp_table *table, const size_t *order, size_t count)
{
	struct page page = {.table = table, .order = order, .count = count};

	if (lay_out(&page))
		return -1;
	if (table->options.header)
		write_header(&page);
	for (size_t i = 0; i < count; i++)
		write_row(&page, order[i]);
	if (page.hidden)
		write_hidden(&page);
	free(page.strips);
	return 0;
}
