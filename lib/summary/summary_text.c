/* SPDX-License-Identifier: GPL-2.0-or-later */
/* summary_text: the page: a heading for each section, sentences broken at the width. */
#include "summary_parts.h"

#include "escape.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NARROW 40
#define LABEL 14 /* characters before a text */
#define RED "\033[31m"
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* A page that is being made. */
struct writing {
	const struct mptcp_summary *summary;
	const struct mptcp_summary_page *page;
	struct mptcp_buffer *text;
};

/* What stands before a sentence: its label, or the name of its section where that begins. */
static struct mptcp_value label_of(const struct mptcp_fact *fact, bool first)
{
	static const char *const headings[] = {
		[MPTCP_SECTION_HAPPENED] = "happened",
		[MPTCP_SECTION_LIMITED] = "",
		[MPTCP_SECTION_WRONG] = "wrong",
		[MPTCP_SECTION_LOOK] = "look at",
	};
	enum mptcp_section section = mptcp_sentences[fact->says].section;
	struct mptcp_value label = {""};

	if (*fact->label)
		snprintf(label.text, sizeof(label.text), "%s", fact->label);
	else if (first && section < sizeof(headings) / sizeof(*headings) && headings[section])
		snprintf(label.text, sizeof(label.text), "%s", headings[section]);
	return label;
}

static void add_text(const struct writing *writing, const char *text, struct mptcp_buffer *line)
{
	if (writing->page->terminal)
		mptcp_escape_shown(line, text, strlen(text));
	else
		mptcp_buffer_add_string(line, text);
}

/* The sentence as it is printed: its time, its words, its packet. */
static int compose(const struct writing *writing, const struct mptcp_fact *fact,
	struct mptcp_buffer *line)
{
	enum mptcp_section section = mptcp_sentences[fact->says].section;

	mptcp_buffer_reset(line);
	if (section == MPTCP_SECTION_HAPPENED && fact->has_time)
		mptcp_buffer_format(line, "%.3f s ",
			(double)(fact->abstime - writing->summary->origin) / (double)MPTCP_SECOND);
	add_text(writing, fact->text, line);
	if (fact->packetid && section != MPTCP_SECTION_CONNECTION && section != MPTCP_SECTION_PATH)
		mptcp_buffer_format(line, " (packet %" PRIu64 ")", fact->packetid);
	return line->failed ? -1 : 0;
}

/* A line may end here; not between a number and its unit. */
static bool is_break(const char *at)
{
	return at[0] == ' ' &&
		!(isdigit((unsigned char)at[-1]) &&
			(isalpha((unsigned char)at[1]) || at[1] == '%'));
}

/* How much of `rest` goes on a line of `room` characters. */
static size_t fits(const char *rest, size_t room)
{
	size_t length = strlen(rest);

	if (length <= room)
		return length;
	for (size_t at = room; at > 0; at--)
		if (is_break(rest + at))
			return at;
	return strcspn(rest, " "); /* a word that is longer than the line */
}

/* How many lines a sentence takes; written where `text`. 0 when memory ran out: the page has
 * failed.
 */
static size_t put(const struct writing *writing, const struct mptcp_fact *fact, bool first,
	struct mptcp_buffer *text)
{
	const struct mptcp_value label = label_of(fact, first);
	enum mptcp_section section = mptcp_sentences[fact->says].section;
	bool bold = writing->page->color && *label.text && section <= MPTCP_SECTION_CONNECTION;
	bool red = writing->page->color && mptcp_sentences[fact->says].bad;
	struct mptcp_buffer line = MPTCP_BUFFER_INIT;
	size_t lines = 0, room = writing->page->width - LABEL - 1;

	if (compose(writing, fact, &line)) {
		mptcp_buffer_clear(&line);
		writing->text->failed = true;
		return 0;
	}
	for (const char *rest = line.bytes; *rest; lines++) {
		/* a command is never broken: it is to be copied */
		size_t length = section == MPTCP_SECTION_LOOK ? strlen(rest) : fits(rest, room);

		if (text) {
			mptcp_buffer_format(text, "%s%-*s%s ", bold && !lines ? BOLD : "", LABEL,
				lines ? "" : label.text, bold && !lines ? PLAIN : "");
			mptcp_buffer_format(text, "%s%.*s%s\n", red ? RED : "", (int)length, rest,
				red ? PLAIN : "");
		}
		rest += length + strspn(rest + length, " ");
	}
	mptcp_buffer_clear(&line);
	return lines;
}

/* The facts from `at` on that belong to one connection (or to the capture). */
static size_t end_of(const struct mptcp_summary *summary, size_t at)
{
	size_t end = at + 1;

	while (end < summary->fact_count &&
		summary->facts[end].has_mptcpstream == summary->facts[at].has_mptcpstream &&
		summary->facts[end].mptcpstream == summary->facts[at].mptcpstream)
		end++;
	return end;
}

static bool begins(const struct mptcp_summary *summary, size_t from, size_t at)
{
	return at == from ||
		mptcp_sentences[summary->facts[at].says].section !=
		mptcp_sentences[summary->facts[at - 1].says].section;
}

/* How much may be left out, the most first: what happened without harm, then paths, then the rest
 * of what happened. */
static unsigned worth(const struct mptcp_fact *fact)
{
	const struct mptcp_sentence *sentence = &mptcp_sentences[fact->says];

	if (sentence->section == MPTCP_SECTION_HAPPENED)
		return sentence->bad ? 2 : 0;
	if (sentence->section == MPTCP_SECTION_PATH)
		return 1;
	return 3;
}

/* Writes the facts of a connection: the last of the least worth are left out until they fit. */
static void put_connection(const struct writing *writing, size_t from, size_t to)
{
	const struct mptcp_summary *summary = writing->summary;
	size_t lines = 0, left_out = 0, limit[4];

	for (int i = 0; i < 4; i++)
		limit[i] = to;
	for (size_t i = from; i < to; i++)
		lines += put(writing, &summary->facts[i], begins(summary, from, i), NULL);
	for (unsigned level = 0; level < 3 && lines > MPTCP_SUMMARY_LINES - 1; level++)
		for (size_t i = to; i-- > from && lines > MPTCP_SUMMARY_LINES - 2;)
			if (worth(&summary->facts[i]) == level) {
				lines -= put(writing, &summary->facts[i], false, NULL);
				limit[level] = i;
				left_out++;
			}
	bool first = true;
	enum mptcp_section last = MPTCP_SECTION_CAPTURE;
	for (size_t i = from; i < to; i++) {
		const struct mptcp_fact *fact = &summary->facts[i];
		enum mptcp_section section = mptcp_sentences[fact->says].section;

		if (i >= limit[worth(fact)])
			continue;
		put(writing, fact, first || section != last, writing->text);
		first = false;
		last = section;
	}
	if (left_out) {
		mptcp_buffer_format(writing->text,
			"%-*s and %zu more: mptcp-summary -f table %" PRIu32 " ", LABEL, "",
			left_out, summary->facts[from].mptcpstream);
		add_text(writing, summary->name, writing->text);
		mptcp_buffer_add_char(writing->text, '\n');
	}
}

int mptcp_summary_text(const struct mptcp_summary *summary, const struct mptcp_summary_page *page,
	struct mptcp_buffer *text)
{
	const struct mptcp_summary_page wide = {page->width < NARROW ? NARROW : page->width,
		page->terminal, page->color};
	const struct writing writing = {summary, &wide, text};

	for (size_t at = 0; at < summary->fact_count;) {
		size_t end = end_of(summary, at);

		if (summary->facts[at].has_mptcpstream) {
			put_connection(&writing, at, end);
		} else {
			for (size_t i = at; i < end; i++)
				put(&writing, &summary->facts[i], begins(summary, at, i), text);
		}
		at = end;
	}
	return text->failed ? -1 : 0;
}
