/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-summary: a capture in words. See mptcp-summary(1). */
#include "captures.h"
#include "decimal.h"
#include "escape.h"
#include "page.h"
#include "summary.h"
#include "tty.h"

#include <string.h>

enum {
	SUMMARY_MPTCPSTREAM,
	SUMMARY_SECTION,
	SUMMARY_FACT,
	SUMMARY_TIME,
	SUMMARY_PACKETID,
	SUMMARY_TCPSTREAM,
	SUMMARY_LABEL,
	SUMMARY_TEXT,
	SUMMARY_COLUMNS
};

static const struct mptcp_table_column columns[] = {
	[SUMMARY_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 1, "",
		"number of the connection; empty for the capture"},
	[SUMMARY_SECTION] = {"section", MPTCP_CELL_TEXT, 1, "",
		"capture, connection, happened, limited, path, wrong or look"},
	[SUMMARY_FACT] = {"fact", MPTCP_CELL_TEXT, 3, "", "which sentence it is"},
	[SUMMARY_TIME] = {"time", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 2, "s",
		"when it happened"},
	[SUMMARY_PACKETID] = {"packetid", MPTCP_CELL_NUMBER, 2, "", "packet that shows it"},
	[SUMMARY_TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 4, "", "subflow that it is about"},
	[SUMMARY_LABEL] = {"label", MPTCP_CELL_TEXT, 4, "",
		"what the page has in front of it: to client, subflow 0, ..."},
	[SUMMARY_TEXT] = {"text", MPTCP_CELL_TEXT, 1, "", "the sentence"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == SUMMARY_COLUMNS, "every column described");

enum { OPTION_ALL = MPTCP_OPT_LONG, OPTION_WIDTH };

static const struct mptcp_option options[] = {
	{OPTION_ALL, "all", NULL, "every connection in full, not only the largest",
		MPTCP_COMPLETE_NONE, NULL},
	{'f', "format", "FORMAT",
		"csv, table or json: a row for each sentence; text: a page (default for one capture)",
		MPTCP_COMPLETE_WORDS, "csv table json text"},
	{OPTION_WIDTH, "width", "N",
		"characters in a line, from 40; default: the terminal's, or 80",
		MPTCP_COMPLETE_NONE, NULL},
	{0},
};

/* What the options said. */
struct asked {
	struct tool_run *run;
	bool all, rows;
	uint64_t width; /* 0: as the terminal */
};

static int take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	struct asked *asked = context;
	struct mptcp_settings *settings = &asked->run->settings;

	if (letter == OPTION_ALL) {
		asked->all = true;
		return 0;
	}
	if (letter == OPTION_WIDTH)
		return mptcp_decimal_read(&asked->width, value, strlen(value), 10000) ||
				asked->width < 40
			? mptcp_opt_bad_value("width", value, "a number from 40 to 10000", error)
			: 0;
	asked->rows = strcmp(value, "text") != 0;
	settings->format_given = true;
	if (!asked->rows || !mptcp_opt_take_format(settings, value, error))
		return 0;
	return mptcp_opt_bad_value("format", value, "csv, table, json or text", error);
}

static const struct mptcp_tool tool = {
	.name = "mptcp-summary",
	.purpose = "tell in words what happened to connections, what limits them, what is wrong",
	.status_one = "no MPTCP connection",
	.nothing = "no MPTCP connection",
	.operands = "[ID] [FILE]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE |
		MPTCP_GROUP_STREAM | MPTCP_GROUP_TIME,
	.options = options,
	.columns = columns,
	.column_count = SUMMARY_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
	.take = take,
};

static void put_row(struct tool_run *run, const struct mptcp_fact *fact)
{
	const struct mptcp_sentence *sentence = &mptcp_sentences[fact->says];
	struct mptcp_table *table = run->table;

	if (fact->has_mptcpstream) {
		tool_about_connection(run, fact->mptcpstream);
		mptcp_table_unsigned(table, SUMMARY_MPTCPSTREAM, fact->mptcpstream);
	} else {
		mptcp_table_origins(table, run->origin, run->origin);
	}
	mptcp_table_string(table, SUMMARY_SECTION, mptcp_section_name(sentence->section));
	mptcp_table_string(table, SUMMARY_FACT, sentence->id);
	if (fact->has_time)
		mptcp_table_time(table, SUMMARY_TIME, fact->abstime);
	if (fact->packetid)
		mptcp_table_unsigned(table, SUMMARY_PACKETID, fact->packetid);
	if (fact->has_tcpstream)
		mptcp_table_unsigned(table, SUMMARY_TCPSTREAM, fact->tcpstream);
	mptcp_table_string(table, SUMMARY_LABEL, fact->label);
	mptcp_table_string(table, SUMMARY_TEXT, fact->text);
	mptcp_table_end_row(table);
}

/* The page: on a terminal through the pager, where it is longer than that. */
static int put_page(struct tool_run *run, const struct asked *asked,
	const struct mptcp_summary *summary)
{
	const struct mptcp_tty tty = mptcp_tty_look(run->output.fd);
	const struct mptcp_summary_page page = {
		.width = asked->width ? (unsigned)asked->width
			: tty.columns ? tty.columns
				      : 80,
		.terminal = tty.terminal,
		.color = tty.terminal && tty.color,
	};

	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	int failed = mptcp_summary_text(summary, &page, &text)
		? mptcp_error_memory(&run->error)
		: tty.terminal && page_begin(&run->page, &run->error);

	run->rows = summary->fact_count;
	run->output.shown = false; /* the page is harmless, and has colours of its own */
	if (!failed)
		mptcp_output_write(tty.terminal ? &run->page.output : &run->output, text.bytes,
			text.length);
	mptcp_buffer_clear(&text);
	if (failed || !tty.terminal)
		return failed ? -1 : 0;
	if (page_end(&run->page, &run->error))
		return -1;
	page_show(&run->page, &run->output, tty.rows, !run->settings.no_pager);
	return 0;
}

static int put(struct tool_run *run, const struct asked *asked, struct mptcp_summary *summary)
{
	if (mptcp_summary_end(summary, &run->error))
		return -1;
	for (size_t i = 0; run->table && i < summary->fact_count; i++)
		put_row(run, &summary->facts[i]);
	if (summary->nothing && run->status == MPTCP_DONE)
		tool_nothing(run);
	run->nothing_said = true;
	return run->table ? 0 : put_page(run, asked, summary);
}

/* The name of the capture as a shell reads it; "-" for standard input. Into run->text. */
static const char *shell_name(struct tool_run *run, const char *name)
{
	if (!run->settings.operand_count || !strcmp(run->settings.operands[0], "-"))
		return "-";
	mptcp_buffer_reset(&run->text);
	return mptcp_escape_word(&run->text, name) ? name : run->text.bytes;
}

static void work(struct tool_run *run, void *context)
{
	const struct asked *asked = context;
	const struct mptcp_settings *settings = &run->settings;
	/* a page is about one capture; of several there is a row for each sentence */
	bool rows = asked->rows || run->outcome;
	struct mptcp_packet packet;
	int failed = 0;

	if (tool_open_input(run, MPTCP_SUMMARY_NEEDED, MPTCP_SUMMARY_COLUMNS) ||
		(rows ? tool_open_table(run) : tool_open_output(run)))
		return;
	struct mptcp_summary summary = {.selection = &settings->selection,
		.name = shell_name(run, run->input_name),
		.all = asked->all || settings->selection.has_mptcpstream};
	run->census.whole = true;
	while (!failed && tool_next(run, &packet) == MPTCP_ROW)
		failed = mptcp_summary_add(&summary, &packet, &run->error);
	if (failed || (!tool_failed(run) && put(run, asked, &summary)))
		tool_report(run);
	mptcp_summary_clear(&summary);
}

int main(int argc, char **argv)
{
	struct tool_run run;
	struct asked asked = {.run = &run};

	if (!tool_start(&run, &tool, argc, argv, &asked))
		return run.status;
	if (!run.settings.format_given)
		asked.rows = run.settings.columns_given || run.settings.sort;
	else if (!asked.rows)
		run.alone = "-f text";
	return captures_run(&run, work, &asked);
}
