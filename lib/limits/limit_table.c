/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "limit_table.h"

#include <math.h>

enum {
	MPTCPSTREAM,
	TCPSTREAM,
	MPTCPDEST,
	START,
	LENGTH,
	BYTES,
	GOODPUT_BPS,
	MAIN,
	CULPRIT,
	APP_IDLE,
	APP_PACED,
	MPTCP_WINDOW,
	SUBFLOW_WINDOW,
	SEND_BUFFER,
	RECOVERY,
	NETWORK,
	HOL_BLOCKED,
	HOL_CULPRIT,
	CONFIDENCE,
	VANTAGE,
	COLUMNS
};
_Static_assert(NETWORK - APP_IDLE == MPTCP_LIMIT_NETWORK - MPTCP_LIMIT_APP_IDLE,
	"the shares in the order of the limits");

const struct mptcp_table_column mptcp_limits_table_columns[MPTCP_LIMITS_TABLE_COLUMNS] = {
	[MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 1, "", "number of the connection"},
	[TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 6, "",
		"of a TCP connection without MPTCP: its number"},
	[MPTCPDEST] = {"mptcpdest", MPTCP_CELL_TEXT, 1, "",
		"MPTCP role of the host to which the data goes; without MPTCP its TCP role"},
	[START] = {"start", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 1, "s",
		"when the interval begins"},
	[LENGTH] = {"length", MPTCP_CELL_REAL, 4, "s", "how long it is"},
	[BYTES] = {"bytes", MPTCP_CELL_NUMBER, 5, "bytes", "new data sent in it"},
	[GOODPUT_BPS] = {"goodput_bps", MPTCP_CELL_NUMBER, 2, "bps", "bytes * 8 / length"},
	[MAIN] = {"main", MPTCP_CELL_TEXT, 1, "", "the largest of the shares that follow"},
	[CULPRIT] = {"culprit", MPTCP_CELL_NUMBER, 3, "",
		"tcpstream that was waited for most of the time of recovery"},
	[APP_IDLE] = {"app_idle", MPTCP_CELL_REAL, 3, "share",
		"of the time: nothing in flight, and the application sends nothing"},
	[APP_PACED] = {"app_paced", MPTCP_CELL_REAL, 3, "share",
		"the application sends less than it could"},
	[MPTCP_WINDOW] = {"mptcp_window", MPTCP_CELL_REAL, 3, "share",
		"the receive window of the connection is full"},
	[SUBFLOW_WINDOW] = {"subflow_window", MPTCP_CELL_REAL, 4, "share",
		"the windows of the subflows are; without MPTCP, the window"},
	[SEND_BUFFER] = {"send_buffer", MPTCP_CELL_REAL, 4, "share", "the sender's buffer is full"},
	[RECOVERY] = {"recovery", MPTCP_CELL_REAL, 3, "share",
		"data that was lost, or is late, is waited for"},
	[NETWORK] = {"network", MPTCP_CELL_REAL, 3, "share",
		"the rest: the congestion window, or the path"},
	[HOL_BLOCKED] = {"hol_blocked", MPTCP_CELL_REAL, 5, "s",
		"how long data waited at the receiver for data before it"},
	[HOL_CULPRIT] = {"hol_culprit", MPTCP_CELL_NUMBER, 5, "",
		"tcpstream that it waited for most of that time"},
	[CONFIDENCE] = {"confidence", MPTCP_CELL_TEXT, 4, "",
		"high or low: away from the sender, without the window scale, send_buffer"},
	[VANTAGE] = {"vantage", MPTCP_CELL_TEXT, 6, "",
		"where the capture was taken: sender, receiver or middle (or unknown)"},
};
_Static_assert(COLUMNS == MPTCP_LIMITS_TABLE_COLUMNS, "every column described");

static void put_numbers(struct mptcp_table *table, const struct mptcp_limits_row *row)
{
	if (row->plain)
		mptcp_table_unsigned(table, TCPSTREAM, row->tcpstream);
	else
		mptcp_table_unsigned(table, MPTCPSTREAM, row->mptcpstream);
	mptcp_table_string(table, MPTCPDEST, row->dest == MPTCP_SERVER ? "server" : "client");
	mptcp_table_time(table, START, row->start);
	mptcp_table_time(table, LENGTH, row->length);
	mptcp_table_unsigned(table, BYTES, row->bytes);
	if (row->length > 0)
		mptcp_table_unsigned(table, GOODPUT_BPS,
			(uint64_t)((double)row->bytes * 8e9 / (double)row->length));
}

void mptcp_limits_table_put(struct mptcp_table *table, const struct mptcp_limits_row *row)
{
	put_numbers(table, row);
	if (isfinite(row->share[row->main]))
		mptcp_table_string(table, MAIN, mptcp_limit_name(row->main));
	for (size_t i = 0; i < MPTCP_LIMITS; i++)
		mptcp_table_real(table, APP_IDLE + i, row->share[i], 3);
	if (row->has_culprit)
		mptcp_table_unsigned(table, CULPRIT, row->culprit);
	mptcp_table_time(table, HOL_BLOCKED, row->blocked);
	if (row->has_blocker)
		mptcp_table_unsigned(table, HOL_CULPRIT, row->blocker);
	mptcp_table_string(table, CONFIDENCE, row->sure ? "high" : "low");
	mptcp_table_string(table, VANTAGE, mptcp_limits_vantage_name(row->vantage));
	mptcp_table_end_row(table);
}
