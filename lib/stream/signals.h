/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signals: the MPTCP options of a packet of the stream, parsed again from its column `options`, and
 * those that are malformed, from its column `malformed`.
 *
 * DSS is not among the values: it has columns of its own. The parsed values point into the struct,
 * which therefore must not be copied.
 */
#ifndef MPTCP_SIGNALS_H
#define MPTCP_SIGNALS_H

#include "options.h"
#include "packet.h"

#include <stdbool.h>

struct mptcp_signals {
	uint8_t bytes[40];
	struct mptcp_options options;
};

/* The columns that mptcp_signals_read reads; older streams have none of the optional ones. */
#define MPTCP_SIGNALS_OPTIONAL MPTCP_HAS(malformed)
#define MPTCP_SIGNALS_COLUMNS (MPTCP_HAS(tcpflags) | MPTCP_HAS(subtype) | MPTCP_HAS(options))

/* False if the packet has neither; a column that is not what it should be gives none. */
bool mptcp_signals_read(struct mptcp_signals *signals, const struct mptcp_packet *packet);

#endif
