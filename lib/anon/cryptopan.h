/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cryptopan: Crypto-PAn, addresses to addresses that share exactly as many leading bits as the
 * originals did (Xu, Fan, Ammar, Moon, "Prefix-Preserving IP Address Anonymization:
 * Measurement-based Security Evaluation and a New Cryptography-based Scheme", ICNP 2002).
 *
 * Bit n of the result is bit n of the address, or its opposite, as a pseudorandom function of the
 * n bits before it says: AES-128 over those bits, filled up from a block of padding. IPv6 in the
 * same way with all 128 bits, as other implementations do it.
 */
#ifndef MPTCP_CRYPTOPAN_H
#define MPTCP_CRYPTOPAN_H

#include <nettle/aes.h>
#include <stddef.h>
#include <stdint.h>

#define MPTCP_CRYPTOPAN_KEY 32

struct mptcp_cryptopan {
	struct aes128_ctx cipher;
	uint8_t padding[AES_BLOCK_SIZE];
};

/* The key: 16 bytes for AES, 16 from which the padding is made. */
void mptcp_cryptopan_key(struct mptcp_cryptopan *pan, const uint8_t key[MPTCP_CRYPTOPAN_KEY]);
/*
 * An address of `size` bytes, 4 or 16, in place. Its first `kept` bits stay as they are; 0 is the
 * published scheme.
 */
void mptcp_cryptopan_map(const struct mptcp_cryptopan *pan, uint8_t *address, size_t size,
	unsigned kept);

#endif
