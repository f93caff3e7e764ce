/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * addresses: the addresses of a capture, and what becomes of each.
 *
 * First all are shown (mptcp_addresses_see), then it is settled what becomes of them, then they are
 * mapped. The map is one to one. An address stays in its class: private (RFC 1918, RFC 4193),
 * shared (RFC 6598), loopback, link-local, multicast, any other. 0.0.0.0, 255.255.255.255, :: and
 * ::1 name nobody, and stay.
 *
 *	PREFIX      two addresses share as many leading bits as before (cryptopan.h). For the sake
 *	            of the classes an address also keeps the bits that it has in common with the
 *	            nearest of them, and one more. Depends on the seed alone.
 *	SEQUENTIAL  1, 2, ... in each class, in order of appearance: depends on the capture.
 *	KEEP        as they are.
 */
#ifndef MPTCP_ADDRESSES_H
#define MPTCP_ADDRESSES_H

#include "address.h"
#include "secret.h"

#include <stdbool.h>

enum mptcp_addresses_mode {
	MPTCP_ADDRESSES_PREFIX,
	MPTCP_ADDRESSES_SEQUENTIAL,
	MPTCP_ADDRESSES_KEEP
};

struct mptcp_mapped_address {
	struct mptcp_address original, mapped;
	struct mptcp_mapped_address *next; /* in order of appearance */
};

struct mptcp_addresses_table;

/* A zeroed struct is empty, and maps with PREFIX. */
struct mptcp_addresses {
	enum mptcp_addresses_mode mode;
	struct mptcp_mapped_address *first; /* all that were seen, to be read only */
	struct mptcp_addresses_table *table;
};

/* 0, or -1 when memory ran out. */
int mptcp_addresses_see(struct mptcp_addresses *addresses, const struct mptcp_address *address);
/* Decides what becomes of all. False: one of them would become one that is in the capture, too (or
 * stay), so that nobody could tell whether it was hidden: another seed helps. */
bool mptcp_addresses_settle(struct mptcp_addresses *addresses, const struct mptcp_secret *secret);
/* What it becomes; NULL where it was never seen. */
const struct mptcp_address *mptcp_addresses_map(const struct mptcp_addresses *addresses,
	const struct mptcp_address *original);
/* Whether it names nobody: it stays, and is no secret. */
bool mptcp_addresses_is_nobody(const struct mptcp_address *address);
/* Whether there is one of the family, 4 or 6, that was seen and is to be hidden, in the bytes at
 * `at`, of which there are enough. */
bool mptcp_addresses_at(const struct mptcp_addresses *addresses, unsigned family,
	const uint8_t *at);
void mptcp_addresses_clear(struct mptcp_addresses *addresses);

#endif
