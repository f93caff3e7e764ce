/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check_table.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	SEVERITY,
	FINDING,
	MPTCPSTREAM,
	TCPSTREAM,
	MPTCPDEST,
	PACKETID,
	RELATED,
	COUNT,
	LAST_PACKETID,
	TIME,
	EXPECTED,
	GOT,
	WHERE,
	SECTION,
	TEXT,
	ABSTIME,
	COLUMNS
};
_Static_assert(COLUMNS == MPTCP_CHECK_TABLE_COLUMNS, "the header knows how many there are");

const struct mptcp_table_column mptcp_check_table_columns[MPTCP_CHECK_TABLE_COLUMNS] = {
	[SEVERITY] = {"severity", MPTCP_CELL_TEXT | MPTCP_CELL_MARKED, 1, "",
		"error, warning, note or info"},
	[FINDING] = {"finding", MPTCP_CELL_TEXT, 1, "", "its identifier; see --explain"},
	[MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 3, "", "number of the connection"},
	[TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 3, "", "number of the TCP connection"},
	[MPTCPDEST] = {"mptcpdest", MPTCP_CELL_TEXT, 6, "",
		"MPTCP role of the host to which its packets go: client or server"},
	[PACKETID] = {"packetid", MPTCP_CELL_NUMBER, 2, "", "the first packet"},
	[RELATED] = {"related", MPTCP_CELL_TEXT, 9, "",
		"other packets that prove it, separated by ';'"},
	[COUNT] = {"count", MPTCP_CELL_NUMBER, 5, "", "occurrences on this subflow and direction"},
	[LAST_PACKETID] = {"last_packetid", MPTCP_CELL_NUMBER, 9, "", "the last packet"},
	[TIME] = {"time", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 8, "s",
		"time of the first packet"},
	[EXPECTED] = {"expected", MPTCP_CELL_TEXT, 4, "", "the value that the rule asks for"},
	[GOT] = {"got", MPTCP_CELL_TEXT, 4, "", "the value in the packet"},
	[WHERE] = {"where", MPTCP_CELL_TEXT, 7, "",
		"who is to blame: host, network, capture or unknown"},
	[SECTION] = {"section", MPTCP_CELL_TEXT, 8, "", "where the rule is"},
	[TEXT] = {"text", MPTCP_CELL_TEXT, 2, "", "the finding in a sentence"},
	[ABSTIME] = {"abstime", MPTCP_CELL_NUMBER, 12, "s",
		"time of the first packet since the epoch, whatever --time says"},
};

bool mptcp_check_table_takes(const struct mptcp_selection *selection,
	const struct mptcp_finding *finding)
{
	if (!finding->has_tcpstream)
		return !selection->has_mptcpstream && !selection->has_tcpstream &&
			!selection->has_destination;
	if (finding->has_mptcpstream ? !mptcp_selection_takes_subflow(selection,
					       finding->mptcpstream, finding->tcpstream)
				     : selection->has_mptcpstream ||
				!mptcp_selection_takes_stream(selection, finding->tcpstream))
		return false;
	return mptcp_selection_takes_direction(selection, finding->mptcpdest) &&
		mptcp_selection_takes_moment(selection, finding->reltime);
}

/* Which packets show it. */
static void put_packets(struct mptcp_table *table, const struct mptcp_finding *finding)
{
	char related[64] = "";

	if (finding->related[0])
		snprintf(related, sizeof(related),
			finding->related[1] ? "%" PRIu64 ";%" PRIu64 : "%" PRIu64,
			finding->related[0], finding->related[1]);
	mptcp_table_unsigned(table, PACKETID, finding->packetid);
	mptcp_table_string(table, RELATED, related);
	mptcp_table_unsigned(table, COUNT, finding->count);
	mptcp_table_unsigned(table, LAST_PACKETID, finding->last_packetid);
	mptcp_table_time(table, TIME, finding->abstime);
	mptcp_table_time(table, ABSTIME, finding->abstime);
}

void mptcp_check_table_put(struct mptcp_table *table, const struct mptcp_finding *finding)
{
	const struct mptcp_finding_info *info = &mptcp_findings[finding->id];

	mptcp_table_string(table, SEVERITY, mptcp_severity_name(finding->severity));
	mptcp_table_string(table, FINDING, info->id);
	if (finding->has_mptcpstream)
		mptcp_table_unsigned(table, MPTCPSTREAM, finding->mptcpstream);
	if (finding->has_tcpstream)
		mptcp_table_unsigned(table, TCPSTREAM, finding->tcpstream);
	if (finding->has_mptcpstream)
		mptcp_table_string(table, MPTCPDEST,
			finding->mptcpdest == MPTCP_SERVER ? "server" : "client");
	put_packets(table, finding);
	mptcp_table_string(table, EXPECTED, finding->expected);
	mptcp_table_string(table, GOT, finding->got);
	mptcp_table_string(table, WHERE, mptcp_where_name(finding->where));
	mptcp_table_string(table, SECTION, info->section);
	mptcp_table_string(table, TEXT, info->text);
	mptcp_table_end_row(table);
}
