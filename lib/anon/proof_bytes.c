/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proof_bytes: no original address is where addresses are. See proof.h. */
#include "proof.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

static int fail(struct mptcp_error *error, uint64_t packetid, const char *what)
{
	return mptcp_error_set(error, MPTCP_DATA, "packet %" PRIu64 " of the result: %s", packetid,
		what);
}

/* An address of the original, and the one at its place. */
static bool is_mapped(const struct mptcp_anon *anon, const struct mptcp_address *original,
	const struct mptcp_address *result)
{
	const struct mptcp_addresses *addresses = &anon->how.addresses;
	const struct mptcp_address *mapped = mptcp_addresses_map(addresses, original);

	if (!mapped || !mptcp_address_equal(mapped, result))
		return false;
	return addresses->mode == MPTCP_ADDRESSES_KEEP ||
		!mptcp_addresses_at(addresses, result->family, result->bytes);
}

/* What is wrong with a packet, or NULL. */
static const char *compare(const struct mptcp_anon *anon,
	const struct mptcp_capture_record *original, const struct mptcp_capture_record *result)
{
	struct mptcp_address a[MPTCP_REWRITE_ANNOUNCED], b[MPTCP_REWRITE_ANNOUNCED];
	struct mptcp_layers before, after;

	if (mptcp_layers_find(&before, original->linktype, original->packet, original->captured,
		    original->original) ||
		mptcp_layers_find(&after, result->linktype, result->packet, result->captured,
			result->original))
		return "it cannot be read";
	if (before.ip_count != after.ip_count || before.tcp != after.tcp ||
		before.payload != after.payload || original->original != result->original)
		return "its headers are others";
	for (size_t i = 0; i < before.ip_count; i++) {
		mptcp_layers_addresses(original->packet, before.ips[i], a);
		mptcp_layers_addresses(result->packet, after.ips[i], b);
		if (!is_mapped(anon, &a[0], &b[0]) || !is_mapped(anon, &a[1], &b[1]))
			return "an address of its headers is not what it should be";
	}
	size_t count = mptcp_rewrite_announced(original->packet, &before, a);

	if (count != mptcp_rewrite_announced(result->packet, &after, b))
		return "an announced address is missing";
	for (size_t i = 0; i < count; i++)
		if (!is_mapped(anon, &a[i], &b[i]))
			return "an announced address is not what it should be";
	return NULL;
}

static void note(struct mptcp_proof_likeness *likeness, uint64_t packetid, size_t offset)
{
	if (!likeness->count++) {
		likeness->packetid = packetid;
		likeness->offset = offset;
	}
}

/* Addresses written out: `length` characters that such a text may have. */
static bool is_text(const struct mptcp_anon *anon, const char *text, size_t length)
{
	struct mptcp_address address;

	while (length && strchr(".:", text[length - 1])) /* as at the end of a sentence */
		length--;
	return length >= 3 && length < MPTCP_ADDRESS_TEXT &&
		!mptcp_address_parse(&address, text, length) &&
		mptcp_addresses_at(&anon->how.addresses, address.family, address.bytes);
}

/* All bytes of a record, wherever they belong. */
static void search(const struct mptcp_anon *anon, const uint8_t *bytes, size_t length,
	uint64_t packetid, struct mptcp_proof_likeness *likeness)
{
	const struct mptcp_addresses *addresses = &anon->how.addresses;

	for (size_t i = 0; i + 4 <= length; i++)
		if (mptcp_addresses_at(addresses, 4, bytes + i) ||
			(i + 16 <= length && mptcp_addresses_at(addresses, 6, bytes + i)))
			note(likeness, packetid, i);
	for (size_t i = 0; i < length; i++) {
		size_t start = i;

		while (i < length && (isxdigit(bytes[i]) || bytes[i] == '.' || bytes[i] == ':'))
			i++;
		if (i > start && is_text(anon, (const char *)bytes + start, i - start))
			note(likeness, packetid, start);
	}
}

/* The next packet of the original that was not left out. */
static enum mptcp_result next(const struct mptcp_anon *anon, struct mptcp_capture *originals,
	uint64_t *packetid, struct mptcp_capture_record *record, struct mptcp_error *error)
{
	enum mptcp_result got;

	do {
		got = mptcp_capture_next(originals, record, error);
		++*packetid;
	} while (got == MPTCP_ROW && (*packetid > anon->count || anon->refusals[*packetid - 1]));
	return got;
}

int mptcp_proof_bytes(const struct mptcp_anon *anon, struct mptcp_capture *originals,
	struct mptcp_capture *result, struct mptcp_proof_likeness *likeness,
	struct mptcp_error *error)
{
	bool keep = anon->how.addresses.mode == MPTCP_ADDRESSES_KEEP;
	struct mptcp_capture_record a, b;
	struct mptcp_error ignored; /* what is wrong with the original was said before */
	uint64_t original = 0, packetid = 0;
	enum mptcp_result got;

	while ((got = mptcp_capture_next(result, &b, error)) == MPTCP_ROW) {
		packetid++;
		if (next(anon, originals, &original, &a, &ignored) != MPTCP_ROW)
			return fail(error, packetid, "the original has no such packet");
		const char *wrong = compare(anon, &a, &b);

		if (wrong)
			return fail(error, packetid, wrong);
		if (!keep)
			search(anon, b.bytes, b.length, packetid, likeness);
	}
	if (got == MPTCP_FAILED)
		return -1;
	if (next(anon, originals, &original, &a, &ignored) == MPTCP_ROW)
		return fail(error, packetid + 1, "it is missing");
	const struct mptcp_buffer *headers = mptcp_capture_headers(result);

	if (!keep)
		search(anon, (const uint8_t *)headers->bytes, headers->length, 0, likeness);
	return 0;
}
