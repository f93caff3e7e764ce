/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "match.h"

#include "sequence.h"

#include <stdlib.h>
#include <string.h>

#define WORDS 6 /* room for the longest evidence: two addresses and two ports */

/* The evidence of one kind that something has. */
struct candidate {
	uint64_t words[WORDS];
	uint32_t index;
};

struct candidates {
	struct candidate *items;
	size_t count;
};

/* Fills words (zeroed); false where there is no such evidence. */
typedef bool make_words(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words);

/* One step of the comparison. */
struct step {
	make_words *make;
	enum mptcp_evidence_kind kind;
	double score;
};

static bool connection_keys(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words)
{
	const struct mptcp_known *key = evidence->connections[index].key;

	words[0] = key[0].value;
	words[1] = key[1].value;
	return key[0].is && key[1].is;
}

static bool server_token(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words)
{
	words[0] = evidence->connections[index].token[MPTCP_SERVER].value;
	return evidence->connections[index].token[MPTCP_SERVER].is;
}

static bool client_token(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words)
{
	words[0] = evidence->connections[index].token[MPTCP_CLIENT].value;
	return evidence->connections[index].token[MPTCP_CLIENT].is;
}

static bool stream_keys(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words)
{
	const struct mptcp_known *key = evidence->streams[index].key;

	words[0] = key[0].value;
	words[1] = key[1].value;
	return key[0].is && key[1].is;
}

static bool both_nonces(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words)
{
	const struct mptcp_known *nonce = evidence->streams[index].nonce;

	words[0] = nonce[0].value << 32 | nonce[1].value;
	return nonce[0].is && nonce[1].is;
}

static bool client_nonce(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words)
{
	words[0] = evidence->streams[index].nonce[MPTCP_CLIENT].value;
	return evidence->streams[index].nonce[MPTCP_CLIENT].is;
}

static bool both_isns(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words)
{
	const struct mptcp_known *isn = evidence->streams[index].isn;

	words[0] = isn[0].value << 32 | isn[1].value;
	return isn[0].is && isn[1].is;
}

static bool stamped_isn(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words,
	enum mptcp_role role)
{
	const struct mptcp_evidence_stream *stream = &evidence->streams[index];

	words[0] = stream->isn[role].value << 32 | stream->syn_tsval[role].value;
	return stream->isn[role].is && stream->syn_tsval[role].is;
}

static bool client_stamped_isn(const struct mptcp_evidence *evidence, uint32_t index,
	uint64_t *words)
{
	return stamped_isn(evidence, index, words, MPTCP_CLIENT);
}

static bool server_stamped_isn(const struct mptcp_evidence *evidence, uint32_t index,
	uint64_t *words)
{
	return stamped_isn(evidence, index, words, MPTCP_SERVER);
}

static bool client_isn(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words)
{
	words[0] = evidence->streams[index].isn[MPTCP_CLIENT].value;
	return evidence->streams[index].isn[MPTCP_CLIENT].is;
}

static bool server_isn(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words)
{
	words[0] = evidence->streams[index].isn[MPTCP_SERVER].value;
	return evidence->streams[index].isn[MPTCP_SERVER].is;
}

static int compare_ends(const struct mptcp_endpoint *a, const struct mptcp_endpoint *b)
{
	int result = memcmp(a->address.bytes, b->address.bytes, sizeof(a->address.bytes));

	return result ? result : (int)a->port - (int)b->port;
}

/* In an order that does not depend on the roles: without the handshake those are a guess. */
static bool addresses(const struct mptcp_evidence *evidence, uint32_t index, uint64_t *words)
{
	const struct mptcp_endpoint *ends = evidence->streams[index].ends;
	int low = compare_ends(&ends[0], &ends[1]) > 0;

	memcpy(&words[0], ends[low].address.bytes, 16);
	memcpy(&words[2], ends[!low].address.bytes, 16);
	words[4] = (uint64_t)ends[low].port << 16 | ends[!low].port;
	words[5] = ends[low].address.family;
	return true;
}

static bool contradict(const struct mptcp_known *a, const struct mptcp_known *b)
{
	return a->is && b->is && a->value != b->value;
}

static bool agree(const struct mptcp_known *a, const struct mptcp_known *b)
{
	return a->is && b->is && a->value == b->value;
}

/* Timestamps of one direction: 1 if those of both captures are of times that overlap, 0 if unknown,
 * -1 if they cannot be of one connection. */
static int same_times(const struct mptcp_evidence_stream *a, enum mptcp_role role_a,
	const struct mptcp_evidence_stream *b, enum mptcp_role role_b)
{
	if (!a->first_tsval[role_a].is || !b->first_tsval[role_b].is)
		return 0;
	uint32_t first_a = (uint32_t)a->first_tsval[role_a].value,
		 last_a = (uint32_t)a->last_tsval[role_a].value,
		 first_b = (uint32_t)b->first_tsval[role_b].value,
		 last_b = (uint32_t)b->last_tsval[role_b].value;

	return mptcp_sequence_ahead32(first_a, last_b) <= 0 &&
			mptcp_sequence_ahead32(first_b, last_a) <= 0
		? 1
		: -1;
}

/* What else speaks for and against two streams with the same addresses: their score, 0 if they
 * cannot be one. Sets a->flipped. */
static double score_addresses(struct mptcp_evidence_stream *a,
	const struct mptcp_evidence_stream *b)
{
	bool flipped = compare_ends(&a->ends[0], &b->ends[0]) != 0;
	bool stamps = false;

	for (int role = 0; role < 2; role++) {
		int other = role ^ flipped;
		bool same_syn = agree(&a->syn_tsval[role], &b->syn_tsval[other]);
		int times = same_times(a, (enum mptcp_role)role, b, (enum mptcp_role)other);

		if (contradict(&a->isn[role], &b->isn[other]) && !same_syn)
			return 0;
		if (contradict(&a->nonce[role], &b->nonce[other]) ||
			contradict(&a->key[role], &b->key[other]) || times < 0)
			return 0;
		stamps |= times > 0;
	}
	a->flipped = flipped;
	return stamps ? 0.8 : 0.5;
}

static int by_words(const void *a, const void *b)
{
	const struct candidate *first = a, *second = b;
	int result = memcmp(first->words, second->words, sizeof(first->words));

	if (result)
		return result;
	return first->index < second->index ? -1 : first->index > second->index;
}

/* The evidence of all that are not yet matched, sorted. */
static int collect(struct candidates *candidates, const struct mptcp_evidence *evidence,
	bool connections, const struct step *step)
{
	size_t most = connections ? evidence->connection_count : evidence->stream_count;

	candidates->count = 0;
	candidates->items = calloc(most + 1, sizeof(*candidates->items));
	if (!candidates->items)
		return -1;
	for (uint32_t i = 0; i < most; i++) {
		const struct mptcp_matched *match =
			connections ? &evidence->connections[i].match : &evidence->streams[i].match;
		struct candidate *candidate = &candidates->items[candidates->count];

		if (match->peer != MPTCP_NOT_MATCHED)
			continue;
		memset(candidate, 0, sizeof(*candidate));
		candidate->index = i;
		candidates->count += step->make(evidence, i, candidate->words);
	}
	qsort(candidates->items, candidates->count, sizeof(*candidates->items), by_words);
	return 0;
}

/* `indices`: of a and of b. */
static void join(struct mptcp_matched *a, struct mptcp_matched *b, const uint32_t indices[2],
	enum mptcp_evidence_kind kind, double score)
{
	*a = (struct mptcp_matched){indices[1], score, kind};
	*b = (struct mptcp_matched){indices[0], score, kind};
}

/* Joins two streams unless their connections are matched with others; and their connections. */
static void join_streams(struct mptcp_evidence *a, struct mptcp_evidence *b, uint32_t index_a,
	uint32_t index_b, const struct step *step)
{
	struct mptcp_evidence_stream *first = &a->streams[index_a], *second = &b->streams[index_b];
	bool mptcp =
		first->connection != MPTCP_NOT_MATCHED && second->connection != MPTCP_NOT_MATCHED;
	double score = step->score;

	if (mptcp) {
		const struct mptcp_matched *match_a = &a->connections[first->connection].match,
					   *match_b = &b->connections[second->connection].match;
		bool free_both =
			match_a->peer == MPTCP_NOT_MATCHED && match_b->peer == MPTCP_NOT_MATCHED;

		if (!free_both && match_a->peer != second->connection)
			return;
	}
	if (step->kind == MPTCP_EVIDENCE_ADDRESSES)
		score = score_addresses(first, second);
	if (score <= 0)
		return;
	second->flipped = first->flipped;
	join(&first->match, &second->match, (const uint32_t[]){index_a, index_b}, step->kind,
		score);
	if (mptcp && a->connections[first->connection].match.peer == MPTCP_NOT_MATCHED)
		join(&a->connections[first->connection].match,
			&b->connections[second->connection].match,
			(const uint32_t[]){first->connection, second->connection}, step->kind,
			score);
}

static size_t same(const struct candidates *candidates, size_t at)
{
	size_t end = at + 1;

	while (end < candidates->count &&
		!memcmp(candidates->items[end].words, candidates->items[at].words,
			sizeof(candidates->items[at].words)))
		end++;
	return end - at;
}

/* Joins what has the same evidence if there is exactly one of it in either capture. */
static int compare(struct mptcp_evidence *a, struct mptcp_evidence *b, bool connections,
	const struct step *step)
{
	struct candidates first = {0}, second = {0};
	int result =
		collect(&first, a, connections, step) || collect(&second, b, connections, step);

	for (size_t i = 0, k = 0; !result && i < first.count && k < second.count;) {
		int order = memcmp(first.items[i].words, second.items[k].words,
			sizeof(first.items[i].words));
		size_t here = same(&first, i), there = same(&second, k);
		uint32_t index_a = first.items[i].index, index_b = second.items[k].index;

		if (!order && here == 1 && there == 1) {
			if (connections)
				join(&a->connections[index_a].match, &b->connections[index_b].match,
					(const uint32_t[]){index_a, index_b}, step->kind,
					step->score);
			else
				join_streams(a, b, index_a, index_b, step);
		}
		i += order <= 0 ? here : 0;
		k += order >= 0 ? there : 0;
	}
	free(first.items);
	free(second.items);
	return result ? -1 : 0;
}

int mptcp_match(struct mptcp_evidence *a, struct mptcp_evidence *b, struct mptcp_error *error)
{
	static const struct step connections[] = {
		{connection_keys, MPTCP_EVIDENCE_KEYS, 1},
		{server_token, MPTCP_EVIDENCE_TOKEN, 1},
		{client_token, MPTCP_EVIDENCE_TOKEN, 1},
	};
	static const struct step streams[] = {
		{stream_keys, MPTCP_EVIDENCE_KEYS, 1},
		{both_nonces, MPTCP_EVIDENCE_NONCE, 1},
		{client_nonce, MPTCP_EVIDENCE_NONCE, 1},
		{both_isns, MPTCP_EVIDENCE_ISN, 1},
		{client_stamped_isn, MPTCP_EVIDENCE_ISN, 1},
		{server_stamped_isn, MPTCP_EVIDENCE_ISN, 1},
		{client_isn, MPTCP_EVIDENCE_ISN, 0.9},
		{server_isn, MPTCP_EVIDENCE_ISN, 0.9},
		{addresses, MPTCP_EVIDENCE_ADDRESSES, 0.5},
	};

	for (size_t i = 0; i < sizeof(connections) / sizeof(connections[0]); i++)
		if (compare(a, b, true, &connections[i]))
			return mptcp_error_memory(error);
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++)
		if (compare(a, b, false, &streams[i]))
			return mptcp_error_memory(error);
	return 0;
}

bool mptcp_match_connection(const struct mptcp_evidence *a, const struct mptcp_evidence *b,
	uint32_t *mptcpstream)
{
	uint32_t index = mptcp_numbers_get(&b->connection_index, *mptcpstream);

	if (index == MPTCP_NUMBERS_NONE || b->connections[index].match.peer == MPTCP_NOT_MATCHED)
		return false;
	*mptcpstream = a->connections[b->connections[index].match.peer].mptcpstream;
	return true;
}

bool mptcp_match_stream(const struct mptcp_evidence *a, const struct mptcp_evidence *b,
	uint32_t *tcpstream)
{
	const struct mptcp_evidence_stream *stream = mptcp_evidence_stream(b, *tcpstream);

	if (!stream || stream->match.peer == MPTCP_NOT_MATCHED)
		return false;
	*tcpstream = a->streams[stream->match.peer].tcpstream;
	return true;
}
