/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hashed.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* 0: not drawn yet. One number, so that threads agree on it. */
static _Atomic uint64_t seed;

static uint64_t draw_seed(void)
{
	uint64_t drawn, none = 0;

	if (getrandom(&drawn, sizeof(drawn), GRND_NONBLOCK) != sizeof(drawn)) {
		struct timespec now; /* before the kernel has any: better than nothing */

		clock_gettime(CLOCK_REALTIME, &now);
		drawn = (uint64_t)now.tv_nsec << 32 ^ (uint64_t)now.tv_sec ^ (uintptr_t)&now;
	}
	drawn |= 1;
	return atomic_compare_exchange_strong(&seed, &none, drawn) ? drawn : none;
}

uint64_t mptcp_hashed_seed(void)
{
	uint64_t known = atomic_load_explicit(&seed, memory_order_relaxed);

	return known ? known : draw_seed();
}

static uint64_t rotate(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

static void mix(uint64_t state[4])
{
	state[0] += state[1];
	state[2] += state[3];
	state[1] = rotate(state[1], 13) ^ state[0];
	state[3] = rotate(state[3], 16) ^ state[2];
	state[0] = rotate(state[0], 32);
	state[2] += state[1];
	state[0] += state[3];
	state[1] = rotate(state[1], 17) ^ state[2];
	state[3] = rotate(state[3], 21) ^ state[0];
	state[2] = rotate(state[2], 32);
}

static void take(uint64_t state[4], uint64_t word)
{
	state[3] ^= word;
	mix(state);
	state[0] ^= word;
}

uint32_t mptcp_hashed(const void *key, size_t length)
{
	uint64_t first = mptcp_hashed_seed();
	uint64_t second = rotate(first, 29) * UINT64_C(0x9e3779b97f4a7c15);
	uint64_t state[4] = {first ^ UINT64_C(0x736f6d6570736575),
		second ^ UINT64_C(0x646f72616e646f6d), first ^ UINT64_C(0x6c7967656e657261),
		second ^ UINT64_C(0x7465646279746573)};
	const unsigned char *bytes = key;
	uint64_t word, last = (uint64_t)length << 56;

	for (; length >= sizeof(word); bytes += sizeof(word), length -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		take(state, word);
	}
	for (size_t i = 0; i < length; i++)
		last |= (uint64_t)bytes[i] << 8 * i;
	take(state, last);
	state[2] ^= 0xff;
	for (int i = 0; i < 3; i++)
		mix(state);
	word = state[0] ^ state[1] ^ state[2] ^ state[3];
	return (uint32_t)(word ^ word >> 32);
}
