/* SPDX-License-Identifier: GPL-2.0-or-later */
/* signals: see signals.h. */
#include "signals.h"

bool mptcp_signals_read(struct mptcp_signals *signals, const struct mptcp_packet *packet)
{
	int length;

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_options))
		return false;
	length = mptcp_options_from_text(signals->bytes, packet->options.bytes,
		packet->options.length);
	if (length <= 0)
		return false;
	mptcp_options_parse(&signals->options, signals->bytes, (size_t)length, packet->tcpflags);
	return signals->options.count > 0;
}
