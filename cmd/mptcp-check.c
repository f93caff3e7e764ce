/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-check: judges a capture: what breaks RFC 8684, what a middlebox did, whether the capture
 * itself is sound. See mptcp-check(1). */
#include "captures.h"
#include "check.h"
#include "check_table.h"

#include <inttypes.h>
#include <string.h>

enum {
	OPTION_ALL = MPTCP_OPT_LONG,
	OPTION_EXCEPT,
	OPTION_EXPECT,
	OPTION_EXPLAIN,
	OPTION_LIST,
	OPTION_ONLY,
	OPTION_PAYLOAD,
	OPTION_SEVERITY,
	OPTION_STRICT
};

static const struct mptcp_option options[] = {
	{OPTION_ALL, "all", NULL, "one row for every occurrence", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_EXCEPT, "except", "ID,...", "leave these findings out; patterns such as 'hyg-*'",
		MPTCP_COMPLETE_LIST, mptcp_finding_ids},
	{OPTION_EXPECT, "expect", "ID,...", "status 0 if exactly these findings occur, otherwise 1",
		MPTCP_COMPLETE_LIST, mptcp_finding_ids},
	{OPTION_EXPLAIN, "explain", "ID", "explain a finding", MPTCP_COMPLETE_WORDS,
		mptcp_finding_ids},
	{OPTION_LIST, "list", NULL, "list all findings", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_ONLY, "only", "ID,...", "look for these findings only", MPTCP_COMPLETE_LIST,
		mptcp_finding_ids},
	{OPTION_PAYLOAD, "payload", NULL, "verify DSS checksums, compare data that was sent again",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_SEVERITY, "severity", "LEVEL",
		"the lowest severity: error, warning (default), note or info", MPTCP_COMPLETE_WORDS,
		"error warning note info"},
	{OPTION_STRICT, "strict", NULL, "status 1 if there is no MPTCP connection",
		MPTCP_COMPLETE_NONE, NULL},
	{0},
};

struct context {
	struct mptcp_buffer *text; /* for --list and --explain */
	struct mptcp_finding_set only, except, expect;
	bool has_only, has_expect, all, payload, strict;
	enum mptcp_severity level;
};

static int take(int letter, const char *value, void *given, struct mptcp_error *error)
{
	struct context *context = given;

	switch (letter) {
	case OPTION_ALL:
		context->all = true;
		return 0;
	case OPTION_EXCEPT:
		return mptcp_finding_choose(&context->except, "--except", value, error);
	case OPTION_EXPECT:
		context->has_expect = true;
		return mptcp_finding_choose(&context->expect, "--expect", value, error);
	case OPTION_EXPLAIN:
		return mptcp_finding_explain(context->text, "--explain", value, error)
			? -1
			: MPTCP_OPT_TEXT;
	case OPTION_LIST:
		return mptcp_finding_list(context->text) ? mptcp_error_memory(error)
							 : MPTCP_OPT_TEXT;
	case OPTION_ONLY:
		context->has_only = true;
		return mptcp_finding_choose(&context->only, "--only", value, error);
	case OPTION_PAYLOAD:
		context->payload = true;
		return 0;
	case OPTION_STRICT:
		context->strict = true;
		return 0;
	default: /* OPTION_SEVERITY */
		context->level = mptcp_severity_find(value);
		return context->level ? 0
				      : mptcp_opt_bad_value("severity", value,
						"error, warning, note or info", error);
	}
}

static const struct mptcp_tool tool = {
	.name = "mptcp-check",
	.purpose = "judge a capture: broken rules, middleboxes, faults of the capture itself",
	.status_one = "not as it should be",
	.operands = "[ID] [CAPTURE|CSV]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_TABLE | MPTCP_GROUP_SELECTION |
		MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TIME,
	.options = options,
	.columns = mptcp_check_table_columns,
	.column_count = MPTCP_CHECK_TABLE_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
	.take = take,
};

static void put_row(struct tool_run *run, const struct mptcp_finding *finding)
{
	if (finding->has_mptcpstream)
		tool_about_connection(run, finding->mptcpstream);
	else if (finding->has_tcpstream)
		tool_about_stream(run, finding->tcpstream);
	else
		mptcp_table_origins(run->table, run->origin, run->origin);
	mptcp_check_table_put(run->table, finding);
}

/* Puts the rows that are wanted; `found`: which findings they are. */
static void put_rows(struct tool_run *run, const struct context *context,
	const struct mptcp_check *check, struct mptcp_finding_set *found)
{
	for (size_t i = 0; i < check->count; i++) {
		const struct mptcp_finding *finding = &check->list[i];

		if (!mptcp_check_table_takes(&run->settings.selection, finding) ||
			(finding->severity < context->level && !context->expect.has[finding->id]))
			continue;
		found->has[finding->id] = true;
		put_row(run, finding);
	}
}

/* Whether what was found is not as it should be. */
static bool is_bad(struct tool_run *run, const struct context *context,
	const struct mptcp_finding_set *found)
{
	bool bad = false;

	for (int id = 0; id < MPTCP_FINDINGS; id++) {
		if (found->has[id] == context->expect.has[id])
			continue;
		bad = true;
		if (context->has_expect)
			tool_say(run, MPTCP_LOG_WARNING, "%s: %s %s", run->input_name,
				mptcp_findings[id].id,
				found->has[id] ? "was not expected" : "was expected");
	}
	return bad;
}

/* What the capture does not tell. */
static void say_missing(struct tool_run *run, const struct mptcp_check *check)
{
	for (unsigned bit = 0; bit < MPTCP_NEEDS && run->settings.verbose; bit++) {
		const struct mptcp_check_missing *missing = &check->missing[bit];

		mptcp_buffer_reset(&run->text);
		if (missing->subflows && mptcp_finding_needing(&run->text, bit))
			tool_say(run, MPTCP_LOG_INFO,
				"%s: %" PRIu64 " of %" PRIu64
				" subflows lack '%s', not evaluated there:%s",
				run->input_name, missing->subflows, missing->of,
				mptcp_need_name(bit), run->text.bytes);
	}
}

static void give_verdict(struct tool_run *run, const struct context *context,
	const struct mptcp_check *check)
{
	struct mptcp_finding_set found = {0};
	bool nothing = !check->mptcp_packets && !tool_failed(run);

	say_missing(run, check);
	if (nothing)
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: no MPTCP connection, so there is nothing to judge", run->input_name);
	put_rows(run, context, check, &found);
	if ((is_bad(run, context, &found) || (nothing && context->strict)) &&
		run->status == MPTCP_DONE)
		run->status = MPTCP_NOTHING;
}

#define PAYLOAD_SUM "payload_sum"

/* The place of the sums of payloads in what is read, plus one; 0 for none. */
static size_t find_payload(struct tool_run *run)
{
	const struct mptcp_header *header = mptcp_input_header(run->input);

	for (size_t i = 0; header && i < header->extras; i++)
		if (!strcmp(header->extra[i], PAYLOAD_SUM))
			return i + 1;
	return 0;
}

static void judge(struct tool_run *run, const struct context *context)
{
	struct mptcp_check check = {.all = context->all, .payload = find_payload(run)};
	struct mptcp_packet packet;
	int failed = 0;

	for (int id = 0; id < MPTCP_FINDINGS; id++)
		check.leave.has[id] =
			context->except.has[id] || (context->has_only && !context->only.has[id]);
	while (!failed && tool_next(run, &packet) == MPTCP_ROW)
		failed = mptcp_check_add(&check, &packet, &run->error);
	if (!failed && run->status == MPTCP_DATA)
		mptcp_check_cut(&check);
	if (!failed && !tool_failed(run))
		failed = mptcp_check_end(&check, &run->error);
	if (failed)
		tool_report(run);
	give_verdict(run, context, &check);
	mptcp_check_clear(&check);
}

static void work(struct tool_run *run, void *given)
{
	static const char *const fields[] = {PAYLOAD_SUM};
	struct context *context = given;

	if (context->payload) {
		run->settings.input.fields = fields;
		run->settings.input.field_count = 1;
	}
	run->settings.input.copies = true; /* they are counted */
	if (!tool_open_input(run, MPTCP_CHECK_NEEDED, MPTCP_CHECK_COLUMNS) && !tool_open_table(run))
		judge(run, context);
}

int main(int argc, char **argv)
{
	struct tool_run run;
	struct context context = {.text = &run.text, .level = MPTCP_SEVERITY_WARNING};

	if (!tool_start(&run, &tool, argc, argv, &context))
		return run.status;
	return captures_run(&run, work, &context);
}
