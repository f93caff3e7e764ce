/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-mib: predicts the MPTCP counters of a Linux host, and compares. See mptcp-mib(1). */
#include "captures.h"
#include "decimal.h"
#include "mib_table.h"

#include <inttypes.h>
#include <string.h>

enum {
	OPTION_AGAINST = MPTCP_OPT_LONG,
	OPTION_EXPLAIN,
	OPTION_HOST,
	OPTION_KERNEL,
	OPTION_LIST,
	OPTION_PAYLOAD,
	OPTION_PER
};

static const struct mptcp_option options[] = {
	{OPTION_AGAINST, "against", "FILE",
		"compare with nstat -az or -j, or /proc/net/netstat; -: standard input",
		MPTCP_COMPLETE_FILE, NULL},
	{OPTION_EXPLAIN, "explain", "COUNTER", "how a counter is predicted", MPTCP_COMPLETE_WORDS,
		mptcp_counter_words},
	{OPTION_HOST, "host", "HOST",
		"client, server, both or an address; default: where it was captured",
		MPTCP_COMPLETE_WORDS, "client server both"},
	{OPTION_KERNEL, "kernel", "VERSION", "the rules of that Linux; default: the newest",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_LIST, "list", NULL, "list the counters", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_PAYLOAD, "payload", NULL, "verify DSS checksums, for DataCsumErr",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_PER, "per", "WHAT", "rows per connection, or per so many seconds",
		MPTCP_COMPLETE_WORDS, "connection"},
	{'z', "zero", NULL, "counters that are 0, too", MPTCP_COMPLETE_NONE, NULL},
	{0},
};

struct context {
	struct mptcp_mib mib;
	struct mptcp_actual actual;
	const char *against;
	bool zero, payload;
	struct mptcp_buffer *text; /* for --list and --explain */
};

static int take_per(struct mptcp_mib *mib, const char *value, struct mptcp_error *error)
{
	mib->by_connection = !strcmp(value, "connection");
	mib->interval = 0;
	if (mib->by_connection ||
		(!mptcp_time_parse(&mib->interval, value, strlen(value)) && mib->interval > 0))
		return 0;
	return mptcp_opt_bad_value("per", value, "connection or a number of seconds", error);
}

static int explain(struct context *context, const char *value, struct mptcp_error *error)
{
	int counter = mptcp_counter_find(value, strlen(value));

	if (counter < 0) {
		mptcp_names_refuse(&mptcp_counter_names, value, "unknown counter",
			"--list lists them", error);
		return mptcp_error_prefix(error, "option --explain");
	}
	return mptcp_counter_explain(context->text, (enum mptcp_counter)counter)
		? mptcp_error_memory(error)
		: MPTCP_OPT_TEXT;
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
		if (!mptcp_mib_take_host(&context->mib, value))
			return 0;
		return mptcp_opt_bad_value("host", value, "client, server, both or an address",
			error);
	case OPTION_KERNEL:
		if (!mptcp_counter_kernel(&context->mib.kernel, value))
			return 0;
		return mptcp_opt_bad_value("kernel", value, "a version of Linux, such as 6.12",
			error);
	case OPTION_LIST:
		return mptcp_counters_list(context->text) ? mptcp_error_memory(error)
							  : MPTCP_OPT_TEXT;
	case OPTION_PAYLOAD:
		context->payload = true;
		return 0;
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
	.columns = mptcp_mib_table_columns,
	.column_count = MPTCP_MIB_TABLE_COLUMNS,
	.take = take,
};

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

/* What the capture lacks, in the words of mptcp-check. */
static void say_lacks(struct tool_run *run, const struct mptcp_mib *mib)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	for (int id = 0; id < MPTCP_FINDINGS; id++)
		if (mib->lacks.has[id])
			mptcp_buffer_format(&text, "; %s: %s", mptcp_findings[id].id,
				mptcp_findings[id].text);
	if (mib->partial && (mib->connections || mib->row_count))
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: %u of %u connections were captured in part: no upper bounds%s",
			run->input_name, mib->partial, mib->connections,
			text.failed ? "" : text.bytes);
	if (mib->one_kind && !mib->partial)
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: SYNs and RSTs alone, or one direction: no upper bounds",
			run->input_name);
	if (mib->cut)
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: TCP options of %" PRIu64 " packets were cut off: no upper bounds",
			run->input_name, mib->cut);
	if (mib->unseen)
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: joins of connections that were not captured: no upper bounds",
			run->input_name);
	mptcp_buffer_clear(&text);
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

static void compare(struct tool_run *run, const struct context *context)
{
	const struct mptcp_mib *mib = &context->mib;
	struct mptcp_mib_table rows = {run->table, mib, context->against ? &context->actual : NULL,
		context->zero, 0, 0};

	say_lacks(run, mib);
	if (mib->connections || mib->row_count || context->against)
		mptcp_mib_table_put(&rows);
	if (!mptcp_table_rows(run->table)) {
		say_nothing(run, context);
		return;
	}
	run->result_stands = true;
	if (rows.differences)
		run->status = MPTCP_NOTHING;
	if (rows.differences && mib->older)
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: %u TCP connections without MPTCP began before the capture: "
			"they may have fallen back",
			run->input_name, mib->older);
	else if (context->against && !rows.judged)
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: nothing to judge: no counter that can be predicted", run->input_name);
}

static void work(struct tool_run *run, void *given)
{
	static const char *const fields[] = {MPTCP_PAYLOAD_SUM};
	struct context *context = given;
	struct mptcp_packet packet;
	int failed = 0;

	if (context->payload) {
		run->settings.input.fields = fields;
		run->settings.input.field_count = 1;
	}
	if (!run->settings.columns_given)
		mptcp_mib_table_show(&run->settings.layout, &context->mib, context->against);
	if (read_actual(run, context) ||
		tool_open_input(run, MPTCP_MIB_NEEDED, MPTCP_MIB_COLUMNS) || tool_open_table(run))
		return;
	const struct mptcp_header *header = mptcp_input_header(run->input);

	context->mib.payload = header ? mptcp_header_extra(header, MPTCP_PAYLOAD_SUM) : 0;
	context->mib.selection = &run->settings.selection;
	while (!failed && tool_next(run, &packet) == MPTCP_ROW)
		failed = mptcp_mib_add(&context->mib, &packet, &run->error);
	if (!failed && !tool_failed(run))
		failed = mptcp_mib_end(&context->mib, &run->error);
	if (failed)
		tool_report(run);
	else if (!tool_failed(run))
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
