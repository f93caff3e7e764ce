/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * series_ns3: the traces that MPTCP in ns-3 writes, as series.
 *
 * A folder has, for each node, files `<node>*meta*.csv` of its connection and `<node>*subflow*.csv`
 * of its subflows, with a header line: Time and a column for each attribute. Times are seconds, or
 * as ns-3 prints them ("+1500000.0ns"). A cell is a number, or the name of a TCP state of ns-3,
 * which becomes its number there; an empty cell has no value.
 */
#ifndef MPTCP_SERIES_NS3_H
#define MPTCP_SERIES_NS3_H

#include "series.h"

/*
 * Adds the rows of a node's files, in the order of their names, between mptcp_series_init and
 * mptcp_series_end. A line is "<file without .csv> <attribute>". An attribute that none of the
 * files has, and a node without files, are MPTCP_USAGE; what is wrong in a file is MPTCP_DATA with
 * file and line.
 */
int mptcp_series_ns3(struct mptcp_series *series, const char *folder, const char *node,
	const char *const *attributes, struct mptcp_error *error);

#endif
