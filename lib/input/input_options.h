/* SPDX-License-Identifier: GPL-2.0-or-later */
/* input_options: how captures are exported. */
#ifndef MPTCP_INPUT_OPTIONS_H
#define MPTCP_INPUT_OPTIONS_H

#include "log.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed, with the three programs set, is a good default. Strings are borrowed. */
struct mptcp_input_options {
	const char *tshark, *editcap, *dumpcap;
	const char *profile;       /* Wireshark profile, NULL for none */
	const char *const *fields; /* additional tshark fields */
	size_t field_count;
	unsigned jobs, chunk; /* 0: defaults of tshark.h */
	bool no_cache, regen;
	uint64_t cache_size;               /* 0: default */
	bool mptcp_only;                   /* leave out TCP connections that never carried MPTCP */
	bool keep_duplicates;              /* packets captured twice are packets like any other */
	bool copies;                       /* hand on packets that are copies of others */
	char delimiter;                    /* of CSV input; 0: ',' */
	const char *interface;             /* live capture instead of a file */
	const char *filter;                /* capture filter of a live capture */
	double duration;                   /* of a live capture, seconds; 0: no end */
	const volatile sig_atomic_t *stop; /* ends a live capture when not 0; NULL: nothing does */
	const char *name;                  /* what to call the input; NULL: its path */
	unsigned long long line; /* of CSV: the file's line of the first row; 0: it is the second */
	struct mptcp_log log;
};

#endif
