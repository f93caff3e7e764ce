/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "token.h"

#include "bytes.h"

#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

void mptcp_token_compute(struct mptcp_token *token, uint64_t key, unsigned version)
{
	uint8_t wire[8], digest[SHA256_DIGEST_SIZE];
	size_t size = version ? SHA256_DIGEST_SIZE : SHA1_DIGEST_SIZE;

	mptcp_be64_put(wire, key);
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
	token->token = mptcp_be32(digest);
	token->idsn = mptcp_be64(digest + size - 8);
}

size_t mptcp_token_hmac(uint8_t digest[MPTCP_HMAC_MAX], const uint64_t keys[2], const void *message,
	size_t length, unsigned version)
{
	uint8_t key[16];

	mptcp_be64_put(key, keys[0]);
	mptcp_be64_put(key + 8, keys[1]);
	if (version) {
		struct hmac_sha256_ctx hash;

		hmac_sha256_set_key(&hash, sizeof(key), key);
		hmac_sha256_update(&hash, length, message);
		hmac_sha256_digest(&hash, SHA256_DIGEST_SIZE, digest);
		return SHA256_DIGEST_SIZE;
	}
	struct hmac_sha1_ctx hash;

	hmac_sha1_set_key(&hash, sizeof(key), key);
	hmac_sha1_update(&hash, length, message);
	hmac_sha1_digest(&hash, SHA1_DIGEST_SIZE, digest);
	return SHA1_DIGEST_SIZE;
}
