/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signals: the MPTCP options of a packet of the stream, parsed again from its column `options`, and
 * those that are malformed, from its column `malformed`.
 *
 * DSS is not among the values: it has columns of its own (its mapping: mptcp_signals_mapping). The
 * parsed values point into the struct, which therefore must not be copied.
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

/* The columns that mptcp_signals_read reads, besides `malformed`, which older streams do not have.
 */
#define MPTCP_SIGNALS_COLUMNS (MPTCP_HAS(tcpflags) | MPTCP_HAS(subtype) | MPTCP_HAS(options))

/* What mptcp_signals_mapping reads in addition. */
#define MPTCP_SIGNALS_MAPPING_COLUMNS \
	(MPTCP_HAS(datafin) | MPTCP_HAS(dss_ssn) | MPTCP_HAS(dss_length) | MPTCP_HAS(tcplen))

/* False if the packet has neither; an invalid column gives none. */
bool mptcp_signals_read(struct mptcp_signals *signals, const struct mptcp_packet *packet);
/*
 * The data sequence mapping that the packet announces, in its DSS option or in an MP_CAPABLE with
 * data (RFC 8684 section 3.1, the first data of its subflow): how many bytes of payload it covers,
 * and in *ssn the subflow sequence number of the first. 0 for none, for an infinite one, and for a
 * DATA_FIN alone.
 */
uint32_t mptcp_signals_mapping(const struct mptcp_packet *packet, uint32_t *ssn);

#endif
