/* SPDX-License-Identifier: GPL-2.0-or-later */
/* address: an IPv4 or IPv6 address as bytes, and its text; with a port, an end of a connection. */
#ifndef MPTCP_ADDRESS_H
#define MPTCP_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MPTCP_ADDRESS_TEXT 46                        /* room for the longest text and its NUL */
#define MPTCP_ENDPOINT_TEXT (MPTCP_ADDRESS_TEXT + 8) /* the same with a port */

/* All bytes not used by the family are zero, so that two addresses can be compared with memcmp. */
struct mptcp_address {
	uint8_t bytes[16]; /* network order; IPv4 uses the first four */
	uint8_t family;    /* 4, 6, or 0 for none */
};

struct mptcp_endpoint {
	struct mptcp_address address;
	uint16_t port;
};

/* Reads `length` characters. Returns 0, or -1 when they are not an address. */
int mptcp_address_parse(struct mptcp_address *address, const char *text, size_t length);
/* Writes the canonical text (RFC 5952) with NUL and returns its length; family 0 gives "". */
size_t mptcp_address_format(const struct mptcp_address *address, char text[MPTCP_ADDRESS_TEXT]);
/* "10.0.0.1:80", "[::1]:80" (RFC 5952 section 6), with NUL. */
void mptcp_endpoint_format(const struct mptcp_address *address, uint16_t port,
	char text[MPTCP_ENDPOINT_TEXT]);
bool mptcp_address_equal(const struct mptcp_address *a, const struct mptcp_address *b);

#endif
