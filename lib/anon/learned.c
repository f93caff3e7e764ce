/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "learned.h"

#include "array.h"
#include "bytes.h"
#include "hash.h"

#include <stdlib.h>
#include <string.h>

enum { DSS_DSN_64 = 8 };

struct mptcp_learned_packet {
	uint64_t print; /* of its ends and sequence number; 0: no TCP segment, for tshark */
	uint32_t tcpstream;
	bool belongs; /* to an MPTCP connection */
	uint8_t sender;
};

struct mptcp_learned_dsn {
	uint64_t packetid, dsn;
};

static uint64_t print_address(uint64_t print, const struct mptcp_address *address)
{
	print = mptcp_hash_add(print, address->family);
	print = mptcp_hash_add(print, mptcp_be64(address->bytes));
	return mptcp_hash_add(print, mptcp_be64(address->bytes + 8));
}

static uint64_t make_print(const struct mptcp_address addresses[2], uint16_t source,
	uint16_t destination, uint32_t sequence)
{
	uint64_t print = print_address(print_address(1, &addresses[0]), &addresses[1]);

	print = mptcp_hash_add(print, (uint32_t)source << 16 | destination);
	print = mptcp_hash_add(print, sequence);
	return print ? print : 1;
}

static struct mptcp_learned_packet *find(const struct mptcp_learned *learned, uint64_t packetid)
{
	return packetid && packetid <= learned->count ? &learned->packets[packetid - 1] : NULL;
}

/* The place of a packet; those before it that had no row are none of TCP. */
static struct mptcp_learned_packet *append(struct mptcp_learned *learned, uint64_t packetid)
{
	while (learned->count < packetid) {
		struct mptcp_learned_packet *packets = mptcp_array_append(learned->packets,
			&learned->count, &learned->capacity, sizeof(*packets));

		if (!packets)
			return NULL;
		learned->packets = packets;
	}
	return find(learned, packetid);
}

/* The DSN of a mapping of which the packet has the lower half, as far as what is known of its
 * direction tells. */
static int add_dsn(struct mptcp_learned *learned, const struct mptcp_packet *packet,
	const struct mptcp_story_connection *connection)
{
	const struct mptcp_story_data *to = &connection->to[packet->mptcpdest];

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_dss_dsn) || packet->dss_flags & DSS_DSN_64 ||
		!mptcp_packet_has(packet, MPTCP_COLUMN_dss_checksum) || !to->has_base)
		return 0;
	struct mptcp_learned_dsn *dsns = mptcp_array_append(learned->dsns, &learned->dsn_count,
		&learned->dsn_capacity, sizeof(*dsns));

	if (!dsns)
		return -1;
	learned->dsns = dsns;
	dsns[learned->dsn_count - 1] = (struct mptcp_learned_dsn){packet->packetid,
		mptcp_sequence_extend(to->highest, (uint32_t)packet->dss_dsn)};
	return 0;
}

int mptcp_learned_add(struct mptcp_learned *learned, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_learned_packet *own = append(learned, packet->packetid);
	const struct mptcp_address addresses[2] = {packet->ipsrc, packet->ipdst};
	struct mptcp_story_subflow *subflow = NULL;

	if (!own)
		return mptcp_error_memory(error);
	own->print = make_print(addresses, packet->sport, packet->dport, packet->tcpseq_raw);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_duplicate_of)) {
		const struct mptcp_learned_packet *first = find(learned, packet->duplicate_of);

		if (first) {
			own->tcpstream = first->tcpstream;
			own->belongs = first->belongs;
			own->sender = first->sender;
		}
		return 0;
	}
	learned->story.without_events = learned->story.with_tcp = true;
	if (mptcp_story_add(&learned->story, packet, &subflow, error))
		return -1;
	own->tcpstream = packet->tcpstream;
	if (!subflow || !subflow->connection || !mptcp_packet_has(packet, MPTCP_COLUMN_mptcpdest))
		return 0;
	own->belongs = true;
	own->sender = (uint8_t)mptcp_role_peer((enum mptcp_role)packet->mptcpdest);
	return add_dsn(learned, packet, subflow->connection) ? mptcp_error_memory(error) : 0;
}

int mptcp_learned_end(struct mptcp_learned *learned, const struct mptcp_rewrite *how)
{
	struct mptcp_roster *roster = &learned->story.roster;

	roster->free_connection_own = free;
	for (size_t i = 0; i < roster->connection_count; i++) {
		struct mptcp_story_connection *connection = roster->connections[i];
		const struct mptcp_key *client = mptcp_keys_chosen(&connection->keys, MPTCP_CLIENT);
		const struct mptcp_key *server = mptcp_keys_chosen(&connection->keys, MPTCP_SERVER);
		unsigned version;

		if (!client || !server || !mptcp_keys_version(&connection->keys, &version))
			continue;
		uint64_t keys[2];

		keys[MPTCP_CLIENT] = client->key;
		keys[MPTCP_SERVER] = server->key;
		if (!connection->own)
			connection->own = malloc(sizeof(struct mptcp_rewrite_keys));
		if (!connection->own)
			return -1;
		mptcp_rewrite_keys_change(connection->own, how, keys, version);
	}
	return 0;
}

bool mptcp_learned_agrees(const struct mptcp_learned *learned, uint64_t packetid,
	const uint8_t *bytes, const struct mptcp_layers *layers)
{
	const struct mptcp_learned_packet *own = find(learned, packetid);
	const uint8_t *tcp = bytes + layers->tcp;
	struct mptcp_address addresses[2];

	mptcp_layers_addresses(bytes, layers->ips[layers->ip_count - 1], addresses);
	return own &&
		own->print ==
		make_print(addresses, mptcp_be16(tcp), mptcp_be16(tcp + 2), mptcp_be32(tcp + 4));
}

static int compare(const void *a, const void *b)
{
	const struct mptcp_learned_dsn *first = a, *second = b;

	return (first->packetid > second->packetid) - (first->packetid < second->packetid);
}

bool mptcp_learned_side(const struct mptcp_learned *learned, uint64_t packetid,
	struct mptcp_rewrite_side *side)
{
	const struct mptcp_learned_packet *own = find(learned, packetid);
	const struct mptcp_learned_dsn key = {.packetid = packetid};

	*side = (struct mptcp_rewrite_side){.keys = NULL};
	if (!own || !own->belongs)
		return false;
	const struct mptcp_story_subflow *subflow =
		mptcp_roster_subflow(&learned->story.roster, own->tcpstream);
	const struct mptcp_learned_dsn *dsn = learned->dsn_count
		? bsearch(&key, learned->dsns, learned->dsn_count, sizeof(key), compare)
		: NULL;

	side->sender = (enum mptcp_role)own->sender;
	side->has_dsn = dsn;
	side->dsn = dsn ? dsn->dsn : 0;
	if (!subflow || !subflow->connection)
		return false;
	side->keys = subflow->connection->own;
	side->has_join = subflow->kind == MPTCP_KIND_JOIN && subflow->ends[0].has_nonce &&
		subflow->ends[1].has_nonce;
	side->join.opener = subflow->client_role;
	side->join.token = subflow->token;
	side->join.nonces[0] = subflow->ends[MPTCP_CLIENT].nonce;
	side->join.nonces[1] = subflow->ends[MPTCP_SERVER].nonce;
	return true;
}

static const struct mptcp_story_subflow *find_subflow(const struct mptcp_learned *learned,
	uint64_t packetid)
{
	const struct mptcp_learned_packet *own = find(learned, packetid);

	return own && own->print ? mptcp_roster_subflow(&learned->story.roster, own->tcpstream)
				 : NULL;
}

int mptcp_learned_forget_keys(struct mptcp_learned *learned, uint64_t packetid)
{
	const struct mptcp_story_subflow *subflow = find_subflow(learned, packetid);

	if (!subflow)
		return 0;
	if (subflow->connection)
		return mptcp_numbers_set(&learned->keyless, subflow->connection->mptcpstream, 1);
	return mptcp_numbers_set(&learned->keyless_streams, subflow->tcpstream, 1);
}

bool mptcp_learned_is_keyless(const struct mptcp_learned *learned, uint64_t packetid)
{
	const struct mptcp_story_subflow *subflow = find_subflow(learned, packetid);

	if (!subflow)
		return false;
	return (subflow->connection ? mptcp_numbers_get(&learned->keyless,
					      subflow->connection->mptcpstream)
				    : mptcp_numbers_get(&learned->keyless_streams,
					      subflow->tcpstream)) != MPTCP_NUMBERS_NONE;
}

void mptcp_learned_clear(struct mptcp_learned *learned)
{
	mptcp_story_clear(&learned->story);
	free(learned->packets);
	free(learned->dsns);
	mptcp_numbers_clear(&learned->keyless);
	mptcp_numbers_clear(&learned->keyless_streams);
	*learned = (struct mptcp_learned){.count = 0};
}
