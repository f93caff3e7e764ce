/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <mptcp/key.h>

#include "token.h"

uint32_t mptcp_key_token(uint64_t key, unsigned version)
{
	struct mptcp_token token;

	mptcp_token_compute(&token, key, version);
	return token.token;
}

uint64_t mptcp_key_idsn(uint64_t key, unsigned version)
{
	struct mptcp_token token;

	mptcp_token_compute(&token, key, version);
	return token.idsn;
}
