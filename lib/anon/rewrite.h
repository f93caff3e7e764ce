/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rewrite: one packet anonymised: link-layer and IP addresses, ports, timestamps, the options that
 * have an address or depend on one, payload, whatever has no meaning.
 *
 * The addresses have been settled (addresses.h). Nothing else is decided here: what a packet
 * becomes depends on its bytes, on the seed and on what its connection is.
 */
#ifndef MPTCP_REWRITE_H
#define MPTCP_REWRITE_H

#include "addresses.h"
#include "edit.h"
#include "hmac.h"
#include "ports.h"

enum mptcp_payload {
	MPTCP_PAYLOAD_CUT,  /* left out; what it was on the wire stays known */
	MPTCP_PAYLOAD_ZERO, /* as many zeros */
	MPTCP_PAYLOAD_KEEP
};

/* How, the same for all packets. */
struct mptcp_rewrite {
	struct mptcp_secret secret;
	struct mptcp_addresses addresses;
	struct mptcp_ports ports;
	uint32_t ticks; /* added to timestamps that are not 0, which says that there is none */
	bool keep_macs;
	bool change_keys;
	enum mptcp_payload payload;
};

/* What the keys of a connection, of which both are known, become. By MPTCP role. */
struct mptcp_rewrite_keys {
	unsigned version;
	uint64_t keys[2], changed[2];
	uint64_t moved[2]; /* what is added to the DSNs of its data */
};

/* What the packet itself does not say. */
struct mptcp_rewrite_side {
	const struct mptcp_rewrite_keys *keys; /* NULL: not both are known */
	enum mptcp_role sender;                /* where they are */
	struct mptcp_join join;                /* of its subflow, where has_join */
	bool has_join;
	bool has_dsn;
	uint64_t dsn;        /* all 64 bits of that of its DSS */
	bool checksum_wrong; /* of its DSS, as its payload shows */
};

/* The keys as they are, or as they are changed to. */
void mptcp_rewrite_keys_change(struct mptcp_rewrite_keys *changed, const struct mptcp_rewrite *how,
	const uint64_t keys[2], unsigned version);
/* What a timestamp becomes. */
static inline uint32_t mptcp_rewrite_ticks(const struct mptcp_rewrite *how, uint32_t ticks)
{
	return ticks ? ticks + how->ticks : 0;
}
uint64_t mptcp_rewrite_key(const struct mptcp_rewrite *how, uint64_t key);

/*
 * Rewrites the bytes of a packet, whose layers were found; returns how many of them stay: the
 * payload at the end is left out with CUT. 0: it has an address that was never seen, or needs keys
 * that are not known.
 */
size_t mptcp_rewrite_packet(const struct mptcp_rewrite *how, const struct mptcp_rewrite_side *side,
	struct mptcp_edit *edit);
/* Shows all addresses of a packet, whose layers were found, those in its options included. 0, or -1
 * when memory ran out. */
int mptcp_rewrite_see(struct mptcp_addresses *addresses, const uint8_t *bytes,
	const struct mptcp_layers *layers);
/* The addresses in its ADD_ADDR options: how many; of both IP versions there is room for all. */
#define MPTCP_REWRITE_ANNOUNCED 6
size_t mptcp_rewrite_announced(const uint8_t *bytes, const struct mptcp_layers *layers,
	struct mptcp_address addresses[MPTCP_REWRITE_ANNOUNCED]);
/* The TCP options of it (rewrite_options.c). 0, or -1. */
int mptcp_rewrite_options(const struct mptcp_rewrite *how, const struct mptcp_rewrite_side *side,
	struct mptcp_edit *edit);

#endif
