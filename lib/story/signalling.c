/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signalling: the events of MPTCP options, and what has to be remembered of them: keys, nonces,
 * address identifiers, priorities. See story_parts.h; sections are of RFC 8684.
 */
#include "story_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct mptcp_event new_event(const struct mptcp_look *look, enum mptcp_event_kind kind)
{
	return mptcp_story_event(look->subflow, &look->moment, kind);
}

static int put(const struct mptcp_look *look, struct mptcp_event *event)
{
	if (look->connection && !mptcp_story_has_monitor(look->connection))
		event->kernel = MPTCP_KERNEL_NONE;
	return mptcp_story_put(look->story, event);
}

/* Keeps the event of a SYN/ACK or third ACK until it is known what it led to. */
static int hold(const struct mptcp_look *look, int which, struct mptcp_event *event)
{
	struct mptcp_event **held = &look->subflow->held[which];

	if (look->story->without_events)
		return 0;
	if (*held)
		return put(look, event);
	*held = malloc(sizeof(**held));
	if (!*held)
		return -1;
	**held = *event;
	return mptcp_story_wait(look->story, look->subflow,
		look->packet->abstime + MPTCP_STORY_PATIENCE);
}

enum verdict { NOT_KNOWN, RIGHT, WRONG };

static const char *const verdict_names[] = {"", "hmac_valid", "hmac_wrong"};

/* Section 3.2. Without both keys, or with a token that none of them has, nobody can tell. */
static enum verdict verify_join(const struct mptcp_look *look, const uint8_t *hmac, size_t length)
{
	const struct mptcp_story_end *ends = look->subflow->ends;
	enum mptcp_role opener = look->subflow->client_role;
	struct mptcp_join join = {.opener = opener, .token = look->subflow->token};

	if (!look->connection || !ends[0].has_nonce || !ends[1].has_nonce)
		return NOT_KNOWN;
	struct mptcp_keys *keys = &look->connection->keys;

	if (!mptcp_keys_chosen(keys, opener) ||
		!mptcp_keys_see_token(keys, mptcp_role_peer(opener), join.token))
		return NOT_KNOWN;
	join.nonces[0] = ends[MPTCP_CLIENT].nonce;
	join.nonces[1] = ends[MPTCP_SERVER].nonce;
	if (mptcp_keys_see_hmac(keys, &join, look->from == MPTCP_CLIENT, hmac, length))
		return RIGHT;
	return keys->of[0].overflowed || keys->of[1].overflowed ? NOT_KNOWN : WRONG;
}

/* Section 3.4.1: the rightmost 8 bytes. */
static enum verdict verify_add(const struct mptcp_look *look,
	const struct mptcp_option_value *value)
{
	uint8_t digest[MPTCP_HMAC_MAX];
	size_t size = value->add.hmac && look->connection
		? mptcp_keys_add_addr(&look->connection->keys, look->role, value, digest)
		: 0;

	if (!size)
		return NOT_KNOWN;
	return memcmp(digest + size - 8, value->add.hmac, 8) ? WRONG : RIGHT;
}

static void set_sender(struct mptcp_event *event, const struct mptcp_packet *packet)
{
	event->address = packet->ipsrc;
	event->port = packet->sport;
	event->has_port = true;
}

/* Section 3.1: flag B has to be zero in version 0 and 1 and makes the receiver ignore the option;
 * flag H (in version 1 HMAC-SHA256, in version 0 HMAC-SHA1) is the only algorithm there is. */
static void doubt(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	struct mptcp_story_connection *connection = look->connection;

	if (connection->doubt)
		return;
	if (value->capable.flags & 0x40)
		connection->doubt = "flags";
	else if (!(value->capable.flags & 0x01))
		connection->doubt = "no_algorithm";
	else if (connection->has_version && value->capable.version != connection->version)
		connection->doubt = "version_mismatch";
}

static void set_kind(struct mptcp_story_subflow *subflow, enum mptcp_kind kind)
{
	if (subflow->connection && subflow->kind == MPTCP_KIND_UNKNOWN)
		subflow->connection->unknown--;
	subflow->kind = kind;
}

/* Section 3.1: the first packet of each step. */
static int add_capable(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	const struct mptcp_packet *packet = look->packet;
	struct mptcp_story_subflow *subflow = look->subflow;
	bool syn = packet->tcpflags & MPTCP_SYN, ack = packet->tcpflags & MPTCP_ACK;
	bool seen = !syn ? subflow->ack.option : ack ? subflow->synack.option : subflow->syn.option;
	struct mptcp_event event;

	if (!look->connection)
		return 0;
	set_kind(subflow, MPTCP_KIND_INITIAL);
	look->connection->initial = subflow;
	/* both addresses of the initial subflow have identifier 0 */
	for (int end = 0; end < 2; end++)
		subflow->ends[end].has_addrid = true;
	if (syn && !ack && !look->connection->has_version) {
		look->connection->has_version = true;
		look->connection->version = value->capable.version;
	}
	doubt(look, value);
	if (mptcp_keys_capable(&look->connection->keys, look->role, packet->tcpflags, value) ==
		MPTCP_KEYS_FAILED)
		return -1;
	if (seen && !(syn && !ack && look->from == MPTCP_SERVER && !subflow->crossed))
		return 0;
	event = new_event(look,
		!syn          ? MPTCP_EVENT_CAPABLE_ACK
			: ack ? MPTCP_EVENT_CAPABLE_SYNACK
			      : MPTCP_EVENT_CAPABLE_SYN);
	event.has_addrid = true;
	set_sender(&event, packet);
	event.has_key = value->capable.keys >= 1;
	event.key = value->capable.sender_key;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_expected_token)) {
		event.has_token = true;
		event.token = packet->expected_token;
	}
	return syn && !ack ? put(look, &event) : hold(look, !syn, &event);
}

static int fail_join(const struct mptcp_look *look)
{
	return mptcp_story_fail(look->story, look->subflow, &look->moment, MPTCP_EVENT_JOIN_FAILED,
		"wrong_hmac");
}

/* Section 3.2: SYN and SYN/ACK. */
static int add_join_syn(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	const struct mptcp_story_subflow *subflow = look->subflow;
	bool synack = value->join.form == MPTCP_JOIN_SYN_ACK;
	bool seen = synack ? subflow->synack.option : subflow->syn.option;
	enum verdict verdict = NOT_KNOWN;
	struct mptcp_event event;

	look->sender->nonce = value->join.nonce;
	look->sender->addrid = value->join.address_id;
	look->sender->has_nonce = look->sender->has_addrid = true;
	look->sender->backup |= value->join.backup;
	if (!synack)
		look->subflow->token = value->join.token;
	if (look->connection && !synack) {
		enum mptcp_role receiver = mptcp_role_peer(look->role);

		look->connection->has_token[receiver] = true;
		look->connection->token[receiver] = value->join.token;
	}
	if (seen)
		return 0;
	if (synack)
		verdict = verify_join(look, value->join.hmac, 8);
	event = new_event(look, synack ? MPTCP_EVENT_JOIN_SYNACK : MPTCP_EVENT_JOIN_SYN);
	event.has_addrid = true;
	event.addrid = value->join.address_id;
	event.backup = value->join.backup ? MPTCP_YES : MPTCP_NO;
	event.has_token = !synack;
	event.token = value->join.token;
	set_sender(&event, look->packet);
	snprintf(event.reason, sizeof(event.reason), "%s", verdict_names[verdict]);
	if (put(look, &event))
		return -1;
	return verdict == WRONG ? fail_join(look) : 0;
}

static int add_join_ack(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	enum verdict verdict;
	struct mptcp_event event;

	if (look->subflow->ack.option)
		return 0;
	verdict = verify_join(look, value->join.hmac, 20);
	event = new_event(look, MPTCP_EVENT_JOIN_ACK);
	event.has_addrid = look->sender->has_addrid;
	event.addrid = look->sender->addrid;
	set_sender(&event, look->packet);
	snprintf(event.reason, sizeof(event.reason), "%s", verdict_names[verdict]);
	if (hold(look, 1, &event))
		return -1;
	return verdict == WRONG ? fail_join(look) : 0;
}

static int add_join(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	set_kind(look->subflow, MPTCP_KIND_JOIN);
	return value->join.form == MPTCP_JOIN_ACK ? add_join_ack(look, value)
						  : add_join_syn(look, value);
}

static int add_address(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	enum verdict verdict = verify_add(look, value);
	struct mptcp_event event = new_event(look, MPTCP_EVENT_ADD_ADDR);

	if (!value->add.echo && verdict != WRONG)
		event.kernel = MPTCP_KERNEL_ANNOUNCED;
	event.echo = value->add.echo ? MPTCP_YES : MPTCP_NO;
	event.has_addrid = true;
	event.addrid = value->add.address_id;
	event.address = value->add.address;
	event.has_port = value->add.has_port;
	event.port = value->add.port;
	snprintf(event.reason, sizeof(event.reason), "%s", verdict_names[verdict]);
	return put(look, &event);
}

static int remove_addresses(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	for (unsigned i = 0; i < value->remove.count; i++) {
		struct mptcp_event event = new_event(look, MPTCP_EVENT_REMOVE_ADDR);

		event.kernel = MPTCP_KERNEL_REMOVED;
		event.has_addrid = true;
		event.addrid = value->remove.address_ids[i];
		if (put(look, &event))
			return -1;
	}
	return 0;
}

/* RFC 6824 section 3.3.8: version 0 may name another address of the sender's. */
static void set_backup(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	unsigned left = MPTCP_STORY_SUBFLOWS;

	if (!value->prio.has_address_id) {
		look->sender->backup = value->prio.backup;
		return;
	}
	for (struct mptcp_story_subflow *subflow = look->connection->last_subflow; subflow && left;
		subflow = subflow->previous, left--) {
		enum mptcp_role tcp = mptcp_story_role(subflow, MPTCP_CLIENT) == look->role
			? MPTCP_CLIENT
			: MPTCP_SERVER;
		struct mptcp_story_end *end = &subflow->ends[tcp];

		if (end->has_addrid && end->addrid == value->prio.address_id)
			end->backup = value->prio.backup;
	}
}

/* Section 3.3.8: of the subflow on which it came; its form of version 0, with an address
 * identifier, means nothing in version 1. */
static int add_priority(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	const struct mptcp_story_connection *connection = look->connection;
	struct mptcp_event event = new_event(look, MPTCP_EVENT_PRIO);
	bool v0 = connection && connection->has_version && connection->version == 0;

	if (connection && (v0 || !value->prio.has_address_id))
		set_backup(look, value);
	if (!value->prio.has_address_id)
		event.kernel = MPTCP_KERNEL_SF_PRIO;
	event.backup = value->prio.backup ? MPTCP_YES : MPTCP_NO;
	event.has_addrid = value->prio.has_address_id || look->sender->has_addrid;
	event.addrid = value->prio.has_address_id ? value->prio.address_id : look->sender->addrid;
	return put(look, &event);
}

/* Section 3.7: about data that its sender received. */
static int add_fail(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	struct mptcp_event event = new_event(look, MPTCP_EVENT_FAIL);
	uint64_t base;

	if (!look->sender->mp_fail.packetid) {
		look->sender->mp_fail = look->moment;
		look->sender->mp_fail_has_tsval =
			mptcp_packet_has(look->packet, MPTCP_COLUMN_tsval);
		look->sender->mp_fail_tsval = look->packet->tsval;
	}
	event.has_dsn = look->connection && mptcp_story_base(look->connection, look->role, &base);
	if (event.has_dsn)
		event.dsn = value->fail.dsn - base;
	return put(look, &event);
}

static int add_fastclose(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	struct mptcp_event event = new_event(look, MPTCP_EVENT_FASTCLOSE);
	struct mptcp_story_connection *connection = look->connection;

	event.has_key = true;
	event.key = value->fastclose.key;
	if (put(look, &event))
		return -1;
	if (!connection || connection->fastclose.packetid)
		return 0;
	/* section 3.5: the receiver's key, and a segment that the receiver accepts */
	const struct mptcp_key *key =
		mptcp_keys_chosen(&connection->keys, mptcp_role_peer(look->role));
	if ((key && key->key != value->fastclose.key) || !mptcp_story_expected(look))
		return 0;
	connection->fastclose = look->moment;
	connection->fastclose_by = look->role;
	return 0;
}

static int add_reset(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	struct mptcp_event event = new_event(look, MPTCP_EVENT_TCPRST);

	event.transient = value->reset.transient ? MPTCP_YES : MPTCP_NO;
	mptcp_story_reset_reason(event.reason, "", value->reset.reason);
	return put(look, &event);
}

static int add_option(const struct mptcp_look *look, const struct mptcp_option_value *value)
{
	switch (value->subtype) {
	case MPTCP_MP_CAPABLE:
		return add_capable(look, value);
	case MPTCP_MP_JOIN:
		return add_join(look, value);
	case MPTCP_ADD_ADDR:
		return add_address(look, value);
	case MPTCP_REMOVE_ADDR:
		return remove_addresses(look, value);
	case MPTCP_MP_PRIO:
		return add_priority(look, value);
	case MPTCP_MP_FAIL:
		return add_fail(look, value);
	case MPTCP_MP_FASTCLOSE:
		return add_fastclose(look, value);
	case MPTCP_MP_TCPRST:
		return add_reset(look, value);
	default:
		return 0;
	}
}

static int add_malformed(const struct mptcp_look *look, const struct mptcp_malformed *malformed)
{
	struct mptcp_event event = new_event(look, MPTCP_EVENT_MALFORMED);

	mptcp_malformed_name(event.option, malformed);
	snprintf(event.reason, sizeof(event.reason), "%s",
		mptcp_malformed_reason_name(malformed->reason));
	event.length = malformed->length;
	return put(look, &event);
}

int mptcp_story_signalling(const struct mptcp_look *look)
{
	if (!look->signals)
		return 0;
	const struct mptcp_options *options = &look->signals->options;

	for (size_t i = 0; i < options->count; i++)
		if (add_option(look, &options->values[i]))
			return -1;
	for (size_t i = 0; i < options->malformed_count; i++)
		if (add_malformed(look, &options->malformed[i]))
			return -1;
	return 0;
}
