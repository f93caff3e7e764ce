/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-mib: predicts the MPTCP counters of a Linux host, and compares. See mptcp-mib(1). */
#include "actual.h"
#include "captures.h"
#include "decimal.h"
#include "verdict.h"

#include <string.h>

enum {
	MIB_MPTCPSTREAM,
	MIB_START,
	MIB_COUNTER,
	MIB_PREDICTED,
	MIB_LOW,
	MIB_HIGH,
	MIB_CLASS,
	MIB_ACTUAL,
	MIB_DIFFERENCE,
	MIB_VERDICT,
	MIB_PACKETIDS,
	MIB_RULE,
	MIB_COLUMNS
};

static const struct mptcp_table_column columns[] = {
	[MIB_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER | MPTCP_CELL_ON_REQUEST, 1, "",
		"number of the connection, with --per connection"},
	[MIB_START] = {"start", MPTCP_CELL_NUMBER | MPTCP_CELL_ON_REQUEST, 1, "s",
		"where the period begins, since the capture's first packet, with --per SECONDS"},
	[MIB_COUNTER] = {"counter", MPTCP_CELL_TEXT, 1, "", "the kernel's name, without MPTcpExt"},
	[MIB_PREDICTED] = {"predicted", MPTCP_CELL_NUMBER, 2, "", "what the packets say"},
	[MIB_LOW] = {"low", MPTCP_CELL_NUMBER, 5, "", "the least that is possible"},
	[MIB_HIGH] = {"high", MPTCP_CELL_NUMBER, 5, "",
		"the most; empty where the capture has connections in part only"},
	[MIB_CLASS] = {"class", MPTCP_CELL_TEXT, 6, "", "exact, bounded, hint or unpredictable"},
	[MIB_ACTUAL] = {"actual", MPTCP_CELL_NUMBER | MPTCP_CELL_ON_REQUEST, 3, "",
		"what the host counted"},
	[MIB_DIFFERENCE] = {"difference", MPTCP_CELL_NUMBER | MPTCP_CELL_ON_REQUEST, 7, "",
		"actual - predicted"},
	[MIB_VERDICT] = {"verdict", MPTCP_CELL_TEXT | MPTCP_CELL_MARKED | MPTCP_CELL_ON_REQUEST, 4,
		"", "equal, within, differs or unpredictable"},
	[MIB_PACKETIDS] = {"packetids", MPTCP_CELL_TEXT, 8, "",
		"the packets that were counted, at most 20"},
	[MIB_RULE] = {"rule", MPTCP_CELL_TEXT, 9, "",
		"where the kernel counts it; --explain has the rule"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == MIB_COLUMNS, "every column described");

enum {
	OPTION_AGAINST = MPTCP_OPT_LONG,
	OPTION_EXPLAIN,
	OPTION_HOST,
	OPTION_KERNEL,
	OPTION_LIST,
	OPTION_PER
};

static const char all_counters[] = ""
#define COUNTER(name, worth, since, until, place, rule) #name " "
#include "counters.def"
#undef COUNTER
	;

static const struct mptcp_option options[] = {
	{OPTION_AGAINST, "against", "FILE",
		"compare with nstat -az or -j, or /proc/net/netstat; -: standard input",
		MPTCP_COMPLETE_FILE, NULL},
	{OPTION_EXPLAIN, "explain", "COUNTER", "how a counter is predicted", MPTCP_COMPLETE_WORDS,
		all_counters},
	{OPTION_HOST, "host", "HOST",
		"client, server, both or an address; default: where it was captured",
		MPTCP_COMPLETE_WORDS, "client server both"},
	{OPTION_KERNEL, "kernel", "VERSION", "the rules of that Linux; default: the newest",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_LIST, "list", NULL, "list the counters", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_PER, "per", "WHAT", "rows per connection, or per so many seconds",
		MPTCP_COMPLETE_WORDS, "connection"},
	{'z', "zero", NULL, "counters that are 0, too", MPTCP_COMPLETE_NONE, NULL},
	{0},
};

struct context {
	struct mptcp_mib mib;
	struct mptcp_actual actual;
	const char *against;
	bool zero;
	unsigned differences, judged;
	struct mptcp_buffer *text; /* for --list and --explain */
};

static int take_host(struct mptcp_mib *mib, const char *value, struct mptcp_error *error)
{
	static const char *const words[] = {[MPTCP_MIB_CLIENT] = "client",
		[MPTCP_MIB_SERVER] = "server",
		[MPTCP_MIB_BOTH] = "both"};

	for (mib->host = MPTCP_MIB_CLIENT; mib->host <= MPTCP_MIB_BOTH; mib->host++)
		if (!strcmp(value, words[mib->host]))
			return 0;
	mib->host = MPTCP_MIB_ADDRESS;
	if (!mptcp_address_parse(&mib->address, value, strlen(value)))
		return 0;
	return mptcp_error_set(error, MPTCP_USAGE,
		"option --host: '%s' is not client, server, both or an address", value);
}

static int take_per(struct mptcp_mib *mib, const char *value, struct mptcp_error *error)
{
	mib->by_connection = !strcmp(value, "connection");
	mib->interval = 0;
	if (mib->by_connection ||
		(!mptcp_time_parse(&mib->interval, value, strlen(value)) && mib->interval > 0))
		return 0;
	return mptcp_error_set(error, MPTCP_USAGE,
		"option --per: '%s' is not connection or a number of seconds", value);
}

static int explain(struct context *context, const char *value, struct mptcp_error *error)
{
	int counter = mptcp_counter_find(value, strlen(value));

	if (counter >= 0)
		return mptcp_counter_explain(context->text, (enum mptcp_counter)counter)
			? mptcp_error_memory(error)
			: MPTCP_OPT_TEXT;
	const char *nearest = mptcp_names_nearest(&mptcp_counter_names, value, strlen(value));

	return mptcp_error_set(error, MPTCP_USAGE, "option --explain: '%s' is not a counter%s%s%s",
		value, nearest ? "; did you mean '" : "", nearest ? nearest : "",
		nearest ? "'?" : "; --list lists them");
}

static int take(int letter, const char *value, void *given, struct mptcp_error *error)
{
	struct context *context = given;

	switch (letter) {
	case OPTION_AGAINST:
		context->against = value;
		return 0;
	case OPTION_EXPLAIN:
		return explain(context, value, error);
	case OPTION_HOST:
		return take_host(&context->mib, value, error);
	case OPTION_KERNEL:
		if (!mptcp_counter_kernel(&context->mib.kernel, value))
			return 0;
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --kernel: '%s' is not a version of Linux, such as 6.12", value);
	case OPTION_LIST:
		return mptcp_counters_list(context->text) ? mptcp_error_memory(error)
							  : MPTCP_OPT_TEXT;
	case OPTION_PER:
		return take_per(&context->mib, value, error);
	default: /* 'z' */
		context->zero = true;
		return 0;
	}
}

static const struct mptcp_tool tool = {
	.name = "mptcp-mib",
	.purpose = "predict the MPTCP counters of a Linux host, and compare",
	.nothing = "no MPTCP connection of the host",
	.operands = "[ID] [CAPTURE|CSV]",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_TABLE | MPTCP_GROUP_SELECTION,
	.options = options,
	.columns = columns,
	.column_count = MIB_COLUMNS,
	.take = take,
};

static void put_packets(struct mptcp_table *table, const struct mptcp_mib_count *count)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	for (unsigned i = 0; i < count->packet_count; i++) {
		if (i)
			mptcp_buffer_add_char(&text, ';');
		mptcp_buffer_add_unsigned(&text, count->packets[i]);
	}
	if (count->more)
		mptcp_buffer_add_string(&text, ";...");
	if (text.length)
		mptcp_table_text(table, MIB_PACKETIDS, text.bytes, text.length);
	mptcp_buffer_clear(&text);
}

static void put_judged(struct mptcp_table *table, const struct mptcp_judged *judged)
{
	mptcp_table_string(table, MIB_CLASS, mptcp_counter_class_name(judged->worth));
	if (judged->worth == MPTCP_COUNTER_UNPREDICTABLE)
		return;
	mptcp_table_signed(table, MIB_PREDICTED, judged->count.predicted);
	if (judged->worth != MPTCP_COUNTER_HINT) {
		mptcp_table_signed(table, MIB_LOW, judged->count.low);
		if (!judged->open)
			mptcp_table_signed(table, MIB_HIGH, judged->count.high);
	}
	put_packets(table, &judged->count);
}

static void put_verdict(struct context *context, struct mptcp_table *table,
	const struct mptcp_judged *judged, int64_t actual)
{
	enum mptcp_mib_verdict verdict = mptcp_judge(judged, actual);

	mptcp_table_signed(table, MIB_ACTUAL, actual);
	if (judged->worth != MPTCP_COUNTER_UNPREDICTABLE)
		mptcp_table_signed(table, MIB_DIFFERENCE, actual - judged->count.predicted);
	mptcp_table_string(table, MIB_VERDICT, mptcp_mib_verdict_name(verdict));
	context->differences += verdict == MPTCP_MIB_VERDICT_DIFFERS;
	context->judged += verdict != MPTCP_MIB_VERDICT_UNPREDICTABLE;
}

static void put_row(struct tool_run *run, struct context *context, enum mptcp_counter counter,
	const struct mptcp_mib_row *row)
{
	struct mptcp_judged judged =
		mptcp_judged_of(&context->mib, counter, row ? &row->count : NULL);
	const struct mptcp_actual_value *actual = mptcp_actual_find(&context->actual, counter);
	bool nothing = !judged.count.predicted && !judged.count.high && !(actual && actual->value);

	if (actual && nothing && !context->zero)
		context->judged++;
	if (nothing && !context->zero)
		return;
	if (row && context->mib.by_connection && row->group != UINT32_MAX)
		mptcp_table_unsigned(run->table, MIB_MPTCPSTREAM, row->group);
	if (context->mib.interval)
		mptcp_table_time(run->table, MIB_START,
			row ? (int64_t)row->group * context->mib.interval : 0);
	mptcp_table_string(run->table, MIB_COUNTER, mptcp_counter_rules[counter].name);
	put_judged(run->table, &judged);
	if (actual)
		put_verdict(context, run->table, &judged, actual->value);
	mptcp_table_string(run->table, MIB_RULE, mptcp_counter_rules[counter].place);
	mptcp_table_end_row(run->table);
}

/* Counters of the host that have no rule. */
static void put_unknown(struct tool_run *run, const struct context *context)
{
	for (size_t i = 0; i < context->actual.count; i++) {
		const struct mptcp_actual_value *value = &context->actual.values[i];

		if (value->counter >= 0 || (!value->value && !context->zero))
			continue;
		mptcp_table_string(run->table, MIB_COUNTER, value->name);
		mptcp_table_string(run->table, MIB_CLASS,
			mptcp_counter_class_name(MPTCP_COUNTER_UNPREDICTABLE));
		mptcp_table_signed(run->table, MIB_ACTUAL, value->value);
		mptcp_table_string(run->table, MIB_VERDICT,
			mptcp_mib_verdict_name(MPTCP_MIB_VERDICT_UNPREDICTABLE));
		mptcp_table_end_row(run->table);
	}
}

/* All counters of a group, those that are not predicted too; then of the next one. */
static void put_rows(struct tool_run *run, struct context *context)
{
	const struct mptcp_mib *mib = &context->mib;
	size_t at = 0;

	do {
		uint64_t group = at < mib->row_count ? mib->rows[at].group : 0;

		for (int counter = 0; counter < MPTCP_COUNTERS; counter++) {
			bool predicted = at < mib->row_count && mib->rows[at].group == group &&
				(int)mib->rows[at].counter == counter;

			if (predicted ||
				mptcp_counter_exists((enum mptcp_counter)counter, mib->kernel))
				put_row(run, context, (enum mptcp_counter)counter,
					predicted ? &mib->rows[at] : NULL);
			at += predicted;
		}
	} while (at < mib->row_count);
	put_unknown(run, context);
}

/* The columns that only some options fill, in front or at their place, unless --columns chose. */
static int show_columns(struct tool_run *run, const struct context *context)
{
	struct mptcp_layout usual = {.columns = columns, .count = MIB_COLUMNS};
	struct mptcp_layout *layout = &run->settings.layout;
	const bool shown[MIB_COLUMNS] = {[MIB_MPTCPSTREAM] = context->mib.by_connection,
		[MIB_START] = context->mib.interval,
		[MIB_ACTUAL] = context->against,
		[MIB_DIFFERENCE] = context->against,
		[MIB_VERDICT] = context->against};

	if (mptcp_layout_default(&usual, false, &run->error))
		return tool_report(run);
	bool chosen = !layout->shown || layout->shown_count != usual.shown_count ||
		memcmp(layout->shown, usual.shown, usual.shown_count * sizeof(*usual.shown)) != 0;

	mptcp_layout_clear(&usual);
	if (chosen)
		return 0;
	layout->shown_count = 0;
	for (size_t i = 0; i < MIB_COLUMNS; i++)
		if (shown[i] || !(columns[i].cells & MPTCP_CELL_ON_REQUEST))
			layout->shown[layout->shown_count++] = i;
	return 0;
}

/* What the host counted. */
static int read_actual(struct tool_run *run, struct context *context)
{
	if (!context->against)
		return 0;
	if (context->mib.by_connection || context->mib.interval) {
		mptcp_error_set(&run->error, MPTCP_USAGE,
			"options --against and --per: the host counts no connections or periods");
		return tool_report(run);
	}
	if (tool_protect(run, context->against))
		return -1;
	if (mptcp_actual_load(&context->actual, context->against, &run->error))
		return tool_report(run);
	if (context->actual.rates)
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: an nstat daemon runs: its numbers may be those since its start",
			context->against);
	return 0;
}

static void say_partial(struct tool_run *run, const struct mptcp_mib *mib)
{
	if (mib->partial && (mib->connections || mib->row_count))
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: %u of %u connections lack their beginning, a direction or options: "
			"no upper bounds",
			run->input_name, mib->partial, mib->connections);
}

/* Why there is no row. */
static void say_nothing(struct tool_run *run, const struct context *context)
{
	const struct mptcp_mib *mib = &context->mib;

	if (context->against) {
		run->settings.allow_empty = true;
		run->nothing = "nothing to judge: no MPTCP connection, and "
			       "the host counted nothing";
	} else if (mib->story.roster.connection_count && !mib->connections) {
		run->nothing = tool.nothing;
	} else {
		census_story(&run->census, &mib->story, run->origin);
	}
}

static void compare(struct tool_run *run, struct context *context)
{
	const struct mptcp_mib *mib = &context->mib;

	say_partial(run, mib);
	if (mib->connections || mib->row_count || context->against)
		put_rows(run, context);
	if (!mptcp_table_rows(run->table)) {
		say_nothing(run, context);
		return;
	}
	run->result_stands = true;
	if (context->differences)
		run->status = MPTCP_NOTHING;
	else if (context->against && !context->judged)
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: nothing to judge: no counter that can be predicted", run->input_name);
}

static void work(struct tool_run *run, void *given)
{
	struct context *context = given;
	struct mptcp_packet packet;

	if (read_actual(run, context) || show_columns(run, context) ||
		tool_open_input(run, MPTCP_MIB_NEEDED, MPTCP_MIB_COLUMNS) || tool_open_table(run))
		return;
	context->mib.selection = &run->settings.selection;
	while (tool_next(run, &packet) == MPTCP_ROW)
		if (mptcp_mib_add(&context->mib, &packet, &run->error)) {
			tool_report(run);
			return;
		}
	if (tool_failed(run))
		return;
	if (mptcp_mib_end(&context->mib, &run->error))
		tool_report(run);
	else
		compare(run, context);
}

int main(int argc, char **argv)
{
	struct tool_run run;
	struct context context = {.text = &run.text};

	if (!tool_start(&run, &tool, argc, argv, &context))
		return run.status;
	run.alone = context.against ? "--against" : NULL; /* counters of one time */
	int status = captures_run(&run, work, &context);

	mptcp_mib_clear(&context.mib);
	mptcp_actual_clear(&context.actual);
	return status;
}
