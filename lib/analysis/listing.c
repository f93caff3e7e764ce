/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listing: see listing.h. */
#include "listing.h"

#include "array.h"
#include "options.h"
#include "piece.h"
#include "sequence.h"
#include "token.h"

#include <stdlib.h>
#include <string.h>

#define OPTION(name) (1U << MPTCP_##name)

const char *mptcp_state_name(enum mptcp_state state)
{
	static const char *const names[] = {"open", "closed", "fastclose", "reset", "fallback",
		"partial", "failed"};

	return names[state];
}

const char *mptcp_kind_name(enum mptcp_kind kind)
{
	static const char *const names[] = {"", "initial", "join"};

	return names[kind];
}

void mptcp_listing_release(struct mptcp_listing *listing)
{
	for (size_t i = 0; i < listing->subflow_count; i++) {
		mptcp_intervals_release(&listing->subflows[i].unmapped[0]);
		mptcp_intervals_release(&listing->subflows[i].unmapped[1]);
	}
	for (size_t i = 0; i < listing->connection_count; i++) {
		mptcp_intervals_release(&listing->connections[i].data[0]);
		mptcp_intervals_release(&listing->connections[i].data[1]);
	}
	mptcp_numbers_release(&listing->connection_index);
	mptcp_numbers_release(&listing->subflow_index);
	free(listing->subflows);
	free(listing->connections);
	*listing = (struct mptcp_listing){0};
}

struct mptcp_listed_connection *mptcp_listing_connection(const struct mptcp_listing *listing,
	uint32_t mptcpstream)
{
	uint32_t index = mptcp_numbers_get(&listing->connection_index, mptcpstream);

	return index == MPTCP_NUMBERS_NONE ? NULL : &listing->connections[index];
}

struct mptcp_listed_subflow *mptcp_listing_subflow(const struct mptcp_listing *listing,
	uint32_t tcpstream)
{
	uint32_t index = mptcp_numbers_get(&listing->subflow_index, tcpstream);

	return index == MPTCP_NUMBERS_NONE ? NULL : &listing->subflows[index];
}

static struct mptcp_listed_subflow *find_subflow(struct mptcp_listing *listing,
	const struct mptcp_packet *packet)
{
	struct mptcp_listed_subflow *subflow = mptcp_listing_subflow(listing, packet->tcpstream);
	enum mptcp_role to = packet->tcpdest;

	if (subflow)
		return subflow;
	subflow = mptcp_array_append(listing->subflows, &listing->subflow_count,
		&listing->subflow_capacity, sizeof(*subflow));
	if (!subflow)
		return NULL;
	listing->subflows = subflow;
	subflow += listing->subflow_count - 1;
	subflow->tcpstream = packet->tcpstream;
	subflow->mptcpstream = packet->mptcpstream;
	subflow->ends[to] = (struct mptcp_end){packet->ipdst, packet->dport};
	subflow->ends[!to] = (struct mptcp_end){packet->ipsrc, packet->sport};
	subflow->server_role =
		to == MPTCP_SERVER ? packet->mptcpdest : mptcp_role_peer(packet->mptcpdest);
	subflow->start = packet->abstime;
	subflow->highest[0] = subflow->highest[1] = UINT64_C(1) << 32;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_interface) &&
		packet->interface.length < sizeof(subflow->interface))
		memcpy(subflow->interface, packet->interface.bytes, packet->interface.length);
	return mptcp_numbers_set(&listing->subflow_index, packet->tcpstream,
		       (uint32_t)listing->subflow_count - 1)
		? NULL
		: subflow;
}

static struct mptcp_listed_connection *find_connection(struct mptcp_listing *listing,
	const struct mptcp_packet *packet)
{
	struct mptcp_listed_connection *connection =
		mptcp_listing_connection(listing, packet->mptcpstream);
	enum mptcp_role to = packet->mptcpdest;

	if (connection)
		return connection;
	connection = mptcp_array_append(listing->connections, &listing->connection_count,
		&listing->connection_capacity, sizeof(*connection));
	if (!connection)
		return NULL;
	listing->connections = connection;
	connection += listing->connection_count - 1;
	connection->mptcpstream = packet->mptcpstream;
	connection->ends[to] = (struct mptcp_end){packet->ipdst, packet->dport};
	connection->ends[!to] = (struct mptcp_end){packet->ipsrc, packet->sport};
	connection->first_tcpstream = packet->tcpstream;
	connection->start = packet->abstime;
	return mptcp_numbers_set(&listing->connection_index, packet->mptcpstream,
		       (uint32_t)listing->connection_count - 1)
		? NULL
		: connection;
}

static void set_token(struct mptcp_listed_connection *connection, enum mptcp_role role,
	uint32_t token)
{
	if (connection->has_token[role])
		return;
	connection->has_token[role] = true;
	connection->token[role] = token;
}

/* Tokens are told by the keys of MP_CAPABLE and by the SYN of MP_JOIN. */
static void add_tokens(struct mptcp_listed_connection *connection,
	const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->mptcpdest;

	if (mptcp_packet_has(packet, MPTCP_COLUMN_expected_token))
		set_token(connection, mptcp_role_peer(to), packet->expected_token);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_recvtok))
		set_token(connection, to, packet->recvtok);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_recvkey) &&
		packet->subtype & OPTION(MP_CAPABLE) && connection->has_version) {
		struct mptcp_token token;

		mptcp_token_compute(&token, packet->recvkey, connection->version);
		set_token(connection, to, token.token);
	}
}

static void add_address_id(struct mptcp_listed_subflow *subflow, enum mptcp_role of,
	const struct mptcp_text *text)
{
	unsigned id = 0;

	for (size_t i = 0; i < text->length && text->bytes[i] >= '0' && text->bytes[i] <= '9'; i++)
		id = id * 10 + (unsigned)(text->bytes[i] - '0');
	subflow->addrid[of] = (uint8_t)id;
	subflow->has_addrid[of] = true;
}

/* SYN, SYN/ACK, third ACK and what they carry. */
static void add_handshake(struct mptcp_listed_subflow *subflow, const struct mptcp_packet *packet,
	uint16_t options)
{
	bool option = options & (OPTION(MP_CAPABLE) | OPTION(MP_JOIN));
	enum mptcp_role from = mptcp_role_peer(packet->tcpdest);

	if (packet->tcpflags & MPTCP_SYN) {
		bool ack = packet->tcpflags & MPTCP_ACK;

		*(ack ? &subflow->synack : &subflow->syn) = true;
		if (option)
			*(ack ? &subflow->synack_option : &subflow->syn_option) = true;
		if (options & OPTION(MP_JOIN) && mptcp_packet_has(packet, MPTCP_COLUMN_addrid))
			add_address_id(subflow, from, &packet->addrid);
	} else if (from == MPTCP_CLIENT && packet->tcpflags & MPTCP_ACK &&
		!(packet->tcpflags & MPTCP_RST)) {
		subflow->ack = true;
		if (option)
			subflow->ack_option = true;
	}
	if (options & OPTION(MP_JOIN))
		subflow->kind = MPTCP_KIND_JOIN;
	if (options & OPTION(MP_CAPABLE)) {
		subflow->kind = MPTCP_KIND_INITIAL;
		if (packet->tcpflags & MPTCP_SYN) /* section 3.2: the initial subflow has address
						     identifier 0 at both ends */
			subflow->has_addrid[0] = subflow->has_addrid[1] = true;
	}
	if (mptcp_packet_has(packet, MPTCP_COLUMN_backup))
		subflow->backup = packet->backup;
}

static void add_end(struct mptcp_listed_subflow *subflow,
	struct mptcp_listed_connection *connection, const struct mptcp_packet *packet,
	uint16_t options)
{
	enum mptcp_role from = mptcp_role_peer(packet->tcpdest);

	if (packet->tcpflags & MPTCP_FIN)
		subflow->fin[from] = true;
	if (packet->tcpflags & MPTCP_RST)
		subflow->rst = true;
	if (options & OPTION(MP_FASTCLOSE))
		connection->fastclose = true;
	if (options & OPTION(MP_FAIL))
		connection->fail = true;
	if (options & OPTION(DSS)) {
		subflow->dss = true;
		if (mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin)
			connection->data_fin[packet->mptcpdest] = true;
		if (mptcp_packet_has(packet, MPTCP_COLUMN_dss_length) && !packet->dss_length)
			connection->infinite = true;
	}
}

/* Data that is numbered from before the base of a capture begun in the middle would wrap: with this
 * added it does not. */
#define BIAS (UINT64_C(1) << 63)

/* Payload that is one range of data, nearly always; else its pieces, and the bytes between them. */
static int add_data(struct mptcp_listed_subflow *subflow,
	struct mptcp_listed_connection *connection, const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_intervals *data = &connection->data[to], *unmapped = &subflow->unmapped[to];
	uint32_t syn = packet->tcpflags & MPTCP_SYN ? 1 : 0, offset = 0;
	uint64_t position = mptcp_sequence_extend(subflow->highest[to], packet->tcpseq + syn);
	struct mptcp_piece piece;

	if (mptcp_sequence_ahead(position + packet->tcplen, subflow->highest[to]) > 0)
		subflow->highest[to] = position + packet->tcplen;
	for (size_t at = 0; mptcp_piece_next(packet, &at, &piece);) {
		uint64_t dsn = piece.dsn + BIAS;

		if (piece.offset > offset &&
			mptcp_intervals_add(unmapped, position + offset, position + piece.offset,
				NULL))
			return -1;
		if (mptcp_intervals_add(data, dsn, dsn + piece.length, NULL))
			return -1;
		offset = piece.offset + piece.length;
	}
	if (offset < packet->tcplen &&
		mptcp_intervals_add(unmapped, position + offset, position + packet->tcplen, NULL))
		return -1;
	if (!syn) /* the data of a Fast Open SYN has no DSN in any case */
		subflow->unmapped_last = offset < packet->tcplen;
	return 0;
}

int mptcp_listing_add(struct mptcp_listing *listing, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream))
		return 0;
	struct mptcp_listed_subflow *subflow = find_subflow(listing, packet);
	struct mptcp_listed_connection *connection =
		subflow ? find_connection(listing, packet) : NULL;
	if (!connection)
		return mptcp_error_memory(error);

	uint16_t options = mptcp_packet_has(packet, MPTCP_COLUMN_subtype) ? packet->subtype : 0;
	subflow->packets++;
	connection->packets++;
	subflow->bytes[packet->mptcpdest] += packet->tcplen;
	if (packet->abstime > subflow->last)
		subflow->last = packet->abstime;
	if (packet->abstime > connection->last)
		connection->last = packet->abstime;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_mptcpversion)) {
		connection->has_version = true;
		connection->version = packet->mptcpversion;
	}
	if (options || packet->tcpflags & (MPTCP_SYN | MPTCP_FIN | MPTCP_RST) || !subflow->ack) {
		add_tokens(connection, packet);
		add_handshake(subflow, packet, options);
		add_end(subflow, connection, packet, options);
	}
	if (packet->tcplen && add_data(subflow, connection, packet))
		return mptcp_error_memory(error);
	return 0;
}

bool mptcp_subflow_established(const struct mptcp_listed_subflow *subflow)
{
	/* its handshake was not captured (whole): data-level signalling shows that there was one */
	if (!subflow->syn || !subflow->synack)
		return subflow->dss || (subflow->synack_option && subflow->ack_option);
	if (!subflow->syn_option || !subflow->synack_option)
		return false;
	return subflow->kind == MPTCP_KIND_JOIN ? subflow->ack_option || subflow->dss
						: subflow->ack;
}

enum mptcp_state mptcp_subflow_state(const struct mptcp_listed_subflow *subflow)
{
	if (!mptcp_subflow_established(subflow))
		return subflow->kind == MPTCP_KIND_JOIN ? MPTCP_STATE_FAILED : MPTCP_STATE_FALLBACK;
	if (subflow->rst)
		return MPTCP_STATE_RESET;
	return subflow->fin[0] && subflow->fin[1] ? MPTCP_STATE_CLOSED : MPTCP_STATE_OPEN;
}

static enum mptcp_state connection_state(const struct mptcp_listed_connection *connection)
{
	const struct mptcp_listed_sums *sums = &connection->sums;

	if (!sums->initial)
		return MPTCP_STATE_PARTIAL;
	if (sums->refused || sums->plain || connection->infinite)
		return MPTCP_STATE_FALLBACK;
	if (connection->fastclose)
		return MPTCP_STATE_FASTCLOSE;
	if (connection->data_fin[0] && connection->data_fin[1])
		return MPTCP_STATE_CLOSED;
	if (sums->ended == sums->subflows)
		return sums->reset ? MPTCP_STATE_RESET : MPTCP_STATE_CLOSED;
	return MPTCP_STATE_OPEN;
}

/* What one subflow adds to its connection. */
static void add_sums(struct mptcp_listed_connection *connection,
	const struct mptcp_listed_subflow *subflow)
{
	struct mptcp_listed_sums *sums = &connection->sums;
	enum mptcp_state state = mptcp_subflow_state(subflow);
	bool established = mptcp_subflow_established(subflow);

	for (int role = 0; role < 2; role++)
		connection->bytes[role] += mptcp_intervals_total(&subflow->unmapped[role]);
	connection->subflows += established;
	sums->subflows++;
	sums->ended += state != MPTCP_STATE_OPEN;
	sums->reset += state == MPTCP_STATE_RESET;
	sums->known |= subflow->kind == MPTCP_KIND_INITIAL;
	sums->unknown += subflow->kind == MPTCP_KIND_UNKNOWN;
	if (subflow->kind != MPTCP_KIND_INITIAL || !(subflow->syn || subflow->synack))
		return;
	sums->initial = true;
	/* section 3.1: a client that goes on without an MPTCP option has fallen back, too; not
	 * where the capture ends within the handshake */
	if (subflow->ack || !subflow->synack_option)
		sums->refused = !established || !(subflow->ack_option || subflow->dss);
	sums->plain = subflow->unmapped_last;
}

void mptcp_listing_end(struct mptcp_listing *listing)
{
	for (size_t i = 0; i < listing->connection_count; i++) {
		struct mptcp_listed_connection *connection = &listing->connections[i];

		connection->sums = (struct mptcp_listed_sums){0};
		connection->subflows = 0;
		for (int role = 0; role < 2; role++)
			connection->bytes[role] = mptcp_intervals_total(&connection->data[role]);
	}
	for (size_t i = 0; i < listing->subflow_count; i++) {
		const struct mptcp_listed_subflow *subflow = &listing->subflows[i];

		add_sums(mptcp_listing_connection(listing, subflow->mptcpstream), subflow);
	}
	for (size_t i = 0; i < listing->subflow_count; i++) {
		struct mptcp_listed_subflow *subflow = &listing->subflows[i];
		const struct mptcp_listed_sums *sums =
			&mptcp_listing_connection(listing, subflow->mptcpstream)->sums;

		if (subflow->kind == MPTCP_KIND_UNKNOWN && !sums->known && sums->unknown == 1)
			subflow->kind = MPTCP_KIND_INITIAL;
	}
	for (size_t i = 0; i < listing->connection_count; i++)
		listing->connections[i].state = connection_state(&listing->connections[i]);
}
