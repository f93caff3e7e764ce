/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What mptcp-check makes of the findings: see check_tool.h. */
#include "check_table.h"
#include "check_tool.h"

#include <inttypes.h>

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

void check_put_rows(struct tool_run *run, const struct check_wanted *wanted,
	struct mptcp_check *check, struct mptcp_finding_set *found)
{
	for (size_t i = 0; i < check->count; i++) {
		const struct mptcp_finding *finding = &check->list[i];

		if (!mptcp_check_table_takes(&run->settings.selection, finding) ||
			(finding->severity < wanted->level && !wanted->expect.has[finding->id]))
			continue;
		found->has[finding->id] = true;
		put_row(run, finding);
	}
	check->count = 0;
}

/* Whether what was found is not as it should be. */
static bool is_bad(struct tool_run *run, const struct check_wanted *wanted,
	const struct mptcp_finding_set *found)
{
	bool bad = false;

	for (int id = 0; id < MPTCP_FINDINGS; id++) {
		if (found->has[id] == wanted->expect.has[id])
			continue;
		bad = true;
		if (wanted->has_expect)
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

void check_give_verdict(struct tool_run *run, const struct check_wanted *wanted,
	struct mptcp_check *check, struct mptcp_finding_set *found)
{
	bool nothing = !check->mptcp && !tool_failed(run);

	say_missing(run, check);
	if (nothing)
		tool_say(run, MPTCP_LOG_WARNING,
			"%s: no MPTCP connection, so there is nothing to judge", run->input_name);
	check_put_rows(run, wanted, check, found);
	if ((is_bad(run, wanted, found) || (nothing && wanted->strict)) &&
		run->status == MPTCP_DONE)
		run->status = MPTCP_NOTHING;
}
