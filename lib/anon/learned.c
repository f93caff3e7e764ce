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

struct mptcp_learned_mapping {
	uint64_t packetid;
	uint64_t print; /* the same for all packets that announce it */
	bool has_dsn;
	uint64_t dsn;
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

/* A mapping with a checksum, or the one of an MP_CAPABLE with data, which may have one. Of a DSN of
 * which the packet has the lower half all of it, as far as what is known of its direction tells. */
static int add_mapping(struct mptcp_learned *learned, const struct mptcp_packet *packet,
	const struct mptcp_story_connection *connection)
{
	const struct mptcp_story_data *to = &connection->to[packet->mptcpdest];
	bool dss = mptcp_packet_has(packet, MPTCP_COLUMN_dss_checksum);

	if (!dss && !(packet->tcplen && mptcp_packet_subtypes(packet) >> MPTCP_MP_CAPABLE & 1))
		return 0;
	struct mptcp_learned_mapping *mappings = mptcp_array_append(learned->mappings,
		&learned->mapping_count, &learned->mapping_capacity, sizeof(*mappings));

	if (!mappings)
		return -1;
	learned->mappings = mappings;
	struct mptcp_learned_mapping *added = &mappings[learned->mapping_count - 1];

	added->packetid = packet->packetid;
	added->print = mptcp_hash_add(packet->tcpstream, packet->mptcpdest << 1 | dss);
	added->print = mptcp_hash_add(added->print, packet->dss_dsn);
	added->print = mptcp_hash_add(added->print, packet->dss_checksum);
	added->print =
		mptcp_hash_add(added->print, (uint64_t)packet->dss_ssn << 32 | packet->dss_length);
	added->has_dsn = dss && !(packet->dss_flags & DSS_DSN_64) && to->has_base;
	if (added->has_dsn)
		added->dsn = mptcp_sequence_extend(to->highest, (uint32_t)packet->dss_dsn);
	return 0;
}

static int compare_mapping(const void *packetid, const void *item)
{
	const struct mptcp_learned_mapping *mapping = item;
	uint64_t wanted = *(const uint64_t *)packetid;

	return wanted < mapping->packetid ? -1 : wanted > mapping->packetid;
}

static const struct mptcp_learned_mapping *find_mapping(const struct mptcp_learned *learned,
	uint64_t packetid)
{
	return learned->mapping_count
		? bsearch(&packetid, learned->mappings, learned->mapping_count,
			  sizeof(*learned->mappings), compare_mapping)
		: NULL;
}

int mptcp_learned_add(struct mptcp_learned *learned, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_learned_packet *own = append(learned, packet->packetid);
	const struct mptcp_address addresses[2] = {packet->ipsrc, packet->ipdst};
	struct mptcp_story_subflow *subflow = NULL;

	if (!own)
		return mptcp_error_memory(error);
	if (learned->check.payload && mptcp_check_add(&learned->check, packet, error))
		return -1;
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
	return add_mapping(learned, packet, subflow->connection) ? mptcp_error_memory(error) : 0;
}

static int compare(const void *a, const void *b)
{
	uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

	return (first > second) - (first < second);
}

int mptcp_learned_end(struct mptcp_learned *learned, struct mptcp_error *error)
{
	struct mptcp_check *check = &learned->check;

	if (!check->payload)
		return 0;
	if (mptcp_check_end(check, error))
		return -1;
	for (size_t i = 0; i < check->count; i++) {
		const struct mptcp_learned_mapping *mapping =
			find_mapping(learned, check->list[i].packetid);

		if (check->list[i].id != MPTCP_FINDING_csum_wrong || !mapping)
			continue;
		uint64_t *wrong = mptcp_array_append(learned->wrong, &learned->wrong_count,
			&learned->wrong_capacity, sizeof(*wrong));

		if (!wrong)
			return mptcp_error_memory(error);
		learned->wrong = wrong;
		wrong[learned->wrong_count - 1] = mapping->print;
	}
	if (learned->wrong_count)
		qsort(learned->wrong, learned->wrong_count, sizeof(*learned->wrong), compare);
	return 0;
}

int mptcp_learned_change_keys(struct mptcp_learned *learned, const struct mptcp_rewrite *how)
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

bool mptcp_learned_side(const struct mptcp_learned *learned, uint64_t packetid,
	struct mptcp_rewrite_side *side)
{
	const struct mptcp_learned_packet *own = find(learned, packetid);

	*side = (struct mptcp_rewrite_side){.keys = NULL};
	if (!own || !own->belongs)
		return false;
	const struct mptcp_story_subflow *subflow =
		mptcp_roster_subflow(&learned->story.roster, own->tcpstream);
	const struct mptcp_learned_mapping *mapping = find_mapping(learned, packetid);

	side->sender = (enum mptcp_role)own->sender;
	if (mapping) {
		side->has_dsn = mapping->has_dsn;
		side->dsn = mapping->dsn;
		side->checksum_wrong = learned->wrong_count &&
			bsearch(&mapping->print, learned->wrong, learned->wrong_count,
				sizeof(*learned->wrong), compare);
	}
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
	free(learned->mappings);
	free(learned->wrong);
	mptcp_check_clear(&learned->check);
	mptcp_numbers_clear(&learned->keyless);
	mptcp_numbers_clear(&learned->keyless_streams);
	*learned = (struct mptcp_learned){.count = 0};
}
