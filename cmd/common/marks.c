/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "marks.h"

const struct mptcp_table_mark marks[] = {
	/* states of connections and subflows; of a check of mptcp-doctor */
	{"failed", true},
	{"reset", true},
	{"fastclose", false},
	{"fallback", false},
	{"partial", false},
	{"note", false},
	/* events */
	{"CONNECT_FAILED", true},
	{"JOIN_FAILED", true},
	{"SUBFLOW_FAILED", true},
	{"SUBFLOW_RESET", true},
	{"MP_TCPRST", true},
	{"MP_FAIL", true},
	{"FALLBACK", false},
	{"INFINITE_MAPPING", false},
	{"MP_FASTCLOSE", false},
	{"OPTION_MALFORMED", false},
	/* fates of a packet, of a reinjection */
	{"lost", true},
	{"not_captured", false},
	/* verdicts of mptcp-compare */
	{"worse", true},
	{"unclear", false},
	{0},
};
