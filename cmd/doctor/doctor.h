/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor: is everything that the tools need there, and does it work together?
 *
 * Looks at the programs (their versions, the fields and terminals they have), at the cache and the
 * configuration in use, and sends a small capture of its own through the whole pipeline.
 */
#ifndef MPTCP_DOCTOR_H
#define MPTCP_DOCTOR_H

#include "buffer.h"
#include "config.h"
#include "input.h"

#include <stdbool.h>

enum mptcp_check_state {
	MPTCP_CHECK_OK,
	MPTCP_CHECK_NOTE,  /* the tools work with less: no cache, no plots */
	MPTCP_CHECK_FAILED /* they do not work */
};
/* "ok", "note", "failed". */
const char *mptcp_check_state_name(enum mptcp_check_state state);

struct doctor_check {
	const char *name; /* "tshark" */
	enum mptcp_check_state state;
	struct mptcp_buffer found; /* "4.0.17, /usr/bin/tshark" or what is wrong */
	const char *remedy;        /* what to do, "" where there is nothing to do */
};

/* Called with each check when it is done; `check` is valid until it returns. */
typedef void mptcp_doctor_report(void *context, const struct doctor_check *check);

/* Options and configuration as a tool has them. 0; -1 if one of the checks failed. */
int mptcp_doctor(const struct mptcp_input_options *options, const struct mptcp_config *config,
	mptcp_doctor_report *report, void *context);

#endif
