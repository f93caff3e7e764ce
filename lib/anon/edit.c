/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "edit.h"

#include "bytes.h"

#include <string.h>

#define ONES 0xffffU /* zero, in ones' complement sums of 16 bits */
enum { TCP = 6, UDP = 17 };

static uint16_t fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & ONES) + (sum >> 16);
	return (uint16_t)sum;
}

/* What a byte adds at a distance from where the words begin. */
static uint64_t weigh(uint8_t byte, size_t distance)
{
	return distance % 2 ? byte : (uint64_t)byte << 8;
}

static uint64_t add_up(const uint8_t *bytes, size_t start, size_t end)
{
	uint64_t sum = 0;

	for (size_t i = start; i < end; i++)
		sum += weigh(bytes[i], i - start);
	return sum;
}

static bool has_field(const struct mptcp_edit *edit, const struct mptcp_cover *cover)
{
	return cover->field + 2 <= edit->captured;
}

/* The sum of the pseudo-header (RFC 9293 section 3.1, RFC 8200 section 8.1). */
static uint64_t pseudo_sum(const struct mptcp_edit *edit, const struct mptcp_cover *cover)
{
	size_t size, at = mptcp_layers_address_at(edit->bytes, cover->ip, &size);
	size_t length = cover->end - cover->start;

	return add_up(edit->bytes, at, at + 2 * size) + (length >> 16) + (length & ONES) +
		(cover->kind == MPTCP_COVER_TCP ? TCP : UDP);
}

/* What has to be known of a checksum before anything changes. */
static void look(const struct mptcp_edit *edit, const struct mptcp_cover *cover,
	struct mptcp_edit_sum *sum)
{
	*sum = (struct mptcp_edit_sum){.skipped = !has_field(edit, cover)};
	if (sum->skipped)
		return;
	unsigned field = mptcp_be16(edit->bytes + cover->field);

	switch (cover->kind) {
	case MPTCP_COVER_IP: /* 0 where the network card fills it in */
		sum->skipped =
			!field && fold(add_up(edit->bytes, cover->start, cover->end)) != ONES;
		break;
	case MPTCP_COVER_UDP: /* 0: none */
		sum->skipped = !field;
		sum->left = field == fold(pseudo_sum(edit, cover));
		break;
	case MPTCP_COVER_TCP:
		sum->left = field == fold(pseudo_sum(edit, cover));
		break;
	case MPTCP_COVER_GRE:
		break;
	}
}

void mptcp_edit_begin(struct mptcp_edit *edit, const struct mptcp_layers *layers, uint8_t *bytes,
	size_t captured)
{
	edit->layers = layers;
	edit->bytes = bytes;
	edit->captured = captured;
	for (size_t i = 0; i < layers->cover_count; i++)
		look(edit, &layers->covers[i], &edit->sums[i]);
}

/* A byte becomes another one: what that adds to each checksum that covers it. */
static void account(struct mptcp_edit *edit, size_t at, uint8_t byte)
{
	const struct mptcp_layers *layers = edit->layers;

	for (size_t i = 0; i < layers->cover_count; i++) {
		const struct mptcp_cover *cover = &layers->covers[i];
		size_t size = 0, from = 0;

		if (cover->ip != MPTCP_LAYERS_NONE)
			from = mptcp_layers_address_at(edit->bytes, cover->ip, &size);
		if (cover->ip != MPTCP_LAYERS_NONE && at >= from && at < from + 2 * size)
			edit->sums[i].pseudo +=
				weigh(byte, at - from) + ONES - weigh(edit->bytes[at], at - from);
		else if (at >= cover->start && at < cover->end &&
			(at < cover->field || at > cover->field + 1))
			edit->sums[i].rest += weigh(byte, at - cover->start) + ONES -
				weigh(edit->bytes[at], at - cover->start);
	}
}

void mptcp_edit_put(struct mptcp_edit *edit, size_t at, const void *bytes, size_t length)
{
	const uint8_t *from = bytes;

	for (size_t i = 0; i < length; i++) {
		if (edit->bytes[at + i] == from[i])
			continue;
		account(edit, at + i, from[i]);
		edit->bytes[at + i] = from[i];
	}
}

void mptcp_edit_blank(struct mptcp_edit *edit, size_t start, size_t end)
{
	static const uint8_t zero;

	for (; start < end && start < edit->captured; start++)
		mptcp_edit_put(edit, start, &zero, sizeof(zero));
}

static void put_field(struct mptcp_edit *edit, const struct mptcp_cover *cover, unsigned value)
{
	const uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};

	mptcp_edit_put(edit, cover->field, bytes, sizeof(bytes));
}

/* The TCP checksum of what there is, as if all else were zero: it is written at once, and the
 * addresses, which may change still, will change it by as much. */
static void renew(struct mptcp_edit *edit, const struct mptcp_cover *cover,
	struct mptcp_edit_sum *sum)
{
	put_field(edit, cover, 0);
	*sum = (struct mptcp_edit_sum){0};
	put_field(edit, cover,
		(uint16_t)~fold(pseudo_sum(edit, cover) +
			add_up(edit->bytes, cover->start, edit->captured)));
}

void mptcp_edit_blank_payload(struct mptcp_edit *edit)
{
	const struct mptcp_layers *layers = edit->layers;
	size_t last = layers->cover_count - 1; /* that of TCP */

	mptcp_edit_blank(edit, layers->payload, layers->payload_end);
	if (layers->payload_end > edit->captured && !edit->sums[last].left)
		renew(edit, &layers->covers[last], &edit->sums[last]);
}

/* The innermost first: those outside cover it. */
void mptcp_edit_end(struct mptcp_edit *edit)
{
	for (size_t i = edit->layers->cover_count; i-- > 0;) {
		const struct mptcp_cover *cover = &edit->layers->covers[i];
		const struct mptcp_edit_sum *sum = &edit->sums[i];
		uint64_t more = sum->left ? sum->pseudo : sum->pseudo + sum->rest;

		if (sum->skipped || !more)
			continue;
		unsigned field = mptcp_be16(edit->bytes + cover->field);
		uint16_t result =
			sum->left ? fold(field + more) : (uint16_t)~fold((uint16_t)~field + more);

		/* 0 would mean that there is none (RFC 768) */
		put_field(edit, cover, cover->kind == MPTCP_COVER_UDP && !result ? ONES : result);
	}
}
