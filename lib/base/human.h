/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * human: numbers with a unit, as short as people read them: two digits, or three before the point.
 *
 *	"bytes"  999 B, 1.2 MB    powers of 1000
 *	"bps"    400 kbit/s       powers of 1000
 *	"s"      850 us, 12 ms, 3.4 s, 17 min, 5.1 h
 *	"share"  35 %             of a fraction of 1
 */
#ifndef MPTCP_HUMAN_H
#define MPTCP_HUMAN_H

#include "buffer.h"

/* Appends a decimal number in that unit. What is not a number, or has another unit, is appended as
 * it is. */
void mptcp_human_add(struct mptcp_buffer *to, const char *unit, const char *text, size_t length);

#endif
