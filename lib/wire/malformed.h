/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * malformed: an option that breaks its rules, as options.h finds it and as the column `malformed`
 * of the packet stream has it: NAME:LENGTH:REASON, several separated by ';'. NAME is the MPTCP
 * option, "MPTCP" for one without a subtype, "kind_N" for another option of TCP; LENGTH is its
 * length byte.
 *
 * One of a wrong length is passed over by that length; `zero_length` and `past_end` end the list.
 */
#ifndef MPTCP_MALFORMED_H
#define MPTCP_MALFORMED_H

#include "buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mptcp_malformed_reason {
	MPTCP_MALFORMED_LENGTH,      /* "length": not one that its subtype and form have */
	MPTCP_MALFORMED_NO_SUBTYPE,  /* "no_subtype": too short to have one */
	MPTCP_MALFORMED_NO_CHECKSUM, /* "no_checksum": MP_CAPABLE with data asks for checksums and
					has none (RFC 8684 section 3.1); its keys count */
	MPTCP_MALFORMED_ZERO_LENGTH, /* "zero_length": 0 or 1, less than its own header */
	MPTCP_MALFORMED_PAST_END,    /* "past_end": longer than what is left of the header */
	MPTCP_MALFORMED_REASONS
};

struct mptcp_malformed {
	uint8_t kind;   /* of the TCP option: 30 for MPTCP */
	int8_t subtype; /* enum mptcp_subtype in options.h; -1 for none */
	uint8_t length;
	enum mptcp_malformed_reason reason;
};

/* "length", "no_subtype", ...: static text. */
const char *mptcp_malformed_reason_name(enum mptcp_malformed_reason reason);
#define MPTCP_MALFORMED_NAME 16 /* room for the longest name, with NUL */
/* The option's name, as above. */
void mptcp_malformed_name(char name[MPTCP_MALFORMED_NAME], const struct mptcp_malformed *malformed);
/* Appends one to a list as the column has it. 0, or -1 when memory ran out. */
int mptcp_malformed_add(struct mptcp_buffer *list, const struct mptcp_malformed *malformed);
/* Gives those of a list one after another: start with *at = 0. False after the last one, and for
 * what is not such a list. */
bool mptcp_malformed_next(struct mptcp_malformed *malformed, const char *list, size_t length,
	size_t *at);

#endif
