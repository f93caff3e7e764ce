/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verdict.h"

const char *mptcp_mib_verdict_name(enum mptcp_mib_verdict verdict)
{
	static const char *const names[] = {
		[MPTCP_MIB_VERDICT_EQUAL] = "equal",
		[MPTCP_MIB_VERDICT_WITHIN] = "within",
		[MPTCP_MIB_VERDICT_DIFFERS] = "differs",
		[MPTCP_MIB_VERDICT_UNPREDICTABLE] = "unpredictable",
	};

	return names[verdict];
}

struct mptcp_judged mptcp_judged_of(const struct mptcp_mib *mib, uint64_t group,
	enum mptcp_counter counter, const struct mptcp_mib_count *count)
{
	struct mptcp_judged judged = {.worth = mptcp_counter_rules[counter].worth,
		.open = mptcp_mib_has_no_highest(mib, group) ||
			(count && count->high >= MPTCP_MIB_OPEN)};

	if (counter == MPTCP_COUNTER_DataCsumErr && mib->verified)
		judged.worth = MPTCP_COUNTER_EXACT;
	if (count)
		judged.count = *count;
	if (judged.count.low < 0)
		judged.count.low = 0;
	if (judged.count.high < judged.count.predicted)
		judged.count.high = judged.count.predicted;
	if (judged.worth == MPTCP_COUNTER_EXACT &&
		(judged.open || judged.count.low != judged.count.high))
		judged.worth = MPTCP_COUNTER_BOUNDED;
	return judged;
}

enum mptcp_mib_verdict mptcp_judge(const struct mptcp_judged *judged, int64_t actual)
{
	const struct mptcp_mib_count *count = &judged->count;

	if (judged->worth == MPTCP_COUNTER_UNPREDICTABLE)
		return MPTCP_MIB_VERDICT_UNPREDICTABLE;
	if (actual == count->predicted)
		return MPTCP_MIB_VERDICT_EQUAL;
	if (judged->worth == MPTCP_COUNTER_HINT)
		return MPTCP_MIB_VERDICT_UNPREDICTABLE;
	if (actual < count->low || (!judged->open && actual > count->high))
		return MPTCP_MIB_VERDICT_DIFFERS;
	return judged->open && actual > count->high ? MPTCP_MIB_VERDICT_UNPREDICTABLE
						    : MPTCP_MIB_VERDICT_WITHIN;
}
