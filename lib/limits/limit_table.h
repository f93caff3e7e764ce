/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limit_table: the rows of limit.h as the table of mptcp-lb(1). */
#ifndef MPTCP_LIMIT_TABLE_H
#define MPTCP_LIMIT_TABLE_H

#include "limit.h"
#include "table.h"

#define MPTCP_LIMITS_TABLE_COLUMNS 20
extern const struct mptcp_table_column mptcp_limits_table_columns[MPTCP_LIMITS_TABLE_COLUMNS];

/* A row. What its moments count from is set before (mptcp_table_origins). */
void mptcp_limits_table_put(struct mptcp_table *table, const struct mptcp_limits_row *row);

#endif
