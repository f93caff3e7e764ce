/* SPDX-License-Identifier: GPL-2.0-or-later */
/* anon_tool: the parts of mptcp-anon: its options, its seed, what it says of what it did. */
#ifndef ANON_TOOL_H
#define ANON_TOOL_H

#include "anon.h"
#include "proof.h"
#include "tool.h"

struct anon_wanted {
	const char *seed, *seed_file, *report; /* NULL for none */
	struct mptcp_anon anon;                /* as far as options say what is to be done */
};

extern const struct mptcp_option anon_options[];
/* As mptcp_tool.take; the context is a struct anon_wanted. */
int anon_take(int letter, const char *value, void *context, struct mptcp_error *error);

/* Chooses a seed: that of the options, or one by lot that fits. 0 or -1 (reported). */
int anon_choose_seed(struct tool_run *run, const struct anon_wanted *wanted,
	struct mptcp_anon *anon);

/* Says how many packets were left out, and why, and what looks like an address. */
void anon_say(struct tool_run *run, const struct mptcp_anon *anon,
	const struct mptcp_proof_likeness *likeness);
/* --report: numbers, never what they are numbers of. 0 or -1 (reported). */
int anon_report(struct tool_run *run, const char *path, const struct mptcp_anon *anon);

#endif
