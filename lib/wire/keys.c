/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of a connection. Section numbers are of RFC 8684. */
#include "keys.h"

#include <stdlib.h>
#include <string.h>

enum { SYN = 0x02, ACK = 0x10 };

/* How far a host's data may be from its IDSN to speak for it: beyond, a chance hit is no longer out
 * of the question. */
#define IDSN_REACH (UINT64_C(1) << 31)

void mptcp_keys_clear(struct mptcp_keys *keys)
{
	free(keys->of[0].list);
	free(keys->of[1].list);
	*keys = (struct mptcp_keys){0};
}

static void compute(struct mptcp_key *key, unsigned version)
{
	struct mptcp_token token;

	mptcp_token_compute(&token, key->key, version);
	key->token = token.token;
	key->idsn = token.idsn;
}

static struct mptcp_key *find(const struct mptcp_key_list *of, uint64_t key)
{
	for (unsigned i = 0; i < of->count; i++)
		if (of->list[i].key == key)
			return &of->list[i];
	return NULL;
}

static struct mptcp_key *chosen(const struct mptcp_key_list *of)
{
	struct mptcp_key *best = NULL;
	unsigned most = 0;

	for (unsigned i = 0; i < of->count; i++) {
		unsigned proof = of->list[i].proof;

		/* what the peer says of a key that the host never sent */
		if (!(proof & MPTCP_KEY_OFFERED))
			proof &= MPTCP_KEY_IDSN | MPTCP_KEY_HMAC;
		if (!best || proof > most) {
			best = &of->list[i];
			most = proof;
		}
	}
	return best;
}

/* Adds to what speaks for a candidate: whether another one counts now. */
static enum mptcp_keys_news prove(struct mptcp_key_list *of, struct mptcp_key *key, unsigned proof)
{
	const struct mptcp_key *before = chosen(of);

	key->proof |= (uint8_t)proof;
	return chosen(of) != before ? MPTCP_KEYS_CHANGED : MPTCP_KEYS_SAME;
}

static enum mptcp_keys_news add(struct mptcp_keys *keys, enum mptcp_role role, uint64_t number,
	unsigned proof)
{
	struct mptcp_key_list *of = &keys->of[role];
	/* grows by one: nearly every host has one key */
	struct mptcp_key *list = realloc(of->list, (of->count + 1U) * sizeof(*list));

	if (!list)
		return MPTCP_KEYS_FAILED;
	of->list = list;
	struct mptcp_key *key = &list[of->count++];
	*key = (struct mptcp_key){.key = number, .proof = (uint8_t)proof};
	compute(key, keys->version);
	return MPTCP_KEYS_CHANGED;
}

enum mptcp_keys_news mptcp_keys_offer(struct mptcp_keys *keys, enum mptcp_role role, uint64_t key)
{
	struct mptcp_key_list *of = &keys->of[role];
	struct mptcp_key *known = find(of, key);

	if (known)
		return prove(of, known, MPTCP_KEY_OFFERED);
	if (of->count >= MPTCP_KEYS_MAX - 1) {
		of->overflowed = true;
		return MPTCP_KEYS_SAME;
	}
	return add(keys, role, key, MPTCP_KEY_OFFERED);
}

enum mptcp_keys_news mptcp_keys_echo(struct mptcp_keys *keys, enum mptcp_role role, uint64_t key)
{
	struct mptcp_key_list *of = &keys->of[role];
	struct mptcp_key *known = find(of, key);

	if (known)
		return prove(of, known, MPTCP_KEY_ECHOED);
	if (of->count == MPTCP_KEYS_MAX)
		return MPTCP_KEYS_SAME;
	/* of many keys that were offered it may be one that found no room */
	return add(keys, role, key, MPTCP_KEY_ECHOED | (of->overflowed ? MPTCP_KEY_OFFERED : 0U));
}

bool mptcp_keys_see_version(struct mptcp_keys *keys, unsigned version,
	enum mptcp_version_source source)
{
	if (source <= keys->version_source)
		return false;
	bool known = keys->version_source != MPTCP_VERSION_UNKNOWN;
	keys->version_source = source;
	if (known && keys->version == version)
		return false;
	keys->version = (uint8_t)version;
	for (int role = 0; role < 2; role++)
		for (unsigned i = 0; i < keys->of[role].count; i++) {
			struct mptcp_key *key = &keys->of[role].list[i];

			compute(key, version);
			key->proof &= MPTCP_KEY_OFFERED | MPTCP_KEY_ECHOED;
		}
	return true;
}

bool mptcp_keys_version(const struct mptcp_keys *keys, unsigned *version)
{
	*version = keys->version;
	return keys->version_source != MPTCP_VERSION_UNKNOWN;
}

enum mptcp_keys_news mptcp_keys_capable(struct mptcp_keys *keys, enum mptcp_role sender,
	unsigned tcp_flags, const struct mptcp_option_value *capable)
{
	bool synack = (tcp_flags & (SYN | ACK)) == (SYN | ACK);
	enum mptcp_version_source source = sender == MPTCP_SERVER ? MPTCP_VERSION_SERVER
		: tcp_flags & SYN                                 ? MPTCP_VERSION_SYN
								  : MPTCP_VERSION_CLIENT;
	enum mptcp_keys_news offered = MPTCP_KEYS_SAME, echoed = MPTCP_KEYS_SAME;

	if (synack && !capable->capable.keys)
		return MPTCP_KEYS_SAME;
	bool changed = mptcp_keys_see_version(keys, capable->capable.version, source);
	if (capable->capable.keys >= 1)
		offered = mptcp_keys_offer(keys, sender, capable->capable.sender_key);
	if (capable->capable.keys >= 2)
		echoed = mptcp_keys_echo(keys, mptcp_role_peer(sender),
			capable->capable.receiver_key);
	if (offered == MPTCP_KEYS_FAILED || echoed == MPTCP_KEYS_FAILED)
		return MPTCP_KEYS_FAILED;
	return changed || offered == MPTCP_KEYS_CHANGED || echoed == MPTCP_KEYS_CHANGED
		? MPTCP_KEYS_CHANGED
		: MPTCP_KEYS_SAME;
}

bool mptcp_keys_see_dsn(struct mptcp_keys *keys, enum mptcp_role role, uint64_t dsn, bool whole)
{
	struct mptcp_key_list *of = &keys->of[role];
	bool fits = false;

	for (unsigned i = 0; i < of->count; i++) {
		uint64_t ahead = dsn - of->list[i].idsn;

		if (whole ? ahead - 1 >= IDSN_REACH : (uint32_t)ahead != 1)
			continue;
		of->list[i].proof |= MPTCP_KEY_IDSN;
		fits = true;
	}
	return fits;
}

bool mptcp_keys_see_token(struct mptcp_keys *keys, enum mptcp_role role, uint32_t token)
{
	struct mptcp_key_list *of = &keys->of[role];
	bool fits = false;

	for (unsigned i = 0; i < of->count; i++) {
		if (of->list[i].token != token)
			continue;
		of->list[i].proof |= MPTCP_KEY_TOKEN;
		fits = true;
	}
	return fits;
}

bool mptcp_keys_see_hmac(struct mptcp_keys *keys, const struct mptcp_join *join, bool by_opener,
	const uint8_t *hmac, size_t length)
{
	struct mptcp_key_list *opener = &keys->of[join->opener];
	struct mptcp_key_list *listener = &keys->of[mptcp_role_peer(join->opener)];
	uint8_t digest[MPTCP_HMAC_MAX];

	for (unsigned i = 0; i < listener->count; i++) {
		if (listener->list[i].token != join->token)
			continue;
		for (unsigned j = 0; j < opener->count; j++) {
			const uint64_t both[2] = {opener->list[j].key, listener->list[i].key};

			if (mptcp_hmac_join(digest, join, by_opener, both, keys->version) <
					length ||
				memcmp(digest, hmac, length) != 0)
				continue;
			listener->list[i].proof |= MPTCP_KEY_HMAC;
			opener->list[j].proof |= MPTCP_KEY_HMAC;
			return true;
		}
	}
	return false;
}

const struct mptcp_key *mptcp_keys_chosen(const struct mptcp_keys *keys, enum mptcp_role role)
{
	return chosen(&keys->of[role]);
}

size_t mptcp_keys_add_addr(const struct mptcp_keys *keys, enum mptcp_role role,
	const struct mptcp_option_value *value, uint8_t digest[MPTCP_HMAC_MAX])
{
	const struct mptcp_key *own = mptcp_keys_chosen(keys, role);
	const struct mptcp_key *peer = mptcp_keys_chosen(keys, mptcp_role_peer(role));
	unsigned version;

	if (!own || !peer || !mptcp_keys_version(keys, &version))
		return 0;
	const uint64_t pair[2] = {own->key, peer->key};

	return mptcp_hmac_add_addr(digest, value, pair, version);
}

bool mptcp_keys_in_doubt(const struct mptcp_keys *keys)
{
	for (int role = 0; role < 2; role++) {
		const struct mptcp_key *key = chosen(&keys->of[role]);

		if (keys->of[role].count > 1 && !(key->proof & MPTCP_KEY_HMAC))
			return true;
	}
	return false;
}

void mptcp_keys_flip(struct mptcp_keys *keys)
{
	struct mptcp_key_list client = keys->of[MPTCP_CLIENT];

	keys->of[MPTCP_CLIENT] = keys->of[MPTCP_SERVER];
	keys->of[MPTCP_SERVER] = client;
}

int mptcp_keys_merge(struct mptcp_keys *into, const struct mptcp_keys *from)
{
	mptcp_keys_see_version(into, from->version, from->version_source);
	for (enum mptcp_role role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++) {
		const struct mptcp_key_list *of = &from->of[role];

		into->of[role].overflowed = into->of[role].overflowed || of->overflowed;
		for (unsigned i = 0; i < of->count; i++) {
			struct mptcp_key *known = find(&into->of[role], of->list[i].key);
			unsigned proof = of->list[i].proof;

			if (known)
				known->proof |= (uint8_t)proof;
			else if (into->of[role].count < MPTCP_KEYS_MAX - 1 &&
				add(into, role, of->list[i].key, proof) == MPTCP_KEYS_FAILED)
				return -1;
		}
	}
	return 0;
}
