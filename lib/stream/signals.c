/* SPDX-License-Identifier: GPL-2.0-or-later */
/* signals: see signals.h. */
#include "signals.h"

bool mptcp_signals_read(struct mptcp_signals *signals, const struct mptcp_packet *packet)
{
	struct mptcp_options *options = &signals->options;
	int length = 0;

	if (mptcp_packet_has(packet, MPTCP_COLUMN_options))
		length = mptcp_options_from_text(signals->bytes, packet->options.bytes,
			packet->options.length);
	mptcp_options_parse(options, signals->bytes, length > 0 ? (size_t)length : 0,
		packet->tcpflags);
	options->malformed_count = 0;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_malformed))
		for (size_t at = 0; options->malformed_count < MPTCP_MALFORMED_MAX &&
			mptcp_malformed_next(&options->malformed[options->malformed_count],
				packet->malformed.bytes, packet->malformed.length, &at);)
			options->malformed_count++;
	return options->count || options->malformed_count;
}
