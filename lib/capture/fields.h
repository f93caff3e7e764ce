/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fields: the additional tshark fields that a user asked for. Internal to tshark.c.
 *
 * tshark fills only one column of a field that it is asked for twice. So a field that a frame is
 * made from anyway, or that was asked for before, is not asked for again: its value is taken from
 * the column that is there.
 */
#ifndef MPTCP_FIELDS_H
#define MPTCP_FIELDS_H

#include "error.h"
#include "frame.h"

#include <stdbool.h>
#include <stddef.h>

struct mptcp_fields {
	const char **asked; /* of tshark, after mptcp_frame_fields; the strings are borrowed */
	size_t asked_count;
	bool state;                /* one of them needs state across packets */
	size_t count;              /* as the user gave them */
	size_t *columns;           /* for each of these its column in tshark's line */
	struct mptcp_text *line;   /* room for the values in a line ... */
	struct mptcp_text *values; /* ... and for them as the user gave them */
	size_t sum;                /* which of these, plus one, is payload_sum; 0: none */
	char digits[4];            /* its value */
};

/* Has to be released even after a failure. */
int mptcp_fields_init(struct mptcp_fields *fields, const char *const *names, size_t count,
	struct mptcp_error *error);
void mptcp_fields_clear(struct mptcp_fields *fields);
/* mptcp_frame_parse, with the values as the user gave the fields. */
enum mptcp_frame_kind mptcp_fields_parse(struct mptcp_fields *fields, struct mptcp_frame *frame,
	const char *line, size_t length, struct mptcp_interned **names);

#endif
