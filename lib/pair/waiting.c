/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hash table of its own, because several packets may have one content,
 * and the oldest is to be found first: uthash finds the newest of those with one key.
 */
#include "waiting.h"

#include "hash.h"
#include "hashed.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CHAINS 1024

uint64_t mptcp_content_hash(const struct mptcp_content *content)
{
	uint64_t hash = mptcp_hash_add(mptcp_hashed_seed() ^ content->stream,
		(uint64_t)content->flags << 1 | content->to);

	hash = mptcp_hash_add(hash, (uint64_t)content->seq << 32 | content->ack);
	hash = mptcp_hash_add(hash, content->length);
	return mptcp_hash_add(hash, (uint64_t)content->tsval << 32 | content->tsecr);
}

static bool same_content(const struct mptcp_content *a, const struct mptcp_content *b)
{
	return a->stream == b->stream && a->seq == b->seq && a->ack == b->ack &&
		a->length == b->length && a->tsval == b->tsval && a->tsecr == b->tsecr &&
		a->flags == b->flags && a->to == b->to && a->has_timestamps == b->has_timestamps;
}

uint64_t mptcp_content_options(const struct mptcp_packet *packet)
{
	uint64_t hash = mptcp_packet_subtypes(packet);

	if (!hash)
		return 0;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dss_dsn))
		hash = mptcp_hash_add(hash, packet->dss_dsn);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dss_ssn))
		hash = mptcp_hash_add(hash, packet->dss_ssn);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dss_length))
		hash = mptcp_hash_add(hash, packet->dss_length);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dss_rawack))
		hash = mptcp_hash_add(hash, packet->dss_rawack);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_options))
		for (size_t i = 0; i < packet->options.length; i++)
			hash = mptcp_hash_add(hash, (unsigned char)packet->options.bytes[i]);
	return hash;
}

/* One with the packet it is about. */
struct block {
	struct mptcp_waiting waiting;
	struct mptcp_packet packet;
	char text[];
};

struct mptcp_waiting *mptcp_waiting_new(const struct mptcp_packet *packet, bool keep)
{
	struct block *block;

	if (!keep)
		return calloc(1, sizeof(struct mptcp_waiting));
	block = malloc(sizeof(*block) + mptcp_packet_text_length(packet));
	if (!block)
		return NULL;
	memset(&block->waiting, 0, sizeof(block->waiting));
	mptcp_packet_copy(&block->packet, packet, block->text);
	block->waiting.packet = &block->packet;
	return &block->waiting;
}

void mptcp_waiting_free(struct mptcp_waiting *waiting)
{
	if (waiting)
		mptcp_intervals_clear(&waiting->matched);
	free(waiting);
}

/* The three lists that a packet is in differ only in which two members link it. */
#define APPEND(list, waiting, before, after) \
	do { \
		(waiting)->before = (list)->newest; \
		(waiting)->after = NULL; \
		*((list)->newest ? &(list)->newest->after : &(list)->oldest) = (waiting); \
		(list)->newest = (waiting); \
	} while (0)

#define REMOVE(list, waiting, before, after) \
	do { \
		*((waiting)->before ? &(waiting)->before->after : &(list)->oldest) = \
			(waiting)->after; \
		*((waiting)->after ? &(waiting)->after->before : &(list)->newest) = \
			(waiting)->before; \
	} while (0)

static struct mptcp_waiting_list *chain(const struct mptcp_waiting_table *table, int capture,
	uint64_t hash)
{
	return &table->chains[capture][hash & (table->chain_count - 1)];
}

static int grow(struct mptcp_waiting_table *table)
{
	size_t count = table->chain_count ? 2 * table->chain_count : FIRST_CHAINS;
	struct mptcp_waiting_list *chains[2] = {calloc(count, sizeof(**chains)),
		calloc(count, sizeof(**chains))};

	if (!chains[0] || !chains[1]) {
		free(chains[0]);
		free(chains[1]);
		return -1;
	}
	for (int i = 0; i < 2; i++) {
		free(table->chains[i]);
		table->chains[i] = chains[i];
	}
	table->chain_count = count;
	for (struct mptcp_waiting *old = table->all.oldest; old; old = old->newer) {
		struct mptcp_waiting_list *to = chain(table, old->capture, old->hash);

		APPEND(to, old, chain_older, chain_newer);
	}
	return 0;
}

int mptcp_waiting_put(struct mptcp_waiting_table *table, struct mptcp_waiting *waiting,
	struct mptcp_waiting_list *flow)
{
	if (table->count >= table->chain_count && grow(table))
		return -1;
	struct mptcp_waiting_list *to = chain(table, waiting->capture, waiting->hash);
	APPEND(to, waiting, chain_older, chain_newer);
	APPEND(&table->all, waiting, older, newer);
	if (waiting->content.length)
		APPEND(flow, waiting, flow_older, flow_newer);
	table->count++;
	return 0;
}

void mptcp_waiting_take(struct mptcp_waiting_table *table, struct mptcp_waiting *waiting,
	struct mptcp_waiting_list *flow)
{
	struct mptcp_waiting_list *from = chain(table, waiting->capture, waiting->hash);

	REMOVE(from, waiting, chain_older, chain_newer);
	REMOVE(&table->all, waiting, older, newer);
	if (waiting->content.length)
		REMOVE(flow, waiting, flow_older, flow_newer);
	table->count--;
}

struct mptcp_waiting *mptcp_waiting_find(const struct mptcp_waiting_table *table, int capture,
	const struct mptcp_content *content, uint64_t hash, const uint64_t *options)
{
	if (!table->chain_count)
		return NULL;
	struct mptcp_waiting *found = chain(table, capture, hash)->oldest;
	for (; found; found = found->chain_newer)
		if (found->hash == hash && (!options || found->options == *options) &&
			!found->matched.ranges.count && same_content(&found->content, content))
			return found;
	return NULL;
}

void mptcp_waiting_clear(struct mptcp_waiting_table *table)
{
	for (struct mptcp_waiting *next, *old = table->all.oldest; old; old = next) {
		next = old->newer;
		mptcp_waiting_free(old);
	}
	free(table->chains[0]);
	free(table->chains[1]);
	*table = (struct mptcp_waiting_table){0};
}
