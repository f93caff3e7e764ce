/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A packet that is anonymised is the same packet with other addresses: its layers are where they
 * were, every address is what the map says, no checksum becomes right or wrong, and what it becomes
 * does not depend on how often it is done. Input: how, link type, bytes on the wire that were not
 * captured, the packet.
 */
#include "anon.h"
#include "bytes.h"
#include "fuzz.h"

enum { PAYLOAD = 3, CHANGE_KEYS = 4, WITH_KEYS = 8, CHECKSUM_WRONG = 16, WITH_DSN = 32 };

static const uint32_t linktypes[] = {1, 113, 276, 0, 108, 9, 101, 105};

/* Whether the sum of all that a checksum covers is that of a right one; false where not all of it
 * is there. */
static bool is_right(const uint8_t *bytes, size_t captured, const struct mptcp_cover *cover)
{
	uint64_t sum = 0;

	if (cover->end > captured || cover->field + 2 > captured)
		return false;
	for (size_t i = cover->start; i < cover->end; i++)
		sum += (uint64_t)bytes[i] << ((i - cover->start) % 2 ? 0 : 8);
	if (cover->ip != MPTCP_LAYERS_NONE) {
		size_t size, at = mptcp_layers_address_at(bytes, cover->ip, &size);

		for (size_t i = 0; i < 2 * size; i++)
			sum += (uint64_t)bytes[at + i] << (i % 2 ? 0 : 8);
		sum += (cover->end - cover->start) + (cover->kind == MPTCP_COVER_TCP ? 6 : 17);
	}
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

/* With a seed that is the same for all. */
static struct mptcp_rewrite *prepare(unsigned flags)
{
	static struct mptcp_rewrite how;
	static bool drawn;

	if (!drawn) {
		mptcp_secret_make(&how.secret, "fuzz", 4);
		mptcp_ports_draw(&how.ports, &how.secret);
		how.ticks = 12345;
		drawn = true;
	}
	how.payload = (enum mptcp_payload)((flags & PAYLOAD) % 3);
	how.change_keys = flags & CHANGE_KEYS;
	return &how;
}

static void compare(const struct mptcp_rewrite *how, const struct mptcp_layers *before,
	const uint8_t *packet, const struct mptcp_layers *after, const uint8_t *result)
{
	struct mptcp_address a[MPTCP_REWRITE_ANNOUNCED], b[MPTCP_REWRITE_ANNOUNCED];

	REQUIRE(before->tcp == after->tcp && before->payload == after->payload);
	REQUIRE(before->ip_count == after->ip_count);
	REQUIRE(before->mac_count == after->mac_count);
	for (size_t i = 0; i < before->ip_count; i++) {
		mptcp_layers_addresses(packet, before->ips[i], a);
		mptcp_layers_addresses(result, after->ips[i], b);
		for (int j = 0; j < 2; j++)
			REQUIRE(mptcp_address_equal(mptcp_addresses_map(&how->addresses, &a[j]),
				&b[j]));
	}
	size_t count = mptcp_rewrite_announced(packet, before, a);

	REQUIRE(mptcp_rewrite_announced(result, after, b) == count);
	for (size_t i = 0; i < count; i++)
		REQUIRE(mptcp_address_equal(mptcp_addresses_map(&how->addresses, &a[i]), &b[i]));
}

static void anonymise(struct mptcp_rewrite *how, const struct mptcp_rewrite_side *side,
	const struct mptcp_layers *layers, const struct mptcp_capture_record *record)
{
	uint8_t *result = malloc(record->captured);
	struct mptcp_layers after;
	struct mptcp_edit edit;

	REQUIRE(result);
	memcpy(result, record->packet, record->captured);
	mptcp_edit_begin(&edit, layers, result, record->captured);
	size_t length = mptcp_rewrite_packet(how, side, &edit);

	REQUIRE(length <= record->captured);
	REQUIRE(length || how->change_keys);
	if (length) {
		REQUIRE(length >= layers->tcp + 20);
		REQUIRE(!mptcp_layers_find(&after, record->linktype, result, length,
			record->original));
		compare(how, layers, record->packet, &after, result);
		for (size_t i = 0; i < layers->cover_count; i++) {
			const struct mptcp_cover *cover = &layers->covers[i];

			if (cover->end > record->captured)
				continue;
			REQUIRE(is_right(record->packet, record->captured, cover) ==
					is_right(result, record->captured, cover) ||
				edit.sums[i].left || edit.sums[i].skipped);
		}
	}
	free(result);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct fuzz_input input = {bytes, size};
	unsigned flags = (unsigned)fuzz_take(&input, 1);
	uint32_t linktype = linktypes[fuzz_take(&input, 1) % 8];
	size_t missing = (size_t)fuzz_take(&input, 1);
	struct mptcp_rewrite *how = prepare(flags);
	struct mptcp_rewrite_keys keys;
	struct mptcp_rewrite_side side = {.keys = flags & WITH_KEYS ? &keys : NULL,
		.checksum_wrong = flags & CHECKSUM_WRONG,
		.has_dsn = flags & WITH_DSN,
		.has_join = true};
	uint8_t *packet = malloc(input.left + !input.left);
	struct mptcp_layers layers;

	REQUIRE(packet);
	memcpy(packet, input.bytes, input.left);
	const struct mptcp_capture_record record = {.packet = packet,
		.captured = (uint32_t)input.left,
		.original = (uint32_t)(input.left + missing),
		.linktype = linktype};

	mptcp_rewrite_keys_change(&keys, how, (const uint64_t[2]){1, 2}, 1);
	if (!mptcp_layers_find(&layers, linktype, packet, record.captured, record.original)) {
		REQUIRE(!mptcp_rewrite_see(&how->addresses, packet, &layers));
		mptcp_addresses_settle(&how->addresses, &how->secret);
		anonymise(how, &side, &layers, &record);
		mptcp_addresses_clear(&how->addresses);
	}
	free(packet);
	return 0;
}
