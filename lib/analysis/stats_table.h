/* SPDX-License-Identifier: GPL-2.0-or-later */
/* stats_table: the table of mptcp-stat(1): its columns, and a row of stats.h as its cells. */
#ifndef MPTCP_STATS_TABLE_H
#define MPTCP_STATS_TABLE_H

#include "stats.h"
#include "table.h"

#define MPTCP_STATS_TABLE_COLUMNS 47

extern const struct mptcp_table_column mptcp_stats_table_columns[MPTCP_STATS_TABLE_COLUMNS];

/* Puts a row, and ends it. `arrived` is the same row as the capture of the receiver shows it, for
 * the columns of --peer; NULL for none. */
void mptcp_stats_table_put(struct mptcp_table *table, const struct mptcp_stats_row *row,
	const struct mptcp_stats_row *arrived);

#endif
