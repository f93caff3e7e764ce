/* SPDX-License-Identifier: GPL-2.0-or-later */
/* marks: the words of tables that are coloured on a terminal: red for what went wrong, yellow for
 * what is not as it was meant to be. */
#ifndef MARKS_H
#define MARKS_H

#include "table.h"

/* Ended by a zeroed one. */
extern const struct mptcp_table_mark marks[];

#endif
