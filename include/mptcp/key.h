/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * key: what a host computes from its key: RFC 6824 section 3.1 (version 0, SHA-1) and RFC 8684
 * section 3.1 (version 1, SHA-256). A key is the 64-bit number whose bytes on the wire are
 * big-endian.
 */
#ifndef MPTCP_PUBLIC_KEY_H
#define MPTCP_PUBLIC_KEY_H

#include <mptcp/api.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The token by which an MP_JOIN names the connection. */
MPTCP_API uint32_t mptcp_key_token(uint64_t key, unsigned version);
/* The initial data sequence number. The first byte of data has the number after it. */
MPTCP_API uint64_t mptcp_key_idsn(uint64_t key, unsigned version);

#ifdef __cplusplus
}
#endif

#endif
