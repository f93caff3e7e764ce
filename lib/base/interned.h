/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interned: strings that are kept once each, as the names of interfaces that stand in many packets.
 *
 * The number of strings does not matter to how long one is looked for. A NULL pointer is an empty
 * set.
 */
#ifndef MPTCP_INTERNED_H
#define MPTCP_INTERNED_H

#include "text.h"

struct mptcp_interned;

/* The string that is kept for a text, with a 0 byte after it; it lives as long as the set. NULL
 * when memory ran out. */
const char *mptcp_interned_add(struct mptcp_interned **set, struct mptcp_text text);
void mptcp_interned_free(struct mptcp_interned *set);

#endif
