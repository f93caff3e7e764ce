/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hash: many numbers into one that depends on all of them: to look packets up by their content.
 *
 * Not proof against an adversary, unless the first one is mptcp_hashed_seed() (hashed.h): packets
 * that are made to collide make a tool slow, not wrong, because what is found is compared.
 */
#ifndef MPTCP_HASH_H
#define MPTCP_HASH_H

#include <stdint.h>

/* Every bit of the result depends on every bit of both. */
static inline uint64_t mptcp_hash_add(uint64_t hash, uint64_t number)
{
	hash = (hash ^ number) * UINT64_C(0x9e3779b97f4a7c15);
	hash ^= hash >> 32;
	hash *= UINT64_C(0xd6e8feb86659fd93);
	return hash ^ hash >> 32;
}

#endif
