/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mib_table: the table of mptcp-mib(1): its columns, and the rows of mib.h, beside what the host
 * counted, as its cells. */
#ifndef MPTCP_MIB_TABLE_H
#define MPTCP_MIB_TABLE_H

#include "actual.h"
#include "mib.h"
#include "table.h"

#define MPTCP_MIB_TABLE_COLUMNS 12

extern const struct mptcp_table_column mptcp_mib_table_columns[MPTCP_MIB_TABLE_COLUMNS];

struct mptcp_mib_table {
	struct mptcp_table *table;
	const struct mptcp_mib *mib;       /* after mptcp_mib_end */
	const struct mptcp_actual *actual; /* NULL: nothing to compare with */
	bool zero;                         /* counters that are 0 have rows, too */
	/* what the rows said */
	unsigned differences; /* counters that differ */
	unsigned judged;      /* counters of which something can be said, without rows too */
};

/* Shows the columns that rows by connection or period and a comparison fill, in the layout of the
 * usual columns. */
void mptcp_mib_table_show(struct mptcp_layout *layout, const struct mptcp_mib *mib, bool compared);
/* Puts all rows: of each connection or period the counters in the order of the kernel, those that
 * are not predicted too; then those of the host that have no rule. Errors are those of the table.
 */
void mptcp_mib_table_put(struct mptcp_mib_table *rows);

#endif
