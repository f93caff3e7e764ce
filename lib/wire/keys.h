/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys: the keys of one MPTCP connection: every candidate, and which of them counts.
 *
 * A host has one key, but a capture may show several: a stateless server (SYN cookies) gives each
 * SYN/ACK a key of its own, a middlebox rewrites one, an attacker invents one. All of them are kept
 * as candidates, in the order in which they appeared, and what is seen afterwards speaks for one or
 * another. What counts, from the strongest:
 *
 *   HMAC     the HMAC of an MP_JOIN fits: whoever made it knows both keys (RFC 8684 section 3.2)
 *   IDSN     the host numbers its data from there: its first byte is IDSN + 1 (section 3.3.1)
 *   ECHOED   the host sent it, and the peer repeated it, in the third ACK or with the first data
 *            (section 3.1)
 *   TOKEN    the host sent it, and the peer opens a subflow with its token
 *   OFFERED  the host sent it
 *
 * Of equals the first counts. A key that the peer repeats but the host never sent is a candidate
 * only: it counts when nothing else is known, or when an IDSN or HMAC speaks for it. Keys come from
 * MP_CAPABLE alone; MP_FASTCLOSE proves nothing about them. An MP_CAPABLE of 4 bytes in a SYN/ACK
 * has no key and offers none.
 *
 * Tokens and IDSNs depend on the version (SHA-1 in version 0, SHA-256 after it). It is the one of
 * the client's SYN; where that was not captured, of what the client sent later; and only then of
 * the server's SYN/ACK. When a better source names another version, everything is computed again.
 *
 * At most MPTCP_KEYS_MAX candidates per role are kept, the last place for a key that the peer
 * repeats: whatever the capture, the memory is bounded, and the true key finds room as soon as
 * it is used.
 *
 * Pure: knows options, but neither packets nor time. A zeroed struct is empty; mptcp_keys_clear
 * frees what it holds. Pointers to a key are valid until the next call that may change the keys.
 * Functions that return int return -1 when memory ran out; the candidates are as before, then.
 */
#ifndef MPTCP_KEYS_H
#define MPTCP_KEYS_H

#include "hmac.h"
#include "options.h"
#include "role.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPTCP_KEYS_MAX 8

/* What speaks for a candidate: bits of `proof`. */
enum {
	MPTCP_KEY_OFFERED = 1,
	MPTCP_KEY_TOKEN = 2,
	MPTCP_KEY_ECHOED = 4,
	MPTCP_KEY_IDSN = 8,
	MPTCP_KEY_HMAC = 16
};

struct mptcp_key {
	uint64_t key;
	uint64_t idsn;
	uint32_t token;
	uint8_t proof;
};

/* Where a version comes from, weakest source first. */
enum mptcp_version_source {
	MPTCP_VERSION_UNKNOWN,
	MPTCP_VERSION_SERVER,
	MPTCP_VERSION_CLIENT,
	MPTCP_VERSION_SYN
};

struct mptcp_keys {
	uint8_t version;                          /* if version_source is not UNKNOWN */
	enum mptcp_version_source version_source; /* read with mptcp_keys_version */
	struct mptcp_key_list {
		struct mptcp_key *list; /* in order of appearance */
		uint8_t count;
		bool overflowed; /* the host sent more keys than there is room for */
	} of[2];                 /* by role */
};

void mptcp_keys_clear(struct mptcp_keys *keys);

/* What something that was seen changes. */
enum mptcp_keys_news {
	MPTCP_KEYS_FAILED = -1, /* memory ran out */
	MPTCP_KEYS_SAME,
	MPTCP_KEYS_CHANGED /* a candidate or the version is new, or another candidate counts */
};

/*
 * Takes in an MP_CAPABLE that `sender` sent in a segment with these TCP flags: the version, the key
 * it offers and the peer's that it repeats.
 */
enum mptcp_keys_news mptcp_keys_capable(struct mptcp_keys *keys, enum mptcp_role sender,
	unsigned tcp_flags, const struct mptcp_option_value *capable);

/* The parts of it, for callers that have no option. Offer: the host itself sent the key (server: in
 * a SYN/ACK; client: in the third ACK, the first data, or a SYN of version 0). Echo: its peer
 * repeated it. */
enum mptcp_keys_news mptcp_keys_offer(struct mptcp_keys *keys, enum mptcp_role role, uint64_t key);
enum mptcp_keys_news mptcp_keys_echo(struct mptcp_keys *keys, enum mptcp_role role, uint64_t key);
/* True if it is the version from now on, and was not before. */
bool mptcp_keys_see_version(struct mptcp_keys *keys, unsigned version,
	enum mptcp_version_source source);
/* False: not known. */
bool mptcp_keys_version(const struct mptcp_keys *keys, unsigned *version);

/*
 * A data sequence number of data that `role` itself sent was seen (in a mapping, not in a DATA_ACK:
 * what the peer acknowledges is what it believes). A whole one speaks for the candidate whose IDSN
 * is at most 2^31 before it; one of which only the lower 32 bits are known for the candidate whose
 * first byte has that number. True if it fits one.
 */
bool mptcp_keys_see_dsn(struct mptcp_keys *keys, enum mptcp_role role, uint64_t dsn, bool whole);
/* The peer of `role` opens a subflow with this token. True if a candidate has it. */
bool mptcp_keys_see_token(struct mptcp_keys *keys, enum mptcp_role role, uint32_t token);

/*
 * The first `length` bytes of an HMAC of that join: of the third ACK if `by_opener`, otherwise of
 * the SYN/ACK. Tries the candidates that have the token with all of the other role; the pair that
 * fits counts. False if none does, which may mean that a key was not captured.
 */
bool mptcp_keys_see_hmac(struct mptcp_keys *keys, const struct mptcp_join *join, bool by_opener,
	const uint8_t *hmac, size_t length);

/*
 * The HMAC that an ADD_ADDR of `role` has to have (RFC 8684 section 3.4.1: its last 8 bytes), over
 * identifier, address and port, zero where it has none. Returns the length of the digest, 0 where a
 * key is not known.
 */
size_t mptcp_keys_add_addr(const struct mptcp_keys *keys, enum mptcp_role role,
	const struct mptcp_option_value *value, uint8_t digest[MPTCP_HMAC_MAX]);

/* The key of the role that counts, or NULL where none was seen. */
const struct mptcp_key *mptcp_keys_chosen(const struct mptcp_keys *keys, enum mptcp_role role);
/* True where several candidates leave a doubt: HMACs, which are expensive, may resolve it. */
bool mptcp_keys_in_doubt(const struct mptcp_keys *keys);

/* What was taken for the client is the server. */
void mptcp_keys_flip(struct mptcp_keys *keys);
/* Both are of one connection: adds the candidates of `from` after those of `into`. */
int mptcp_keys_merge(struct mptcp_keys *into, const struct mptcp_keys *from);

#endif
