/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verdict: what a host's counter says, held against what was predicted. */
#ifndef MPTCP_MIB_VERDICT_H
#define MPTCP_MIB_VERDICT_H

#include "mib.h"

enum mptcp_mib_verdict {
	MPTCP_MIB_VERDICT_EQUAL,
	MPTCP_MIB_VERDICT_WITHIN, /* the bounds */
	MPTCP_MIB_VERDICT_DIFFERS,
	MPTCP_MIB_VERDICT_UNPREDICTABLE /* nobody can tell */
};
/* "equal", "within", "differs", "unpredictable". */
const char *mptcp_mib_verdict_name(enum mptcp_mib_verdict verdict);

/* A counter that is about to be judged. */
struct mptcp_judged {
	enum mptcp_counter_class worth; /* of this row: exact only where low is high */
	struct mptcp_mib_count count;
	bool open; /* the highest number is not known */
};

/* A row of the prediction, or what stands for one that is not there (NULL): 0. */
struct mptcp_judged mptcp_judged_of(const struct mptcp_mib *mib, uint64_t group,
	enum mptcp_counter counter, const struct mptcp_mib_count *count);
enum mptcp_mib_verdict mptcp_judge(const struct mptcp_judged *judged, int64_t actual);

#endif
