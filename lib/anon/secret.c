/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "secret.h"

#include "bytes.h"

#include <nettle/hmac.h>
#include <nettle/pbkdf2.h>
#include <string.h>

#define ROUNDS 10000 /* of PBKDF2: some ten milliseconds */

static const char salt[] = "mptcp-anon";

void mptcp_secret_make(struct mptcp_secret *secret, const char *seed, size_t length)
{
	pbkdf2_hmac_sha256(length, (const uint8_t *)seed, ROUNDS, strlen(salt),
		(const uint8_t *)salt, sizeof(secret->key), secret->key);
}

void mptcp_secret_draw(const struct mptcp_secret *secret, const char *purpose, const void *input,
	size_t length, uint8_t drawn[MPTCP_SECRET_SIZE])
{
	struct hmac_sha256_ctx hash;

	hmac_sha256_set_key(&hash, sizeof(secret->key), secret->key);
	hmac_sha256_update(&hash, strlen(purpose) + 1, (const uint8_t *)purpose);
	hmac_sha256_update(&hash, length, input);
	hmac_sha256_digest(&hash, MPTCP_SECRET_SIZE, drawn);
}

uint64_t mptcp_secret_number(const struct mptcp_secret *secret, const char *purpose, uint64_t input)
{
	uint8_t bytes[8], drawn[MPTCP_SECRET_SIZE];

	mptcp_be64_put(bytes, input);
	mptcp_secret_draw(secret, purpose, bytes, sizeof(bytes), drawn);
	return mptcp_be64(drawn);
}
