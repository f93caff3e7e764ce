/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "anon.h"

#include "array.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

/* How far times are moved, in seconds: more than 8 years and less than 17; back, where that leads
 * to no time before 1970. */
#define SHIFT_LEAST (INT64_C(1) << 28)
#define BACK_FROM (INT64_C(1) << 30)

void mptcp_anon_with_payload(struct mptcp_anon *anon, size_t place)
{
	struct mptcp_check *check = &anon->learned.check;

	check->payload = place;
	check->all = true;
	for (int id = 0; id < MPTCP_FINDINGS; id++)
		check->leave.has[id] = id != MPTCP_FINDING_csum_wrong;
}

int mptcp_anon_learn(struct mptcp_anon *anon, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	if (!anon->has_began)
		anon->began = packet->abstime - packet->reltime;
	anon->has_began = true;
	return mptcp_learned_add(&anon->learned, packet, error);
}

static enum mptcp_refusal survey(const struct mptcp_anon *anon,
	const struct mptcp_capture_record *record, uint64_t packetid, struct mptcp_layers *layers)
{
	enum mptcp_refusal why = mptcp_layers_find(layers, record->linktype, record->packet,
		record->captured, record->original);

	if (!why && !mptcp_learned_agrees(&anon->learned, packetid, record->packet, layers))
		why = MPTCP_REFUSAL_DISPUTED;
	return why;
}

int mptcp_anon_survey(struct mptcp_anon *anon, struct mptcp_capture *from,
	struct mptcp_error *error)
{
	struct mptcp_capture_record record;
	struct mptcp_layers layers;
	enum mptcp_result got;

	if (mptcp_learned_end(&anon->learned, error))
		return -1;
	while ((got = mptcp_capture_next(from, &record, error)) == MPTCP_ROW) {
		uint8_t *refusals = mptcp_array_append(anon->refusals, &anon->count,
			&anon->capacity, sizeof(*refusals));

		if (!refusals)
			return mptcp_error_memory(error);
		anon->refusals = refusals;
		enum mptcp_refusal why = survey(anon, &record, anon->count, &layers);

		refusals[anon->count - 1] = (uint8_t)why;
		anon->refused[why]++;
		if (!why && mptcp_rewrite_see(&anon->how.addresses, record.packet, &layers))
			return mptcp_error_memory(error);
	}
	return got == MPTCP_FAILED ? -1 : 0;
}

bool mptcp_anon_seed(struct mptcp_anon *anon, const char *seed, size_t length)
{
	struct mptcp_rewrite *how = &anon->how;

	mptcp_secret_make(&how->secret, seed, length);
	if (!mptcp_addresses_settle(&how->addresses, &how->secret) &&
		how->addresses.mode != MPTCP_ADDRESSES_KEEP)
		return false;
	if (anon->keep_ports)
		mptcp_ports_keep(&how->ports);
	else
		mptcp_ports_draw(&how->ports, &how->secret);
	how->ticks = anon->keep_ticks ? 0 : (uint32_t)mptcp_secret_number(&how->secret, "ticks", 0);
	anon->seconds =
		SHIFT_LEAST + (int64_t)(mptcp_secret_number(&how->secret, "time", 0) % SHIFT_LEAST);
	if (anon->began / MPTCP_SECOND >= BACK_FROM)
		anon->seconds = -anon->seconds;
	if (anon->keep_time)
		anon->seconds = 0;
	return true;
}

/* A packet anonymised in `edit`, whose bytes are room for it: its length, 0 where it cannot be. */
static size_t rewrite(const struct mptcp_anon *anon, const struct mptcp_capture_record *record,
	uint64_t packetid, uint8_t *room)
{
	struct mptcp_rewrite_side side;
	struct mptcp_layers layers;
	struct mptcp_edit edit;

	if (mptcp_layers_find(&layers, record->linktype, record->packet, record->captured,
		    record->original))
		return 0;
	memcpy(room, record->packet, record->captured);
	mptcp_learned_side(&anon->learned, packetid, &side);
	mptcp_edit_begin(&edit, &layers, room, record->captured);
	return mptcp_rewrite_packet(&anon->how, &side, &edit);
}

/* Room for the longest packet. */
static uint8_t *make_room(const struct mptcp_capture_record *record, uint8_t *room, size_t *size)
{
	if (room && record->captured <= *size)
		return room;
	*size = record->captured > 65536 ? record->captured : 65536;
	uint8_t *larger = realloc(room, *size);

	if (!larger)
		free(room);
	return larger;
}

static void refuse(struct mptcp_anon *anon, uint64_t packetid, enum mptcp_refusal why)
{
	uint8_t *refusal = &anon->refusals[packetid - 1];

	anon->refused[*refusal]--;
	anon->refused[why]++;
	*refusal = (uint8_t)why;
}

int mptcp_anon_prepare(struct mptcp_anon *anon, struct mptcp_capture *from,
	struct mptcp_error *error)
{
	struct mptcp_capture_record record;
	enum mptcp_result got = MPTCP_END;
	uint8_t *room = NULL;
	size_t size = 0;

	if (mptcp_learned_change_keys(&anon->learned, &anon->how))
		return mptcp_error_memory(error);
	if (!anon->how.change_keys)
		return 0;
	for (uint64_t packetid = 1; packetid <= anon->count &&
		(got = mptcp_capture_next(from, &record, error)) == MPTCP_ROW;
		packetid++) {
		if (anon->refusals[packetid - 1])
			continue;
		if (!(room = make_room(&record, room, &size)))
			return mptcp_error_memory(error);
		if (!rewrite(anon, &record, packetid, room) &&
			mptcp_learned_forget_keys(&anon->learned, packetid)) {
			free(room);
			return mptcp_error_memory(error);
		}
	}
	free(room);
	for (uint64_t packetid = 1; packetid <= anon->count; packetid++)
		if (!anon->refusals[packetid - 1] &&
			mptcp_learned_is_keyless(&anon->learned, packetid))
			refuse(anon, packetid, MPTCP_REFUSAL_KEYS);
	return got == MPTCP_FAILED ? -1 : 0;
}

/* What is being written. */
struct copy {
	struct mptcp_capture *from;
	struct mptcp_output *to, *originals; /* NULL for none */
	size_t known;                        /* of the headers */
	uint8_t *room;
	size_t size;
	struct mptcp_buffer out;
};

/* Headers that were not copied yet. */
static int copy_headers(const struct mptcp_anon *anon, struct copy *copy)
{
	const struct mptcp_buffer *headers = mptcp_capture_headers(copy->from);
	size_t known = copy->known;

	if (known == headers->length)
		return 0;
	mptcp_buffer_reset(&copy->out);
	if (mptcp_capture_replace_headers(copy->from, known, anon->metadata, &copy->out))
		return -1;
	mptcp_output_write(copy->to, copy->out.bytes, copy->out.length);
	if (copy->originals)
		mptcp_output_write(copy->originals, headers->bytes + known,
			headers->length - known);
	copy->known = headers->length;
	return 0;
}

static int copy_record(struct mptcp_anon *anon, const struct mptcp_capture_record *record,
	uint64_t packetid, struct copy *copy)
{
	if (!(copy->room = make_room(record, copy->room, &copy->size)))
		return -1;
	size_t length = rewrite(anon, record, packetid, copy->room);
	const struct mptcp_capture_replacement replacement = {.packet = copy->room,
		.captured = (uint32_t)length,
		.seconds = anon->seconds,
		.metadata = anon->metadata};

	if (!length) { /* never of what was surveyed; the proof would say so */
		refuse(anon, packetid, MPTCP_REFUSAL_MALFORMED);
		return 0;
	}
	mptcp_buffer_reset(&copy->out);
	if (mptcp_capture_replace(copy->from, record, &replacement, &copy->out))
		return -1;
	mptcp_output_write(copy->to, copy->out.bytes, copy->out.length);
	if (copy->originals)
		mptcp_output_write(copy->originals, record->bytes, record->length);
	anon->written++;
	return 0;
}

int mptcp_anon_write(struct mptcp_anon *anon, struct mptcp_capture *from, struct mptcp_output *to,
	struct mptcp_output *originals, struct mptcp_error *error)
{
	struct copy copy = {.from = from, .to = to, .originals = originals};
	struct mptcp_capture_record record;
	enum mptcp_result got = MPTCP_END;
	int failed = 0;

	for (uint64_t packetid = 1;
		!failed && (got = mptcp_capture_next(from, &record, error)) == MPTCP_ROW;
		packetid++)
		if (packetid <= anon->count && !anon->refusals[packetid - 1])
			failed = copy_headers(anon, &copy) ||
				copy_record(anon, &record, packetid, &copy);
	failed = failed || copy_headers(anon, &copy); /* where there was no packet */
	mptcp_buffer_clear(&copy.out);
	free(copy.room);
	if (failed)
		return mptcp_error_memory(error);
	return got == MPTCP_FAILED ? -1 : 0;
}

uint64_t mptcp_anon_refused(const struct mptcp_anon *anon)
{
	return anon->count - anon->refused[MPTCP_REFUSAL_NONE];
}

void mptcp_anon_clear(struct mptcp_anon *anon)
{
	mptcp_addresses_clear(&anon->how.addresses);
	mptcp_learned_clear(&anon->learned);
	free(anon->refusals);
}
