/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * comparison: groups of runs described, and judged against a base: better, worse, the same, or
 * unclear.
 *
 * The verdict is about the interval of the ratio of a group to its base: worse if all of it is
 * further than the threshold on the bad side of 1, better on the good side, the same if all of it
 * is nearer than that; otherwise, and without an interval, unclear. The p values of all rows are
 * adjusted for their number after Holm; the intervals are not.
 */
#ifndef MPTCP_COMPARISON_H
#define MPTCP_COMPARISON_H

#include "runs.h"
#include "sample.h"

enum mptcp_better { MPTCP_BETTER_UNKNOWN, MPTCP_BETTER_HIGHER, MPTCP_BETTER_LOWER };

enum mptcp_verdict {
	MPTCP_VERDICT_NONE, /* nothing to compare with */
	MPTCP_VERDICT_BETTER,
	MPTCP_VERDICT_WORSE,
	MPTCP_VERDICT_SAME,
	MPTCP_VERDICT_UNCLEAR
};

struct mptcp_comparison_rule {
	/* The base of a group: the group with these labels first, the others its own. Empty: there
	 * is none. Borrowed. */
	struct mptcp_argv base;
	const enum mptcp_better *better; /* of each value of the question; borrowed */
	double threshold;                /* 0.05: 5 % */
	size_t min_runs;                 /* fewer values are no ground for a verdict */
};

/* One value in one group. */
struct mptcp_comparison {
	size_t group, value; /* their numbers in runs.h */
	size_t count, missing;
	struct mptcp_sample_summary summary;
	bool is_base;
	bool too_few; /* of the group, or of its base, for a verdict */
	size_t base_count;
	double base_median;
	struct mptcp_sample_contrast contrast; /* to the base; p adjusted */
	enum mptcp_verdict verdict;
};

/* What its name says of a column: goodput and throughput should be high; rtt, delay and duration
 * low. */
enum mptcp_better mptcp_better_of(const char *column);
/* "better"; "" for MPTCP_VERDICT_NONE. */
const char *mptcp_verdict_name(enum mptcp_verdict verdict);
/* Whether a group is the base of others. */
bool mptcp_comparison_is_base(const struct mptcp_runs *runs, size_t group,
	const struct mptcp_comparison_rule *rule);
/* A row for each value and group, value by value, after mptcp_runs_end; to be released with free().
 * 0 or -1. */
int mptcp_comparison_rows(struct mptcp_runs *runs, const struct mptcp_comparison_rule *rule,
	struct mptcp_comparison **rows, size_t *count, struct mptcp_error *error);

#endif
