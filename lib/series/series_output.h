/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series_output: a series, and the table of all series, as mptcp-series(1) prints them. */
#ifndef MPTCP_SERIES_OUTPUT_H
#define MPTCP_SERIES_OUTPUT_H

#include "series.h"
#include "table.h"

#define MPTCP_SERIES_COLUMNS 6

/* x, y, series, kind, y2, label */
extern const struct mptcp_table_column mptcp_series_columns[MPTCP_SERIES_COLUMNS];

/* Whether x is a point in time, which counts from the beginning of the capture (options.start). */
bool mptcp_series_is_timed(const struct mptcp_series_info *info);
/* The connection that a row is of: true and its mptcpstream, or false and the tcpstream of a TCP
 * connection without MPTCP. */
bool mptcp_series_place(const struct mptcp_series *series, const struct mptcp_series_row *row,
	uint32_t *number);
/* Puts a row, after mptcp_series_end; a point in time as a moment of the table. */
void mptcp_series_write(struct mptcp_table *table, const struct mptcp_series *series,
	const struct mptcp_series_row *row);
/*
 * Appends a line for each series: name, x label, x unit, y label, y unit, meaning, options (their
 * long names, separated by spaces), separated by tabs. 0, or -1 when memory ran out.
 */
int mptcp_series_list(struct mptcp_buffer *text);

#endif
