/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_table: the table of mptcp-check(1): its columns, and a finding as its cells. */
#ifndef MPTCP_CHECK_TABLE_H
#define MPTCP_CHECK_TABLE_H

#include "finding.h"
#include "selection.h"
#include "table.h"

#define MPTCP_CHECK_TABLE_COLUMNS 16

extern const struct mptcp_table_column mptcp_check_table_columns[MPTCP_CHECK_TABLE_COLUMNS];

/* Whether it is about what the selection chooses. What is about the capture as a whole belongs to
 * no connection and no direction. */
bool mptcp_check_table_takes(const struct mptcp_selection *selection,
	const struct mptcp_finding *finding);
/* Puts a row, and ends it. */
void mptcp_check_table_put(struct mptcp_table *table, const struct mptcp_finding *finding);

#endif
