/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hmac: the HMACs that MPTCP options carry, under given keys: of a join over its nonces (RFC 8684
 * section 3.2), of an announced address over identifier, address and port (section 3.4.1). Neither
 * depends on what the other does: no address is in a join's, no nonce in an address's.
 */
#ifndef MPTCP_HMAC_H
#define MPTCP_HMAC_H

#include "options.h"
#include "role.h"
#include "token.h"

/* A join, as far as its HMACs depend on it. */
struct mptcp_join {
	enum mptcp_role opener; /* the role that sent the SYN */
	uint32_t token;         /* in the SYN */
	uint32_t nonces[2];     /* of the SYN, of the SYN/ACK */
};

/*
 * That of the third ACK if `by_opener`, otherwise that of the SYN/ACK. `keys`: the opener's and the
 * listener's. Returns the length of the digest, of which the option has the first bytes.
 */
size_t mptcp_hmac_join(uint8_t digest[MPTCP_HMAC_MAX], const struct mptcp_join *join,
	bool by_opener, const uint64_t keys[2], unsigned version);
/* That of an ADD_ADDR; `keys`: its sender's and the other one. The option has the last 8 bytes. */
size_t mptcp_hmac_add_addr(uint8_t digest[MPTCP_HMAC_MAX], const struct mptcp_option_value *value,
	const uint64_t keys[2], unsigned version);

#endif
