/* SPDX-License-Identifier: GPL-2.0-or-later */
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

uint32_t mptcp_signals_mapping(const struct mptcp_packet *packet, uint32_t *ssn)
{
	uint16_t subtypes = mptcp_packet_subtypes(packet);
	struct mptcp_signals signals;

	if (subtypes & 1U << MPTCP_DSS && mptcp_packet_has(packet, MPTCP_COLUMN_dss_length) &&
		mptcp_packet_has(packet, MPTCP_COLUMN_dss_ssn)) {
		/* section 3.3.3: a DATA_FIN takes one number and no byte */
		bool fin = mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin;

		*ssn = packet->dss_ssn;
		return packet->dss_length - (packet->dss_length && fin ? 1 : 0);
	}
	if (!(subtypes & 1U << MPTCP_MP_CAPABLE) || !packet->tcplen ||
		!mptcp_signals_read(&signals, packet))
		return 0;
	const struct mptcp_option_value *value =
		mptcp_options_find(&signals.options, MPTCP_MP_CAPABLE);
	*ssn = 1;
	return value && value->capable.has_length ? value->capable.data_length : 0;
}
