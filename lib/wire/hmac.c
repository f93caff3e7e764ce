/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "hmac.h"

#include <string.h>

/* Section 3.2: under the key of whoever makes it, then the other one; so with the nonces. */
size_t mptcp_hmac_join(uint8_t digest[MPTCP_HMAC_MAX], const struct mptcp_join *join,
	bool by_opener, const uint64_t keys[2], unsigned version)
{
	const uint64_t ordered[2] = {keys[!by_opener], keys[by_opener]};
	uint8_t message[8];

	for (int i = 0; i < 8; i++) {
		uint32_t nonce = join->nonces[(i >= 4) == by_opener];

		message[i] = (uint8_t)(nonce >> (8 * (3 - i % 4)));
	}
	return mptcp_token_hmac(digest, ordered, message, sizeof(message), version);
}

/* Section 3.4.1: the port is 0 where the option has none. */
size_t mptcp_hmac_add_addr(uint8_t digest[MPTCP_HMAC_MAX], const struct mptcp_option_value *value,
	const uint64_t keys[2], unsigned version)
{
	size_t length = value->add.address.family == 6 ? 16 : 4;
	uint8_t message[19];

	message[0] = value->add.address_id;
	memcpy(message + 1, value->add.address.bytes, length);
	message[1 + length] = (uint8_t)(value->add.port >> 8);
	message[2 + length] = (uint8_t)value->add.port;
	return mptcp_token_hmac(digest, keys, message, length + 3, version);
}
