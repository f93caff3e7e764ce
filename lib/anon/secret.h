/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * secret: everything that anonymisation draws by lot comes from one seed: the same seed, the same
 * result, in every file.
 *
 * The seed, a text of any length, becomes a key by PBKDF2 (RFC 8018), so that guessing short seeds
 * costs something; what is drawn is HMAC-SHA-256 under that key of a purpose and of what it is
 * drawn for. Nobody without the seed can tell it from chance.
 */
#ifndef MPTCP_SECRET_H
#define MPTCP_SECRET_H

#include <stddef.h>
#include <stdint.h>

#define MPTCP_SECRET_SIZE 32

struct mptcp_secret {
	uint8_t key[MPTCP_SECRET_SIZE];
};

void mptcp_secret_make(struct mptcp_secret *secret, const char *seed, size_t length);
/* 32 bytes for `length` bytes of input; the purpose is a word that tells one use from another. */
void mptcp_secret_draw(const struct mptcp_secret *secret, const char *purpose, const void *input,
	size_t length, uint8_t drawn[MPTCP_SECRET_SIZE]);
/* A number for a number. */
uint64_t mptcp_secret_number(const struct mptcp_secret *secret, const char *purpose,
	uint64_t input);

#endif
