/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rewrite.h"

#include "bytes.h"

#include <string.h>

enum { MAC = 6, GROUP = 1, LOCAL = 2 };

void mptcp_rewrite_keys_change(struct mptcp_rewrite_keys *changed, const struct mptcp_rewrite *how,
	const uint64_t keys[2], unsigned version)
{
	changed->version = version;
	for (int role = 0; role < 2; role++) {
		struct mptcp_token before, after;

		changed->keys[role] = keys[role];
		changed->changed[role] = mptcp_rewrite_key(how, keys[role]);
		mptcp_token_compute(&before, keys[role], version);
		mptcp_token_compute(&after, changed->changed[role], version);
		changed->moved[role] = after.idsn - before.idsn;
	}
}

uint64_t mptcp_rewrite_key(const struct mptcp_rewrite *how, uint64_t key)
{
	return how->change_keys ? mptcp_secret_number(&how->secret, "key", key) : key;
}

int mptcp_rewrite_see(struct mptcp_addresses *addresses, const uint8_t *bytes,
	const struct mptcp_layers *layers)
{
	struct mptcp_address found[MPTCP_REWRITE_ANNOUNCED];
	size_t count = mptcp_rewrite_announced(bytes, layers, found);

	for (size_t i = 0; i < count; i++)
		if (mptcp_addresses_see(addresses, &found[i]))
			return -1;
	for (size_t i = 0; i < layers->ip_count; i++) {
		mptcp_layers_addresses(bytes, layers->ips[i], found);
		if (mptcp_addresses_see(addresses, &found[0]) ||
			mptcp_addresses_see(addresses, &found[1]))
			return -1;
	}
	return 0;
}

/* A locally administered one, of a group if it was; all zeros and all ones are nobody's. */
static void rewrite_mac(const struct mptcp_rewrite *how, struct mptcp_edit *edit, size_t at)
{
	static const uint8_t zero[MAC], all[MAC] = {255, 255, 255, 255, 255, 255};
	uint8_t drawn[MPTCP_SECRET_SIZE];
	const uint8_t *mac = edit->bytes + at;

	if (how->keep_macs || !memcmp(mac, zero, MAC) || !memcmp(mac, all, MAC))
		return;
	mptcp_secret_draw(&how->secret, "mac", mac, MAC, drawn);
	drawn[0] = LOCAL | (mac[0] & GROUP);
	mptcp_edit_put(edit, at, drawn, MAC);
}

static int rewrite_ip(const struct mptcp_rewrite *how, struct mptcp_edit *edit, size_t ip)
{
	struct mptcp_address addresses[2];
	size_t size, at = mptcp_layers_address_at(edit->bytes, ip, &size);

	mptcp_layers_addresses(edit->bytes, ip, addresses);
	for (int i = 0; i < 2; i++, at += size) {
		const struct mptcp_address *mapped =
			mptcp_addresses_map(&how->addresses, &addresses[i]);

		if (!mapped)
			return -1;
		mptcp_edit_put(edit, at, mapped->bytes, size);
	}
	return 0;
}

static void rewrite_port(const struct mptcp_rewrite *how, struct mptcp_edit *edit, size_t at)
{
	uint16_t port = mptcp_ports_map(&how->ports, mptcp_be16(edit->bytes + at));
	const uint8_t bytes[2] = {(uint8_t)(port >> 8), (uint8_t)port};

	mptcp_edit_put(edit, at, bytes, sizeof(bytes));
}

size_t mptcp_rewrite_packet(const struct mptcp_rewrite *how, const struct mptcp_rewrite_side *side,
	struct mptcp_edit *edit)
{
	const struct mptcp_layers *layers = edit->layers;

	if (mptcp_rewrite_options(how, side, edit))
		return 0;
	for (size_t i = 0; i < layers->mac_count; i++)
		rewrite_mac(how, edit, layers->macs[i]);
	for (size_t i = 0; i < layers->ip_count; i++)
		if (rewrite_ip(how, edit, layers->ips[i]))
			return 0;
	for (size_t i = 0; i < layers->port_count; i++)
		rewrite_port(how, edit, layers->ports[i]);
	rewrite_port(how, edit, layers->tcp);
	rewrite_port(how, edit, layers->tcp + 2);
	for (size_t i = 0; i < layers->blank_count; i++)
		mptcp_edit_blank(edit, layers->blanks[i].start, layers->blanks[i].end);
	if (how->payload != MPTCP_PAYLOAD_KEEP)
		mptcp_edit_blank_payload(edit);
	mptcp_edit_end(edit);
	return how->payload == MPTCP_PAYLOAD_CUT ? layers->payload : edit->captured;
}
