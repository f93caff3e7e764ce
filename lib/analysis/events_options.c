/* SPDX-License-Identifier: GPL-2.0-or-later */
/* events_options: the events of MPTCP options, and their HMACs verified where the keys are known.
 * See events_parts.h; sections are of RFC 8684. */
#include "events_parts.h"

#include "token.h"

#include <stdio.h>
#include <string.h>

/* All that an option's event is made from. */
struct source {
	struct mptcp_events *events;
	struct mptcp_events_connection *connection;
	struct mptcp_events_subflow *subflow;
	const struct mptcp_packet *packet;
	struct mptcp_moment moment;
	enum mptcp_role from; /* TCP role of the sender */
	enum mptcp_role role; /* MPTCP role of the sender */
};

static struct mptcp_event *new_event(const struct source *source, enum mptcp_event_kind kind)
{
	return mptcp_events_new(source->events, source->subflow, &source->moment, kind);
}

static void put_be32(uint8_t *at, uint32_t number)
{
	for (int i = 3; i >= 0; i--, number >>= 8)
		at[i] = (uint8_t)number;
}

enum verdict { NOT_KNOWN, RIGHT, WRONG };

static const char *const verdict_names[] = {"", "hmac_valid", "hmac_wrong"};

/* Computes the HMAC of a message that the sender of this role signed with its own key first
 * (section 3.2). False if a key is not known. */
static bool sign(uint8_t digest[MPTCP_HMAC_MAX], size_t *size,
	const struct mptcp_events_connection *connection, enum mptcp_role role, const void *message,
	size_t length)
{
	if (!connection->has_key[0] || !connection->has_key[1] || !connection->has_version)
		return false;
	*size = mptcp_token_hmac(digest, connection->key[role],
		connection->key[mptcp_role_peer(role)], message, length, connection->version);
	return true;
}

/* Section 3.2: the sender's nonce, then the receiver's; the leftmost bytes. */
static enum verdict verify_join(const struct source *source, const uint8_t *hmac, size_t length)
{
	const struct mptcp_events_subflow *subflow = source->subflow;
	uint8_t digest[MPTCP_HMAC_MAX], nonces[8];
	size_t size;

	if (!subflow->has_nonce[0] || !subflow->has_nonce[1])
		return NOT_KNOWN;
	put_be32(nonces, subflow->nonce[source->from]);
	put_be32(nonces + 4, subflow->nonce[!source->from]);
	if (!sign(digest, &size, source->connection, source->role, nonces, sizeof(nonces)))
		return NOT_KNOWN;
	return memcmp(digest, hmac, length) ? WRONG : RIGHT;
}

/* Section 3.4.1: identifier, address and port (zero if there is none); the rightmost 8 bytes. */
static enum verdict verify_add(const struct source *source, const struct mptcp_option_value *value)
{
	uint8_t digest[MPTCP_HMAC_MAX], message[19];
	size_t size, length = value->add.address.family == 6 ? 16 : 4;

	if (!value->add.hmac)
		return NOT_KNOWN;
	message[0] = value->add.address_id;
	memcpy(message + 1, value->add.address.bytes, length);
	message[1 + length] = (uint8_t)(value->add.port >> 8);
	message[2 + length] = (uint8_t)value->add.port;
	if (!sign(digest, &size, source->connection, source->role, message, length + 3))
		return NOT_KNOWN;
	return memcmp(digest + size - 8, value->add.hmac, 8) ? WRONG : RIGHT;
}

static void set_key(struct mptcp_events_connection *connection, enum mptcp_role role, uint64_t key)
{
	connection->key[role] = key;
	connection->has_key[role] = true;
}

/* Address and port of the packet's sender. */
static void set_sender(struct mptcp_event *event, const struct mptcp_packet *packet)
{
	event->address = packet->ipsrc;
	event->port = packet->sport;
	event->has_port = true;
}

/* Section 3.1: the first packet of each step. The kernel's CREATED is the client's, its ESTABLISHED
 * the server's. */
static int add_capable(const struct source *source, const struct mptcp_option_value *value)
{
	const struct mptcp_packet *packet = source->packet;
	struct mptcp_events_subflow *subflow = source->subflow;
	bool syn = packet->tcpflags & MPTCP_SYN, ack = packet->tcpflags & MPTCP_ACK;
	bool seen = !syn ? subflow->ack_option : ack ? subflow->synack_option : subflow->syn_option;
	struct mptcp_event *event;

	subflow->initial = true;
	/* both addresses of the initial subflow have identifier 0 */
	subflow->has_addrid[0] = subflow->has_addrid[1] = true;
	if (value->capable.keys >= 1)
		set_key(source->connection, source->role, value->capable.sender_key);
	if (value->capable.keys >= 2)
		set_key(source->connection, mptcp_role_peer(source->role),
			value->capable.receiver_key);
	if (seen)
		return 0;
	event = new_event(source,
		!syn          ? MPTCP_EVENT_CAPABLE_ACK
			: ack ? MPTCP_EVENT_CAPABLE_SYNACK
			      : MPTCP_EVENT_CAPABLE_SYN);
	if (!event)
		return -1;
	event->kernel = !syn ? MPTCP_KERNEL_ESTABLISHED
		: ack        ? MPTCP_KERNEL_CREATED
			     : MPTCP_KERNEL_NONE;
	event->has_addrid = true;
	set_sender(event, packet);
	event->has_key = value->capable.keys >= 1;
	event->key = value->capable.sender_key;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_expected_token)) {
		event->has_token = true;
		event->token = packet->expected_token;
	}
	return 0;
}

static int fail_join(const struct source *source)
{
	return mptcp_events_fail(source->events, source->subflow, &source->moment,
		MPTCP_EVENT_JOIN_FAILED, "wrong_hmac");
}

/* Section 3.2. */
static int add_join_syn(const struct source *source, const struct mptcp_option_value *value)
{
	struct mptcp_events_subflow *subflow = source->subflow;
	bool synack = value->join.form == MPTCP_JOIN_SYN_ACK;
	bool seen = synack ? subflow->synack_option : subflow->syn_option;
	enum verdict verdict = NOT_KNOWN;
	struct mptcp_event *event;

	subflow->nonce[source->from] = value->join.nonce;
	subflow->has_nonce[source->from] = true;
	subflow->addrid[source->from] = value->join.address_id;
	subflow->has_addrid[source->from] = true;
	if (seen)
		return 0;
	if (synack)
		verdict = verify_join(source, value->join.hmac, 8);
	else
		subflow->token = value->join.token;
	event = new_event(source, synack ? MPTCP_EVENT_JOIN_SYNACK : MPTCP_EVENT_JOIN_SYN);
	if (!event)
		return -1;
	event->has_addrid = true;
	event->addrid = value->join.address_id;
	event->backup = value->join.backup ? MPTCP_YES : MPTCP_NO;
	event->has_token = !synack;
	event->token = value->join.token;
	set_sender(event, source->packet);
	snprintf(event->reason, sizeof(event->reason), "%s", verdict_names[verdict]);
	return verdict == WRONG ? fail_join(source) : 0;
}

static int add_join_ack(const struct source *source, const struct mptcp_option_value *value)
{
	struct mptcp_events_subflow *subflow = source->subflow;
	enum verdict verdict;
	struct mptcp_event *event;

	if (subflow->ack_option)
		return 0;
	verdict = verify_join(source, value->join.hmac, 20);
	event = new_event(source, MPTCP_EVENT_JOIN_ACK);
	if (!event)
		return -1;
	event->kernel = verdict == WRONG || subflow->wrong ? MPTCP_KERNEL_NONE
							   : MPTCP_KERNEL_SUB_ESTABLISHED;
	event->has_addrid = subflow->has_addrid[source->from];
	event->addrid = subflow->addrid[source->from];
	set_sender(event, source->packet);
	snprintf(event->reason, sizeof(event->reason), "%s", verdict_names[verdict]);
	return verdict == WRONG ? fail_join(source) : 0;
}

static int add_join(const struct source *source, const struct mptcp_option_value *value)
{
	source->subflow->joined = true;
	return value->join.form == MPTCP_JOIN_ACK ? add_join_ack(source, value)
						  : add_join_syn(source, value);
}

static int add_address(const struct source *source, const struct mptcp_option_value *value)
{
	struct mptcp_event *event = new_event(source, MPTCP_EVENT_ADD_ADDR);

	if (!event)
		return -1;
	event->kernel = value->add.echo ? MPTCP_KERNEL_NONE : MPTCP_KERNEL_ANNOUNCED;
	event->echo = value->add.echo ? MPTCP_YES : MPTCP_NO;
	event->has_addrid = true;
	event->addrid = value->add.address_id;
	event->address = value->add.address;
	event->has_port = value->add.has_port;
	event->port = value->add.port;
	snprintf(event->reason, sizeof(event->reason), "%s",
		verdict_names[verify_add(source, value)]);
	return 0;
}

static int remove_addresses(const struct source *source, const struct mptcp_option_value *value)
{
	for (unsigned i = 0; i < value->remove.count; i++) {
		struct mptcp_event *event = new_event(source, MPTCP_EVENT_REMOVE_ADDR);

		if (!event)
			return -1;
		event->kernel = MPTCP_KERNEL_REMOVED;
		event->has_addrid = true;
		event->addrid = value->remove.address_ids[i];
	}
	return 0;
}

/* Section 3.3.8: of the subflow that it came on; version 0 may name another address. */
static int add_priority(const struct source *source, const struct mptcp_option_value *value)
{
	const struct mptcp_events_subflow *subflow = source->subflow;
	struct mptcp_event *event = new_event(source, MPTCP_EVENT_PRIO);

	if (!event)
		return -1;
	event->kernel = MPTCP_KERNEL_SUB_PRIORITY;
	event->backup = value->prio.backup ? MPTCP_YES : MPTCP_NO;
	event->has_addrid = value->prio.has_address_id || subflow->has_addrid[source->from];
	event->addrid =
		value->prio.has_address_id ? value->prio.address_id : subflow->addrid[source->from];
	return 0;
}

/* Section 3.7: about data that its sender received. */
static int add_fail(const struct source *source, const struct mptcp_option_value *value)
{
	const struct mptcp_events_connection *connection = source->connection;
	struct mptcp_event *event = new_event(source, MPTCP_EVENT_FAIL);

	if (!event)
		return -1;
	event->has_dsn = connection->has_base[source->role];
	event->dsn = value->fail.dsn - connection->base[source->role];
	return 0;
}

static int add_fastclose(const struct source *source, const struct mptcp_option_value *value)
{
	struct mptcp_event *event = new_event(source, MPTCP_EVENT_FASTCLOSE);

	if (!event)
		return -1;
	event->has_key = true;
	event->key = value->fastclose.key;
	source->connection->fastclose = true;
	return 0;
}

static int add_reset(const struct source *source, const struct mptcp_option_value *value)
{
	struct mptcp_event *event = new_event(source, MPTCP_EVENT_TCPRST);

	if (!event)
		return -1;
	event->transient = value->reset.transient ? MPTCP_YES : MPTCP_NO;
	mptcp_events_reset_reason(event->reason, "", value->reset.reason);
	return 0;
}

static int add_option(const struct source *source, const struct mptcp_option_value *value)
{
	switch (value->subtype) {
	case MPTCP_MP_CAPABLE:
		return add_capable(source, value);
	case MPTCP_MP_JOIN:
		return add_join(source, value);
	case MPTCP_ADD_ADDR:
		return add_address(source, value);
	case MPTCP_REMOVE_ADDR:
		return remove_addresses(source, value);
	case MPTCP_MP_PRIO:
		return add_priority(source, value);
	case MPTCP_MP_FAIL:
		return add_fail(source, value);
	case MPTCP_MP_FASTCLOSE:
		return add_fastclose(source, value);
	case MPTCP_MP_TCPRST:
		return add_reset(source, value);
	default:
		return 0;
	}
}

int mptcp_events_options(struct mptcp_events *events, struct mptcp_events_connection *connection,
	struct mptcp_events_subflow *subflow, const struct mptcp_packet *packet,
	const struct mptcp_signals *signals)
{
	struct source source = {
		.events = events,
		.connection = connection,
		.subflow = subflow,
		.packet = packet,
		.moment = mptcp_moment_of(packet),
		.from = mptcp_role_peer(packet->tcpdest),
		.role = mptcp_role_peer(packet->mptcpdest),
	};

	for (size_t i = 0; i < signals->options.count; i++)
		if (add_option(&source, &signals->options.values[i]))
			return -1;
	return 0;
}
