/* SPDX-License-Identifier: GPL-2.0-or-later */
/* token: see token.h. */
#include "token.h"

#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

static void put_be64(uint8_t *at, uint64_t value)
{
	for (int i = 7; i >= 0; i--, value >>= 8)
		at[i] = (uint8_t)value;
}

static uint64_t get_be(const uint8_t *at, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | at[i];
	return value;
}

void mptcp_token_compute(struct mptcp_token *token, uint64_t key, unsigned version)
{
	uint8_t wire[8], digest[SHA256_DIGEST_SIZE];
	size_t size = version ? SHA256_DIGEST_SIZE : SHA1_DIGEST_SIZE;

	put_be64(wire, key);
	if (version) {
		struct sha256_ctx hash;

		sha256_init(&hash);
		sha256_update(&hash, sizeof(wire), wire);
		sha256_digest(&hash, size, digest);
	} else {
		struct sha1_ctx hash;

		sha1_init(&hash);
		sha1_update(&hash, sizeof(wire), wire);
		sha1_digest(&hash, size, digest);
	}
	token->token = (uint32_t)get_be(digest, 4);
	token->idsn = get_be(digest + size - 8, 8);
}

size_t mptcp_token_hmac(uint8_t digest[MPTCP_HMAC_MAX], uint64_t first_key, uint64_t second_key,
	const void *message, size_t length, unsigned version)
{
	uint8_t keys[16];

	put_be64(keys, first_key);
	put_be64(keys + 8, second_key);
	if (version) {
		struct hmac_sha256_ctx hash;

		hmac_sha256_set_key(&hash, sizeof(keys), keys);
		hmac_sha256_update(&hash, length, message);
		hmac_sha256_digest(&hash, SHA256_DIGEST_SIZE, digest);
		return SHA256_DIGEST_SIZE;
	}
	struct hmac_sha1_ctx hash;

	hmac_sha1_set_key(&hash, sizeof(keys), keys);
	hmac_sha1_update(&hash, length, message);
	hmac_sha1_digest(&hash, SHA1_DIGEST_SIZE, digest);
	return SHA1_DIGEST_SIZE;
}
