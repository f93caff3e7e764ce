/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "resolve.h"

#include "bytes.h"
#include "learn.h"
#include "payload.h"

#include <string.h>

void mptcp_resolver_clear(struct mptcp_resolver *resolver)
{
	mptcp_buffer_clear(&resolver->sack);
	mptcp_buffer_clear(&resolver->malformed);
	mptcp_buffer_clear(&resolver->addrid);
	mptcp_buffer_clear(&resolver->options);
	mptcp_buffer_clear(&resolver->reinjection_of);
	mptcp_buffer_clear(&resolver->dsn_split);
}

static void set_text(struct mptcp_packet *packet, struct mptcp_text *member,
	enum mptcp_column_id id, const struct mptcp_buffer *text)
{
	if (!text->length)
		return;
	*member = (struct mptcp_text){text->bytes, text->length};
	packet->present |= MPTCP_BIT(id);
}

/* What stands in the frame as it is. */
static void copy_frame(struct mptcp_packet *packet, const struct mptcp_frame *frame,
	int64_t start_time)
{
	*packet = (struct mptcp_packet){0};
	packet->packetid = frame->number;
	packet->abstime = frame->time;
	packet->reltime = frame->time - start_time;
	packet->ipsrc = frame->source;
	packet->ipdst = frame->destination;
	packet->sport = frame->source_port;
	packet->dport = frame->destination_port;
	packet->tcpflags = frame->flags;
	packet->tcpseq_raw = frame->sequence;
	packet->tcplen = frame->length;
	packet->interface = frame->interface;
	packet->extra = frame->extra;
	packet->extras = frame->extras;
	packet->present = MPTCP_HAS(packetid) | MPTCP_HAS(abstime) | MPTCP_HAS(reltime) |
		MPTCP_HAS(ipsrc) | MPTCP_HAS(ipdst) | MPTCP_HAS(sport) | MPTCP_HAS(dport) |
		MPTCP_HAS(tcpflags) | MPTCP_HAS(tcpseq_raw) | MPTCP_HAS(tcplen) |
		MPTCP_HAS(interface_id);
	if (frame->interface.length)
		packet->present |= MPTCP_HAS(interface);
	packet->ttl = frame->ttl;
	packet->ipid = frame->ipid;
	packet->direction = frame->direction;
	packet->interface_id = frame->interface_id;
	packet->caplen = frame->captured;
	packet->options_cut = frame->options_cut;
	packet->present |= (frame->has_ttl ? MPTCP_HAS(ttl) : 0) |
		(frame->has_ipid ? MPTCP_HAS(ipid) : 0) |
		(frame->has_direction ? MPTCP_HAS(direction) : 0) |
		(frame->captured < frame->original ? MPTCP_HAS(caplen) : 0) |
		(frame->options_cut ? MPTCP_HAS(options_cut) : 0);
}

/* The TCP level: numbers relative to the handshake. */
static void resolve_tcp(struct mptcp_packet *packet, const struct mptcp_frame *frame,
	struct mptcp_flow *flow, unsigned from)
{
	struct mptcp_flow_end *end = &flow->ends[from], *peer = &flow->ends[!from];

	packet->tcpstream = flow->number;
	packet->tcpdest = from == flow->client ? MPTCP_SERVER : MPTCP_CLIENT;
	packet->tcpseq = frame->sequence - end->isn;
	packet->rwnd = frame->window;
	/* RFC 7323 section 2.2: scaled unless the peer's SYN did not ask for it, and never in a SYN
	 */
	if (end->has_scale && (peer->has_scale || !peer->has_syn) && !(frame->flags & MPTCP_SYN))
		packet->rwnd <<= end->scale;
	packet->present |=
		MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) | MPTCP_HAS(tcpseq) | MPTCP_HAS(rwnd);
	if (frame->flags & MPTCP_ACK) {
		uint64_t acked =
			mptcp_sequence_extend(peer->highest, frame->acknowledgement - peer->isn);

		packet->tcpack = frame->acknowledgement - peer->isn;
		packet->present |= MPTCP_HAS(tcpack);
		if (acked <= peer->highest + 1)
			mptcp_fate_acknowledge(&peer->fate, acked);
	}
	uint64_t stop = mptcp_flow_position(end, frame->sequence) +
		(frame->flags & MPTCP_SYN ? 1 : 0) + frame->length;
	if (frame->length && mptcp_sequence_ahead(stop, end->highest) > 0)
		end->highest = stop;
}

static void add_number(struct mptcp_buffer *list, uint64_t number)
{
	if (list->length)
		mptcp_buffer_add_char(list, ';');
	mptcp_buffer_add_unsigned(list, number);
}

static void add_hex(struct mptcp_buffer *list, const uint8_t *bytes, size_t length)
{
	if (list->length)
		mptcp_buffer_add_char(list, ';');
	for (size_t i = 0; i < length; i++) {
		char pair[2] = {MPTCP_HEX_DIGITS[bytes[i] >> 4], MPTCP_HEX_DIGITS[bytes[i] & 15]};

		mptcp_buffer_add(list, pair, 2);
	}
}

/* The options of TCP itself, and what is malformed; `isn` is the initial sequence number of the
 * peer. */
static int resolve_tcp_options(struct mptcp_resolver *resolver, struct mptcp_packet *packet,
	const struct mptcp_options *options, uint32_t isn)
{
	if (options->has_timestamps) {
		packet->tsval = options->tsval;
		packet->tsecr = options->tsecr;
		packet->present |= MPTCP_HAS(tsval) | MPTCP_HAS(tsecr);
	}
	if (packet->tcpflags & MPTCP_SYN) {
		packet->wscale = options->window_scale;
		packet->mss = options->mss;
		packet->present |= (options->has_window_scale ? MPTCP_HAS(wscale) : 0) |
			(options->has_mss ? MPTCP_HAS(mss) : 0);
	}
	for (unsigned i = 0; i < options->sack_count; i++) {
		add_number(&resolver->sack, options->sack[i].left - isn);
		mptcp_buffer_add_char(&resolver->sack, '-');
		mptcp_buffer_add_unsigned(&resolver->sack, options->sack[i].right - isn);
	}
	for (size_t i = 0; i < options->malformed_count; i++)
		mptcp_malformed_add(&resolver->malformed, &options->malformed[i]);
	set_text(packet, &packet->sack, MPTCP_COLUMN_sack, &resolver->sack);
	set_text(packet, &packet->malformed, MPTCP_COLUMN_malformed, &resolver->malformed);
	return resolver->sack.failed || resolver->malformed.failed ? -1 : 0;
}

static void resolve_capable(struct mptcp_packet *packet, const struct mptcp_option_value *value,
	const struct mptcp_keys *keys, enum mptcp_role sender)
{
	if (value->capable.keys >= 1) {
		const struct mptcp_key *key = mptcp_keys_chosen(keys, sender);

		packet->sendkey = value->capable.sender_key;
		packet->present |= MPTCP_HAS(sendkey);
		if (key && key->key == value->capable.sender_key) {
			packet->expected_token = key->token;
			packet->present |= MPTCP_HAS(expected_token);
		}
	}
	if (value->capable.keys >= 2) {
		packet->recvkey = value->capable.receiver_key;
		packet->present |= MPTCP_HAS(recvkey);
	}
}

static void resolve_backup(struct mptcp_packet *packet, bool backup)
{
	packet->backup = backup;
	packet->present |= MPTCP_HAS(backup);
}

static void resolve_dss(struct mptcp_packet *packet, const struct mptcp_option_value *value)
{
	packet->datafin = value->dss.data_fin;
	packet->dss_flags = value->dss.flags;
	packet->dss_checksum = value->dss.checksum;
	packet->present |= MPTCP_HAS(datafin) | MPTCP_HAS(dss_flags) |
		(value->dss.has_checksum ? MPTCP_HAS(dss_checksum) : 0);
	if (value->dss.has_ack) {
		packet->dss_rawack = value->dss.ack;
		packet->present |= MPTCP_HAS(dss_rawack);
	}
	if (value->dss.has_mapping) {
		packet->dss_dsn = value->dss.dsn;
		packet->dss_ssn = value->dss.ssn;
		packet->dss_length = value->dss.length;
		packet->present |= MPTCP_HAS(dss_dsn) | MPTCP_HAS(dss_ssn) | MPTCP_HAS(dss_length);
	}
}

/* The packet's own options, as on the wire. */
static int resolve_options(struct mptcp_resolver *resolver, struct mptcp_packet *packet,
	const struct mptcp_options *options, const struct mptcp_keys *keys, enum mptcp_role sender)
{
	packet->subtype = options->subtypes;
	packet->present |= MPTCP_HAS(subtype);
	for (size_t i = 0; i < options->count; i++) {
		const struct mptcp_option_value *value = &options->values[i];

		switch (value->subtype) {
		case MPTCP_MP_CAPABLE:
			resolve_capable(packet, value, keys, sender);
			break;
		case MPTCP_MP_JOIN:
			if (value->join.form == MPTCP_JOIN_SYN) {
				packet->recvtok = value->join.token;
				packet->present |= MPTCP_HAS(recvtok);
			}
			if (value->join.form != MPTCP_JOIN_ACK) {
				add_number(&resolver->addrid, value->join.address_id);
				resolve_backup(packet, value->join.backup);
			}
			break;
		case MPTCP_DSS:
			resolve_dss(packet, value);
			continue; /* has its own columns */
		case MPTCP_ADD_ADDR:
			add_number(&resolver->addrid, value->add.address_id);
			break;
		case MPTCP_REMOVE_ADDR:
			for (unsigned id = 0; id < value->remove.count; id++)
				add_number(&resolver->addrid, value->remove.address_ids[id]);
			break;
		case MPTCP_MP_PRIO:
			if (value->prio.has_address_id)
				add_number(&resolver->addrid, value->prio.address_id);
			resolve_backup(packet, value->prio.backup);
			break;
		case MPTCP_MP_FASTCLOSE:
			packet->recvkey = value->fastclose.key;
			packet->present |= MPTCP_HAS(recvkey);
			break;
		default:
			break;
		}
		add_hex(&resolver->options, value->bytes, value->length);
	}
	set_text(packet, &packet->addrid, MPTCP_COLUMN_addrid, &resolver->addrid);
	set_text(packet, &packet->options, MPTCP_COLUMN_options, &resolver->options);
	return resolver->addrid.failed || resolver->options.failed ? -1 : 0;
}

/* The DATA_ACK, about data of the peer. */
static void resolve_data_ack(struct mptcp_packet *packet, const struct mptcp_option_value *dss,
	struct mptcp_connection_sender *peer)
{
	uint64_t base, ack = dss->dss.ack;

	if (!dss->dss.ack_64) {
		const struct mptcp_reference *reference =
			peer->fate.data_ack.known ? &peer->fate.data_ack : &peer->learned;

		if (!reference->known)
			return;
		ack = mptcp_sequence_extend(reference->highest, (uint32_t)ack);
	}
	mptcp_fate_data_ack(&peer->fate, ack);
	packet->dack_raw = ack;
	packet->present |= MPTCP_HAS(dack_raw);
	if (mptcp_payload_base(peer, &base)) {
		packet->dack = ack - base;
		packet->present |= MPTCP_HAS(dack);
	}
}

/* The connection of the packet, and its numbers. */
static void resolve_connection(struct mptcp_resolver *resolver, struct mptcp_packet *packet,
	struct mptcp_connection *connection, enum mptcp_role sender)
{
	unsigned version;

	if (!connection->numbered) {
		connection->numbered = true;
		connection->number = resolver->connections++;
	}
	packet->mptcpstream = connection->number;
	packet->mptcpdest = (uint8_t)mptcp_role_peer(sender);
	packet->present |= MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest);
	if (mptcp_keys_version(&connection->keys, &version)) {
		packet->mptcpversion = (uint8_t)version;
		packet->present |= MPTCP_HAS(mptcpversion);
	}
}

/* The MPTCP level: its connection, its options, the data sequence numbers of its payload. */
static int resolve_mptcp(struct mptcp_resolver *resolver, struct mptcp_packet *packet,
	const struct mptcp_options *options, struct mptcp_subflow *subflow, unsigned from)
{
	struct mptcp_connection *connection = subflow->connection;
	enum mptcp_role role = mptcp_subflow_role(subflow, from);

	subflow->resolved = true;
	if (connection->standing)
		resolve_connection(resolver, packet, connection, role);
	if (options->count) {
		const struct mptcp_option_value *dss = mptcp_options_find(options, MPTCP_DSS);

		if (resolve_options(resolver, packet, options, &connection->keys, role))
			return -1;
		if (dss && dss->dss.has_ack && connection->standing)
			resolve_data_ack(packet, dss, &connection->sent[!role]);
	}
	if (!packet->tcplen || !connection->standing)
		return 0;
	if (mptcp_learn_first_mapping(subflow, from))
		return -1;
	int mapped = mptcp_payload_map(packet, subflow, from, &resolver->dsn_split);
	if (mapped < 0)
		return -1;
	resolver->in_pieces += mapped > 0;
	set_text(packet, &packet->dsn_split, MPTCP_COLUMN_dsn_split, &resolver->dsn_split);
	return 0;
}

/* Begins a packet: nothing of the one before, and what stands in the frame. */
static void begin(struct mptcp_resolver *resolver, struct mptcp_packet *packet,
	const struct mptcp_frame *frame, struct mptcp_options *options)
{
	mptcp_buffer_reset(&resolver->sack);
	mptcp_buffer_reset(&resolver->malformed);
	mptcp_buffer_reset(&resolver->addrid);
	mptcp_buffer_reset(&resolver->options);
	mptcp_buffer_reset(&resolver->reinjection_of);
	mptcp_buffer_reset(&resolver->dsn_split);
	mptcp_frame_options(frame, options);
	copy_frame(packet, frame, resolver->start_time);
}

int mptcp_resolve(struct mptcp_resolver *resolver, const struct mptcp_frame *frame,
	struct mptcp_flow *flow, unsigned from, struct mptcp_packet *packet)
{
	struct mptcp_options options;

	begin(resolver, packet, frame, &options);
	resolve_tcp(packet, frame, flow, from);
	if (resolve_tcp_options(resolver, packet, &options, flow->ends[!from].isn))
		return -1;
	if (flow->subflow && resolve_mptcp(resolver, packet, &options, flow->subflow, from))
		return -1;
	if (!frame->length)
		return 0;
	if (mptcp_payload_fate(packet, flow, from, &resolver->reinjection_of))
		return -1;
	set_text(packet, &packet->reinjection_of, MPTCP_COLUMN_reinjection_of,
		&resolver->reinjection_of);
	return 0;
}

int mptcp_resolve_copy(struct mptcp_resolver *resolver, const struct mptcp_frame *frame,
	uint64_t original, struct mptcp_packet *packet)
{
	static const struct mptcp_keys none;
	struct mptcp_options options;

	begin(resolver, packet, frame, &options);
	packet->duplicate_of = original;
	packet->present |= MPTCP_HAS(duplicate_of);
	options.sack_count = 0; /* relative to a stream */
	if (resolve_tcp_options(resolver, packet, &options, 0))
		return -1;
	return options.count ? resolve_options(resolver, packet, &options, &none, MPTCP_CLIENT) : 0;
}
