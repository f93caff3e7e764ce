/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet_list: a set of packets by number (packetid of mptcp-csv(5), frame.number of Wireshark),
 * read from a list such as "1,5-9" or from a table.
 */
#ifndef MPTCP_PACKET_LIST_H
#define MPTCP_PACKET_LIST_H

#include "csv.h"
#include "interval.h"

/* Adds "1,5-9": numbers from 1 on and ranges, separated by commas or spaces. 0, or -1: MPTCP_DATA
 * says what is not one of them. */
int mptcp_packet_list_add(struct mptcp_intervals *packets, const struct mptcp_text *list,
	struct mptcp_error *error);
/*
 * Adds the lists in the column packetid of a table, in the first one where no column is called so.
 * Its first row may be a header. 0 or -1; errors name the table by `name` and the line.
 */
int mptcp_packet_list_read(struct mptcp_intervals *packets, struct mptcp_csv *csv, const char *name,
	struct mptcp_error *error);
/* Whether a packet is among them. */
static inline bool mptcp_packet_list_has(const struct mptcp_intervals *packets, uint64_t packetid)
{
	const struct mptcp_interval *range =
		mptcp_intervals_at(packets, mptcp_intervals_find(packets, packetid));

	return range && range->start <= packetid;
}

#endif
