/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of mptcp-check: see check_tool.h. */
#include "check_tool.h"

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

const struct mptcp_option check_options[] = {
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

int check_take(int letter, const char *value, void *given, struct mptcp_error *error)
{
	struct check_wanted *wanted = given;

	switch (letter) {
	case OPTION_ALL:
		wanted->all = true;
		return 0;
	case OPTION_EXCEPT:
		return mptcp_finding_choose(&wanted->except, "--except", value, error);
	case OPTION_EXPECT:
		wanted->has_expect = true;
		return mptcp_finding_choose(&wanted->expect, "--expect", value, error);
	case OPTION_EXPLAIN:
		return mptcp_finding_explain(wanted->text, "--explain", value, error)
			? -1
			: MPTCP_OPT_TEXT;
	case OPTION_LIST:
		return mptcp_finding_list(wanted->text) ? mptcp_error_memory(error)
							: MPTCP_OPT_TEXT;
	case OPTION_ONLY:
		wanted->has_only = true;
		return mptcp_finding_choose(&wanted->only, "--only", value, error);
	case OPTION_PAYLOAD:
		wanted->payload = true;
		return 0;
	case OPTION_STRICT:
		wanted->strict = true;
		return 0;
	default: /* OPTION_SEVERITY */
		wanted->level = mptcp_severity_find(value);
		return wanted->level ? 0
				     : mptcp_opt_bad_value("severity", value,
					       "error, warning, note or info", error);
	}
}

void check_prepare(struct mptcp_check *check, const struct check_wanted *wanted)
{
	check->all = wanted->all;
	for (int id = 0; id < MPTCP_FINDINGS; id++)
		check->leave.has[id] =
			wanted->except.has[id] || (wanted->has_only && !wanted->only.has[id]);
}
