/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Originals of the last 50 ms lie in a ring, chained by the hash of what copies agree in. Its table
 * is its own: entries leave in the order in which they came, and a chain ends where the ring does.
 */
#include "duplicates.h"

#include "hash.h"

#include <stdlib.h>
#include <string.h>

#define RING_LEAST 256
#define CHAIN_MOST 64 /* entries of one chain that are looked at: all of them may be equal */
#define PLACES 4      /* of one packet that are remembered */

/* What copies agree in. */
struct key {
	uint32_t sequence, acknowledgement, length, tsval;
	uint16_t ipid, flags, has_timestamps, family;
};

struct place {
	uint32_t interface_id;
	uint8_t ttl;
};

/* A packet seen first, or again at a place where it was seen before. */
struct entry {
	struct key key;
	struct mptcp_endpoint source, destination;
	int64_t time;
	uint64_t number;
	uint64_t first; /* number of the entry that this one repeats at the same place, else its own
			 */
	uint64_t older; /* index of the next in the chain */
	struct place places[PLACES];
	uint8_t place_count;
	bool paired, paired_same; /* counted already */
};

struct mptcp_duplicates {
	struct entry *ring; /* entry i is at i & (size - 1) */
	uint64_t *heads;    /* the newest of each chain; twice as many */
	size_t size;
	uint64_t begin, end; /* indices, from 1 */
	/* of packets that count: all; those that have a pair; pairs at the same place; copies at
	 * another place */
	uint64_t counted, paired, paired_same, passed;
};

struct mptcp_duplicates *mptcp_duplicates_new(void)
{
	struct mptcp_duplicates *duplicates = calloc(1, sizeof(*duplicates));

	if (duplicates)
		duplicates->begin = duplicates->end = 1;
	return duplicates;
}

void mptcp_duplicates_free(struct mptcp_duplicates *duplicates)
{
	if (!duplicates)
		return;
	free(duplicates->ring);
	free(duplicates->heads);
	free(duplicates);
}

static struct key make_key(const struct mptcp_frame *frame, const struct mptcp_options *options)
{
	return (struct key){
		.sequence = frame->sequence,
		.acknowledgement = frame->flags & MPTCP_ACK ? frame->acknowledgement : 0,
		.length = frame->length,
		.tsval = options->has_timestamps ? options->tsval : 0,
		.ipid = frame->has_ipid ? frame->ipid : 0,
		.flags = frame->flags,
		.has_timestamps = options->has_timestamps,
		.family = frame->source.family,
	};
}

static uint64_t hash_key(const struct key *key)
{
	uint64_t words[sizeof(*key) / sizeof(uint64_t)], hash = 0;

	memcpy(words, key, sizeof(*key));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		hash = mptcp_hash_add(hash, words[i]);
	return hash;
}

static struct entry *entry_at(const struct mptcp_duplicates *duplicates, uint64_t index)
{
	return &duplicates->ring[index & (duplicates->size - 1)];
}

static uint64_t *head_of(const struct mptcp_duplicates *duplicates, uint64_t hash)
{
	return &duplicates->heads[hash & (2 * duplicates->size - 1)];
}

static void chain(struct mptcp_duplicates *duplicates, uint64_t index, uint64_t hash)
{
	uint64_t *head = head_of(duplicates, hash);

	entry_at(duplicates, index)->older = *head;
	*head = index;
}

/* A ring twice as large. */
static int grow(struct mptcp_duplicates *duplicates)
{
	struct mptcp_duplicates larger = *duplicates;

	larger.size = duplicates->size ? 2 * duplicates->size : RING_LEAST;
	larger.ring = malloc(larger.size * sizeof(*larger.ring));
	larger.heads = calloc(2 * larger.size, sizeof(*larger.heads));
	if (!larger.ring || !larger.heads) {
		free(larger.ring);
		free(larger.heads);
		return -1;
	}
	for (uint64_t i = larger.begin; i < larger.end; i++) {
		*entry_at(&larger, i) = *entry_at(duplicates, i);
		chain(&larger, i, hash_key(&entry_at(&larger, i)->key));
	}
	free(duplicates->ring);
	free(duplicates->heads);
	*duplicates = larger;
	return 0;
}

static bool is_at(const struct entry *entry, const struct mptcp_frame *frame)
{
	for (unsigned i = 0; i < entry->place_count; i++)
		if (entry->places[i].interface_id == frame->interface_id &&
			entry->places[i].ttl == frame->ttl)
			return true;
	return false;
}

static void add_place(struct entry *entry, const struct mptcp_frame *frame)
{
	if (entry->place_count < PLACES)
		entry->places[entry->place_count++] =
			(struct place){frame->interface_id, frame->ttl};
}

static bool is_endpoint(const struct mptcp_endpoint *endpoint, const struct mptcp_address *address,
	uint16_t port)
{
	return endpoint->port == port && mptcp_address_equal(&endpoint->address, address);
}

/*
 * Do the endpoints allow this frame to be the entry's packet? A translated one that has no number
 * needs something else that the packets of a scan, and the answers to it, do not have in common.
 */
static bool ends_agree(const struct entry *entry, const struct mptcp_frame *frame, bool same_place)
{
	const struct key *key = &entry->key;
	const uint16_t handshake = MPTCP_SYN | MPTCP_ACK;
	bool source = is_endpoint(&entry->source, &frame->source, frame->source_port);
	bool destination =
		is_endpoint(&entry->destination, &frame->destination, frame->destination_port);

	if (source && destination)
		return true;
	if ((!source && !destination) || same_place)
		return false;
	return key->ipid || key->has_timestamps || key->length ||
		(key->sequence && (key->flags & handshake) != MPTCP_SYN);
}

/*
 * The oldest entry that this frame can be a copy of, having been at another place, and the oldest
 * that was at the same place. Copies come in the order of their originals, so that the oldest is
 * the one.
 */
static void search(const struct mptcp_duplicates *duplicates, const struct mptcp_frame *frame,
	const struct key *key, uint64_t hash, struct entry **passed, struct entry **same)
{
	*passed = *same = NULL;
	if (!duplicates->size)
		return;
	uint64_t index = *head_of(duplicates, hash);

	for (unsigned looked = 0; index >= duplicates->begin && looked < CHAIN_MOST; looked++) {
		struct entry *entry = entry_at(duplicates, index);
		int64_t apart = frame->time - entry->time;

		index = entry->older;
		if (memcmp(&entry->key, key, sizeof(*key)) || apart > MPTCP_DUPLICATES_REACH ||
			apart < -MPTCP_DUPLICATES_REACH)
			continue;
		bool here = is_at(entry, frame);
		if (ends_agree(entry, frame, here))
			*(here ? same : passed) = entry;
	}
}

static void forget(struct mptcp_duplicates *duplicates, int64_t now)
{
	while (duplicates->begin < duplicates->end &&
		now - entry_at(duplicates, duplicates->begin)->time > MPTCP_DUPLICATES_REACH)
		duplicates->begin++;
}

static int remember(struct mptcp_duplicates *duplicates, const struct mptcp_frame *frame,
	const struct key *key, uint64_t hash, const struct mptcp_duplicate *found)
{
	forget(duplicates, frame->time);
	if (duplicates->end - duplicates->begin == duplicates->size) {
		if (duplicates->size == MPTCP_DUPLICATES_MOST)
			duplicates->begin++;
		else if (grow(duplicates))
			return -1;
	}
	bool again = found->kind == MPTCP_DUPLICATE_SAME && found->counts;
	struct entry *entry = entry_at(duplicates, duplicates->end);
	entry->key = *key;
	entry->source = (struct mptcp_endpoint){frame->source, frame->source_port};
	entry->destination = (struct mptcp_endpoint){frame->destination, frame->destination_port};
	entry->time = frame->time;
	entry->number = frame->number;
	entry->first = again ? found->first : frame->number;
	entry->paired = entry->paired_same = again;
	entry->place_count = 0;
	add_place(entry, frame);
	chain(duplicates, duplicates->end++, hash);
	return 0;
}

/* Counts the frame and what it pairs with. */
static void count_pair(struct mptcp_duplicates *duplicates, struct entry *entry,
	enum mptcp_duplicate_kind kind)
{
	bool same = kind == MPTCP_DUPLICATE_SAME;

	duplicates->counted++;
	if (!entry)
		return;
	duplicates->paired += entry->paired ? 1 : 2;
	entry->paired = true;
	if (same) {
		duplicates->paired_same += entry->paired_same ? 1 : 2;
		entry->paired_same = true;
	} else {
		duplicates->passed++;
	}
}

static void note_ends(struct mptcp_duplicate *found, const struct entry *entry,
	const struct mptcp_frame *frame)
{
	found->translated = !is_endpoint(&entry->source, &frame->source, frame->source_port) ||
		!is_endpoint(&entry->destination, &frame->destination, frame->destination_port);
	if (found->translated) {
		found->source = entry->source;
		found->destination = entry->destination;
	}
}

int mptcp_duplicates_find(struct mptcp_duplicates *duplicates, const struct mptcp_frame *frame,
	const struct mptcp_options *options, bool count, struct mptcp_duplicate *found)
{
	struct key key = make_key(frame, options);
	uint64_t hash = hash_key(&key);
	struct entry *passed, *same;

	search(duplicates, frame, &key, hash, &passed, &same);
	struct entry *entry = passed ? passed : same;
	found->kind = passed ? MPTCP_DUPLICATE_PASSED
		: same       ? MPTCP_DUPLICATE_SAME
			     : MPTCP_DUPLICATE_NONE;
	found->numbered = key.ipid;
	found->counts = key.ipid || key.length || key.flags & MPTCP_SYN;
	found->of = entry ? entry->number : 0;
	found->first = entry ? entry->first : 0;
	found->translated = false;
	if (count && found->counts)
		count_pair(duplicates, entry, found->kind);
	if (passed) {
		note_ends(found, passed, frame);
		add_place(passed, frame);
		return 0;
	}
	return remember(duplicates, frame, &key, hash, found);
}

/* Does a mirror port, or whatever it is, show most packets twice at the same place? What passed
 * other places is left out: there, too, it would be twice. */
static bool is_mirrored(const struct mptcp_duplicates *duplicates)
{
	return 2 * duplicates->paired_same > duplicates->counted - duplicates->passed;
}

uint64_t mptcp_duplicates_original(const struct mptcp_duplicates *duplicates,
	const struct mptcp_duplicate *found)
{
	switch (found->kind) {
	case MPTCP_DUPLICATE_PASSED:
		if (!found->numbered && 2 * duplicates->paired <= duplicates->counted)
			return 0;
		return is_mirrored(duplicates) ? found->first : found->of;
	case MPTCP_DUPLICATE_SAME:
		return found->counts && is_mirrored(duplicates) ? found->first : 0;
	default:
		return 0;
	}
}
