/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * token: what is computed from keys: tokens, initial data sequence numbers, HMACs.
 *
 * Version 0 hashes with SHA-1 (RFC 6824 section 3.1, 3.2), version 1 with SHA-256 (RFC 8684
 * section 3.1, 3.2). Keys are 64-bit numbers whose bytes on the wire are big-endian.
 */
#ifndef MPTCP_TOKEN_H
#define MPTCP_TOKEN_H

#include <stddef.h>
#include <stdint.h>

struct mptcp_token {
	uint32_t token; /* the most significant 32 bits of the hash of the key */
	uint64_t idsn;  /* its least significant 64 bits: the initial data sequence number */
};

void mptcp_token_compute(struct mptcp_token *token, uint64_t key, unsigned version);

/*
 * The HMAC of a message of two parts under two keys, in the order given (RFC 8684 section 3.2: A's
 * is over its own and B's nonce under Key-A+Key-B, B's the other way round). Writes the whole
 * digest: 20 bytes for version 0, 32 for version 1; returns how many. MP_JOIN carries its first 8
 * (SYN/ACK) or 20 bytes (ACK).
 */
#define MPTCP_HMAC_MAX 32
size_t mptcp_token_hmac(uint8_t digest[MPTCP_HMAC_MAX], const uint64_t keys[2], const void *message,
	size_t length, unsigned version);

#endif
