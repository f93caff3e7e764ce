/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-check: judges a capture: what breaks RFC 8684, what a middlebox did, whether the capture
 * itself is sound. See mptcp-check(1). */
#include "captures.h"
#include "check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	CHECK_SEVERITY,
	CHECK_FINDING,
	CHECK_MPTCPSTREAM,
	CHECK_TCPSTREAM,
	CHECK_MPTCPDEST,
	CHECK_PACKETID,
	CHECK_RELATED,
	CHECK_COUNT,
	CHECK_LAST_PACKETID,
	CHECK_ABSTIME,
	CHECK_EXPECTED,
	CHECK_GOT,
	CHECK_WHERE,
	CHECK_SECTION,
	CHECK_TEXT,
	CHECK_COLUMNS
};

static const struct mptcp_table_column columns[] = {
	[CHECK_SEVERITY] = {"severity", MPTCP_CELL_TEXT | MPTCP_CELL_MARKED, 1, "",
		"error, warning, note or info"},
	[CHECK_FINDING] = {"finding", MPTCP_CELL_TEXT, 1, "", "its identifier; see --explain"},
	[CHECK_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 3, "", "number of the connection"},
	[CHECK_TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 3, "", "number of the TCP connection"},
	[CHECK_MPTCPDEST] = {"mptcpdest", MPTCP_CELL_TEXT, 6, "",
		"MPTCP role of the host to which its packets go: client or server"},
	[CHECK_PACKETID] = {"packetid", MPTCP_CELL_NUMBER, 2, "", "the first packet"},
	[CHECK_RELATED] = {"related", MPTCP_CELL_TEXT, 9, "",
		"other packets that prove it, separated by ';'"},
	[CHECK_COUNT] = {"count", MPTCP_CELL_NUMBER, 5, "",
		"occurrences on this subflow and direction"},
	[CHECK_LAST_PACKETID] = {"last_packetid", MPTCP_CELL_NUMBER, 9, "", "the last packet"},
	[CHECK_ABSTIME] = {"abstime", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 8, "s",
		"time of the first packet since the epoch"},
	[CHECK_EXPECTED] = {"expected", MPTCP_CELL_TEXT, 4, "", "the value that the rule asks for"},
	[CHECK_GOT] = {"got", MPTCP_CELL_TEXT, 4, "", "the value in the packet"},
	[CHECK_WHERE] = {"where", MPTCP_CELL_TEXT, 7, "",
		"who is to blame: host, network, capture or unknown"},
	[CHECK_SECTION] = {"section", MPTCP_CELL_TEXT, 8, "", "where the rule is"},
	[CHECK_TEXT] = {"text", MPTCP_CELL_TEXT, 2, "", "the finding in a sentence"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == CHECK_COLUMNS, "every column described");

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

#define FINDING(name, id, severity, needs, section, text, explanation) id " "
#define GROUP(title)
static const char ids[] =
#include "findings.def"
	;
#undef GROUP
#undef FINDING

static const struct mptcp_option options[] = {
	{OPTION_ALL, "all", NULL, "one row for every occurrence", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_EXCEPT, "except", "ID,...", "leave these findings out; patterns such as 'hyg-*'",
		MPTCP_COMPLETE_LIST, ids},
	{OPTION_EXPECT, "expect", "ID,...", "status 0 if exactly these findings occur, otherwise 1",
		MPTCP_COMPLETE_LIST, ids},
	{OPTION_EXPLAIN, "explain", "ID", "explain a finding", MPTCP_COMPLETE_WORDS, ids},
	{OPTION_LIST, "list", NULL, "list all findings", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_ONLY, "only", "ID,...", "look for these findings only", MPTCP_COMPLETE_LIST, ids},
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

static int take_list(struct mptcp_finding_set *set, const char *name, const char *value,
	struct mptcp_error *error)
{
	char prefix[32];

	if (!mptcp_finding_choose(set, value, error))
		return 0;
	snprintf(prefix, sizeof(prefix), "option --%s", name);
	return mptcp_error_prefix(error, prefix);
}

static int explain(struct context *context, const char *value, struct mptcp_error *error)
{
	struct mptcp_finding_set set = {0};
	bool another = false;

	if (take_list(&set, "explain", value, error))
		return -1;
	for (int id = 0; id < MPTCP_FINDINGS; id++) {
		if (!set.has[id])
			continue;
		if (another)
			mptcp_buffer_add_char(context->text, '\n');
		another = true;
		mptcp_finding_explain(context->text, (enum mptcp_finding_id)id);
	}
	return context->text->failed ? mptcp_error_memory(error) : MPTCP_OPT_TEXT;
}

static int take(int letter, const char *value, void *given, struct mptcp_error *error)
{
	struct context *context = given;

	switch (letter) {
	case OPTION_ALL:
		context->all = true;
		return 0;
	case OPTION_EXCEPT:
		return take_list(&context->except, "except", value, error);
	case OPTION_EXPECT:
		context->has_expect = true;
		return take_list(&context->expect, "expect", value, error);
	case OPTION_EXPLAIN:
		return explain(context, value, error);
	case OPTION_LIST:
		return mptcp_finding_list(context->text) ? mptcp_error_memory(error)
							 : MPTCP_OPT_TEXT;
	case OPTION_ONLY:
		context->has_only = true;
		return take_list(&context->only, "only", value, error);
	case OPTION_PAYLOAD:
		context->payload = true;
		return 0;
	case OPTION_STRICT:
		context->strict = true;
		return 0;
	default: /* OPTION_SEVERITY */
		context->level = mptcp_severity_find(value);
		if (context->level)
			return 0;
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --severity: '%s' is not error, warning, note or info", value);
	}
}

static const struct mptcp_tool tool = {
	.name = "mptcp-check",
	.purpose = "judge a capture: broken rules, middleboxes, faults of the capture itself",
	.status_one = "not as it should be",
	.operands = "[ID] [CAPTURE|CSV]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_TABLE | MPTCP_GROUP_SELECTION |
		MPTCP_GROUP_CAPTURES,
	.options = options,
	.columns = columns,
	.column_count = CHECK_COLUMNS,
	.take = take,
};

/* Whether it is about what the selection chooses. */
static bool is_chosen(const struct tool_run *run, const struct mptcp_finding *finding)
{
	const struct mptcp_selection *selection = &run->settings.selection;

	if (!finding->has_tcpstream)
		return !selection->has_mptcpstream && !selection->has_tcpstream &&
			!selection->has_destination;
	if (finding->has_mptcpstream ? !mptcp_selection_takes_subflow(selection,
					       finding->mptcpstream, finding->tcpstream)
				     : selection->has_mptcpstream ||
				!mptcp_selection_takes_stream(selection, finding->tcpstream))
		return false;
	return mptcp_selection_takes_direction(selection, finding->mptcpdest) &&
		mptcp_selection_takes_moment(selection, finding->reltime);
}

static void put_row(struct mptcp_table *table, const struct mptcp_finding *finding)
{
	const struct mptcp_finding_info *info = &mptcp_findings[finding->id];
	char related[64] = "";

	if (finding->related[0])
		snprintf(related, sizeof(related),
			finding->related[1] ? "%" PRIu64 ";%" PRIu64 : "%" PRIu64,
			finding->related[0], finding->related[1]);
	mptcp_table_string(table, CHECK_SEVERITY, mptcp_severity_name(finding->severity));
	mptcp_table_string(table, CHECK_FINDING, info->id);
	if (finding->has_mptcpstream)
		mptcp_table_unsigned(table, CHECK_MPTCPSTREAM, finding->mptcpstream);
	if (finding->has_tcpstream)
		mptcp_table_unsigned(table, CHECK_TCPSTREAM, finding->tcpstream);
	if (finding->has_mptcpstream)
		mptcp_table_string(table, CHECK_MPTCPDEST,
			finding->mptcpdest == MPTCP_SERVER ? "server" : "client");
	mptcp_table_unsigned(table, CHECK_PACKETID, finding->packetid);
	mptcp_table_string(table, CHECK_RELATED, related);
	mptcp_table_unsigned(table, CHECK_COUNT, finding->count);
	mptcp_table_unsigned(table, CHECK_LAST_PACKETID, finding->last_packetid);
	mptcp_table_time(table, CHECK_ABSTIME, finding->abstime);
	mptcp_table_string(table, CHECK_EXPECTED, finding->expected);
	mptcp_table_string(table, CHECK_GOT, finding->got);
	mptcp_table_string(table, CHECK_WHERE, mptcp_where_name(finding->where));
	mptcp_table_string(table, CHECK_SECTION, info->section);
	mptcp_table_string(table, CHECK_TEXT, info->text);
	mptcp_table_end_row(table);
}

/* Puts the rows, and gives the status for what is expected or not. */
static void put_rows(struct tool_run *run, const struct context *context,
	const struct mptcp_check *check)
{
	struct mptcp_finding_set found = {0};
	bool bad = false;

	for (size_t i = 0; i < check->count; i++) {
		const struct mptcp_finding *finding = &check->list[i];
		bool expected = context->has_expect && context->expect.has[finding->id];

		if (!is_chosen(run, finding) || (finding->severity < context->level && !expected))
			continue;
		found.has[finding->id] = bad = true;
		put_row(run->table, finding);
	}
	if (context->has_expect) {
		bad = false;
		for (int id = 0; id < MPTCP_FINDINGS; id++) {
			if (found.has[id] == context->expect.has[id])
				continue;
			bad = true;
			tool_say(run, MPTCP_LOG_WARNING, "%s: %s %s", run->input_name,
				mptcp_findings[id].id,
				found.has[id] ? "was not expected" : "was expected");
		}
	}
	if (bad && run->status == MPTCP_DONE)
		run->status = MPTCP_NOTHING;
}

/* What the capture does not tell. */
static void say_missing(struct tool_run *run, const struct mptcp_check *check)
{
	for (unsigned bit = 0; bit < MPTCP_NEEDS && run->settings.verbose; bit++) {
		const struct mptcp_check_missing *missing = &check->missing[bit];
		struct mptcp_buffer list = MPTCP_BUFFER_INIT;

		for (int id = 0; id < MPTCP_FINDINGS && missing->subflows; id++)
			if (mptcp_findings[id].needs >> bit & 1)
				mptcp_buffer_format(&list, " %s", mptcp_findings[id].id);
		if (list.length)
			tool_say(run, MPTCP_LOG_INFO,
				"%s: %" PRIu64 " of %" PRIu64
				" subflows lack '%s', not evaluated there:%s",
				run->input_name, missing->subflows, missing->of,
				mptcp_need_name(bit), list.bytes);
		mptcp_buffer_clear(&list);
	}
}

static void say_nothing(struct tool_run *run, const struct context *context,
	const struct mptcp_check *check)
{
	if (check->mptcp_packets || tool_failed(run))
		return;
	tool_say(run, MPTCP_LOG_WARNING, "%s: no MPTCP connection, so there is nothing to judge",
		run->input_name);
	if (context->strict && run->status == MPTCP_DONE)
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
	say_missing(run, &check);
	say_nothing(run, context, &check);
	put_rows(run, context, &check);
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
