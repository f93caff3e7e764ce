/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "series_event.h"

#include "signals.h"

#include <stdio.h>

struct text {
	char *bytes;
	size_t length;
};

static void add(struct text *text, const char *name, const struct mptcp_text *ids)
{
	size_t room = MPTCP_SERIES_EVENT_TEXT - text->length;
	int added = snprintf(text->bytes + text->length, room, "%s%s%s%.*s",
		text->length ? ", " : "", name, ids->length ? " " : "", (int)ids->length,
		ids->length ? ids->bytes : "");

	if (added > 0) /* what does not fit is cut off */
		text->length += (size_t)added < room ? (size_t)added : room - 1;
}

/* An ADD_ADDR that only confirms one (RFC 8684 section 3.4.1). */
static bool is_echo(const struct mptcp_packet *packet)
{
	struct mptcp_signals signals;
	const struct mptcp_option_value *option = mptcp_signals_read(&signals, packet)
		? mptcp_options_find(&signals.options, MPTCP_ADD_ADDR)
		: NULL;

	return option && option->add.echo;
}

static bool is_news(const struct mptcp_packet *packet, unsigned subtype)
{
	switch (subtype) {
	case MPTCP_MP_CAPABLE:
	case MPTCP_DSS:
		return false;
	case MPTCP_MP_JOIN:
		return (packet->tcpflags & (MPTCP_SYN | MPTCP_ACK)) == MPTCP_SYN;
	case MPTCP_ADD_ADDR:
		return !is_echo(packet);
	default:
		return true;
	}
}

size_t mptcp_series_event(char bytes[MPTCP_SERIES_EVENT_TEXT], const struct mptcp_packet *packet,
	bool fin_before)
{
	static const struct mptcp_text none;
	struct text text = {bytes, 0};
	bool has_ids = mptcp_packet_has(packet, MPTCP_COLUMN_addrid);
	uint16_t subtypes = mptcp_packet_subtypes(packet);

	for (unsigned subtype = 0; subtypes >> subtype; subtype++)
		if (subtypes >> subtype & 1 && is_news(packet, subtype))
			add(&text, mptcp_subtype_name(subtype),
				has_ids && subtype < MPTCP_MP_FAIL ? &packet->addrid : &none);
	if (!fin_before && mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin)
		add(&text, "DATA_FIN", &none);
	return text.length;
}

static bool is_reinjection(const struct mptcp_packet *packet)
{
	return mptcp_packet_has(packet, MPTCP_COLUMN_reinjection_of) &&
		packet->reinjection_of.length;
}

static bool is_retransmission(const struct mptcp_packet *packet)
{
	return mptcp_packet_has(packet, MPTCP_COLUMN_retransmission) && packet->retransmission;
}

enum mptcp_series_kind mptcp_series_kind_of(const struct mptcp_packet *packet)
{
	if (is_retransmission(packet))
		return MPTCP_POINT_RETRANSMISSION;
	return is_reinjection(packet) ? MPTCP_POINT_REINJECTION : MPTCP_POINT_DATA;
}
