/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the rows of mptcp-compare say together: messages and the exit status. */
#include "compare.h"

#include <math.h>

#define LISTED 5 /* groups that a message names */

/* The labels of a group as one text. */
static void name_group(struct tool_run *run, const struct mptcp_runs *runs, size_t group)
{
	mptcp_buffer_reset(&run->text);
	for (size_t i = 0; i < runs->question->by.count; i++)
		mptcp_buffer_format(&run->text, "%s%s", i ? "," : "",
			mptcp_runs_label(runs, group, i));
	if (!runs->question->by.count)
		mptcp_buffer_add_string(&run->text, "all rows");
}

int compare_check_base(struct tool_run *run, const struct compare *compare,
	const struct mptcp_runs *runs)
{
	struct mptcp_buffer groups = MPTCP_BUFFER_INIT;

	if (!compare->base)
		return 0;
	for (size_t i = 0; i < runs->group_count; i++) {
		if (mptcp_comparison_is_base(runs, i, &compare->rule)) {
			mptcp_buffer_clear(&groups);
			return 0;
		}
		name_group(run, runs, i);
		if (i < LISTED)
			mptcp_buffer_format(&groups, "%s'%s'", i ? ", " : "; there are runs of ",
				run->text.bytes);
	}
	mptcp_error_set(&run->error, MPTCP_DATA, "no run of the base '%s'%s%s", compare->base,
		runs->group_count ? "" : ", nor any other", groups.bytes);
	mptcp_buffer_clear(&groups);
	return tool_report(run);
}

/* What the rows say together. */
struct outcome {
	size_t judged, worse, unclear;
	const struct mptcp_comparison *too_few; /* the first one */
	bool without_interval, not_positive;
};

static void count_row(struct outcome *outcome, const struct mptcp_comparison *row)
{
	outcome->judged += row->verdict != MPTCP_VERDICT_NONE;
	outcome->worse += row->verdict == MPTCP_VERDICT_WORSE;
	outcome->unclear += row->verdict == MPTCP_VERDICT_UNCLEAR;
	outcome->without_interval |= isnan(row->summary.low);
	outcome->not_positive |= row->verdict == MPTCP_VERDICT_UNCLEAR && !row->too_few &&
		isnan(row->contrast.ratio);
	if (row->too_few && !outcome->too_few)
		outcome->too_few = row;
}

static void say_notes(struct tool_run *run, const struct outcome *outcome)
{
	if (outcome->without_interval)
		tool_say(run, MPTCP_LOG_WARNING,
			"fewer than 6 runs have no 95 %% interval of the median: its cells are empty");
	if (outcome->not_positive)
		tool_say(run, MPTCP_LOG_WARNING,
			"values that are not positive have no ratio: the verdict is unclear");
}

/* Insufficient input. */
static void refuse(struct tool_run *run, const struct compare *compare,
	const struct mptcp_runs *runs, const struct mptcp_comparison *row)
{
	bool own = row->count < compare->rule.min_runs;

	name_group(run, runs, row->group);
	mptcp_error_set(&run->error, MPTCP_DATA,
		"too few runs: %s'%s' has %zu of %s; %zu are needed (--min-runs)",
		own ? "" : "the base of ", run->text.bytes, own ? row->count : row->base_count,
		runs->question->values.items[row->value], compare->rule.min_runs);
	tool_report(run);
}

void compare_judge(struct tool_run *run, const struct compare *compare,
	const struct mptcp_runs *runs, const struct mptcp_comparison *rows)
{
	size_t count = runs->group_count * runs->question->values.count;
	struct outcome outcome = {0};

	for (size_t i = 0; i < count; i++)
		count_row(&outcome, &rows[i]);
	say_notes(run, &outcome);
	if (compare->base && !outcome.judged)
		tool_say(run, MPTCP_LOG_WARNING, "nothing to judge: all runs are of the base");
	else if (outcome.worse)
		tool_say(run, MPTCP_LOG_WARNING, "worse than the base: %zu of %zu", outcome.worse,
			outcome.judged);
	if (outcome.worse ||
		(compare->strict && compare->base && (outcome.unclear || !outcome.judged)))
		run->status = MPTCP_NOTHING;
	if (outcome.too_few && (compare->base || compare->min_runs_given))
		refuse(run, compare, runs, outcome.too_few);
}
