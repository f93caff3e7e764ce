/* SPDX-License-Identifier: GPL-2.0-or-later */
/* packet_cells: what the cells of the packets' columns are (columns.def), for tables that have
 * some. */
#ifndef PACKET_CELLS_H
#define PACKET_CELLS_H

#include "layout.h"
#include "packet.h"

/* Numbers that may need all of 64 bits. */
#define PACKET_WIDE \
	(MPTCP_HAS(sendkey) | MPTCP_HAS(recvkey) | MPTCP_HAS(dss_dsn) | MPTCP_HAS(dss_rawack) | \
		MPTCP_HAS(dsn_raw) | MPTCP_HAS(dack_raw))

/* The types that are written as text. */
#define PACKET_TEXT_TYPES \
	(1U << MPTCP_TYPE_ADDRESS | 1U << MPTCP_TYPE_ROLE | 1U << MPTCP_TYPE_DIRECTION | \
		1U << MPTCP_TYPE_FLAGS | 1U << MPTCP_TYPE_TOKEN | 1U << MPTCP_TYPE_SUBTYPES | \
		1U << MPTCP_TYPE_TEXT)

/* The MPTCP_CELL_... of a column, of the name and the type that COLUMN has there. */
#define PACKET_CELLS(name, type) \
	((PACKET_TEXT_TYPES >> MPTCP_TYPE_##type & 1 ? MPTCP_CELL_TEXT : MPTCP_CELL_NUMBER) | \
		(MPTCP_HAS(name) & PACKET_WIDE ? MPTCP_CELL_WIDE : 0))

#endif
