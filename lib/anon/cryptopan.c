/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cryptopan.h"

#include <string.h>

void mptcp_cryptopan_key(struct mptcp_cryptopan *pan, const uint8_t key[MPTCP_CRYPTOPAN_KEY])
{
	aes128_set_encrypt_key(&pan->cipher, key);
	aes128_encrypt(&pan->cipher, AES_BLOCK_SIZE, pan->padding, key + AES128_KEY_SIZE);
}

void mptcp_cryptopan_map(const struct mptcp_cryptopan *pan, uint8_t *address, size_t size,
	unsigned kept)
{
	uint8_t input[AES_BLOCK_SIZE], output[AES_BLOCK_SIZE], flips[16] = {0};

	memcpy(input, pan->padding, sizeof(input));
	for (unsigned bit = 0; bit < 8 * size; bit++) {
		uint8_t mask = (uint8_t)(0x80 >> bit % 8);

		if (bit >= kept) {
			aes128_encrypt(&pan->cipher, sizeof(output), output, input);
			flips[bit / 8] |= output[0] & 0x80 ? mask : 0;
		}
		/* one more bit of the address in front of the padding */
		input[bit / 8] = (uint8_t)((input[bit / 8] & ~mask) | (address[bit / 8] & mask));
	}
	for (size_t i = 0; i < size; i++)
		address[i] ^= flips[i];
}
