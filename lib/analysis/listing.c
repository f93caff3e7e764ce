/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "listing.h"

#include <stdlib.h>
#include <string.h>

static void free_stream(void *own)
{
	struct mptcp_listed_stream *stream = own;

	mptcp_direction_release(&stream->to[0].all);
	mptcp_direction_release(&stream->to[1].all);
	free(stream);
}

static void free_connection(void *own)
{
	struct mptcp_listed_connection *connection = own;

	mptcp_fate_data_clear(&connection->data[0]);
	mptcp_fate_data_clear(&connection->data[1]);
	free(connection);
}

void mptcp_listing_clear(struct mptcp_listing *listing)
{
	mptcp_story_clear(&listing->story);
}

static struct mptcp_listed_stream *stream_of(struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct mptcp_listed_stream *stream = subflow->own;

	if (stream)
		return stream;
	stream = subflow->own = calloc(1, sizeof(*stream));
	if (stream && mptcp_packet_has(packet, MPTCP_COLUMN_interface) &&
		packet->interface.length < sizeof(stream->interface))
		memcpy(stream->interface, packet->interface.bytes, packet->interface.length);
	return stream;
}

static struct mptcp_listed_connection *connection_of(struct mptcp_story_connection *connection)
{
	if (!connection->own)
		connection->own = calloc(1, sizeof(struct mptcp_listed_connection));
	return connection->own;
}

/* First and last time of what is counted. */
static void see_time(int64_t *start, int64_t *last, bool first, int64_t time)
{
	if (first)
		*start = *last = time;
	else if (time > *last)
		*last = time;
}

/* The payload: every byte once for its connection, new ones for its TCP connection. */
static int count_payload(const struct mptcp_story_subflow *subflow,
	struct mptcp_listed_connection *connection, struct mptcp_listed_half *half,
	const struct mptcp_packet *packet, bool counts)
{
	struct mptcp_fate_data *data = connection ? &connection->data[packet->mptcpdest] : NULL;
	struct mptcp_fate_walk walk;
	struct mptcp_fate_part part;
	int got;

	mptcp_direction_begin(&half->all, packet, &walk);
	while ((got = mptcp_direction_next(&half->all, &walk, data, &part)) > 0) {
		if (!counts)
			continue;
		half->sent += part.bytes.length;
		if (part.fate != MPTCP_FATE_RETRANSMITTED)
			half->unique += part.bytes.length;
		if (connection && part.fate == MPTCP_FATE_FIRST_COPY)
			connection->bytes[packet->mptcpdest] += part.bytes.length;
		if (connection && part.fate == MPTCP_FATE_UNMAPPED)
			mptcp_bare_bytes_add(&half->bare, subflow, packet, part.bytes.length);
	}
	return got;
}

static int count(struct mptcp_listing *listing, struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct mptcp_listed_stream *stream = stream_of(subflow, packet);
	struct mptcp_listed_connection *connection =
		subflow->connection ? connection_of(subflow->connection) : NULL;
	bool counts = !listing->selection ||
		mptcp_selection_takes_moment(listing->selection, packet->reltime);

	if (!stream || (subflow->connection && !connection))
		return -1;
	struct mptcp_listed_half *half = &stream->to[packet->tcpdest];

	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack))
		mptcp_direction_acknowledge(&stream->to[!packet->tcpdest].all, packet->tcpack);
	if (connection && mptcp_packet_has(packet, MPTCP_COLUMN_dack))
		mptcp_fate_data_ack(&connection->data[!packet->mptcpdest], packet->dack);
	if (counts) {
		see_time(&stream->start, &stream->last,
			!stream->to[0].packets && !stream->to[1].packets, packet->abstime);
		half->packets++;
		if (connection) {
			see_time(&connection->start, &connection->last, !connection->packets,
				packet->abstime);
			connection->packets++;
		}
	}
	return count_payload(subflow, connection, half, packet, counts);
}

int mptcp_listing_add(struct mptcp_listing *listing, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_story_subflow *subflow;

	listing->story.without_events = true;
	listing->story.roster.free_subflow_own = free_stream;
	listing->story.roster.free_connection_own = free_connection;
	if (mptcp_story_add(&listing->story, packet, &subflow, error))
		return -1;
	if (!subflow)
		return 0;
	return count(listing, subflow, packet) ? mptcp_error_memory(error) : 0;
}

uint64_t mptcp_listing_bytes(const struct mptcp_story_connection *connection, enum mptcp_role to)
{
	const struct mptcp_listed_connection *listed = connection->own;
	uint64_t bytes = listed->bytes[to];

	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next) {
		const struct mptcp_listed_stream *stream = subflow->own;
		enum mptcp_role tcp =
			mptcp_story_role(subflow, MPTCP_CLIENT) == to ? MPTCP_CLIENT : MPTCP_SERVER;

		if (stream)
			bytes += mptcp_bare_bytes_data(&stream->to[tcp].bare, connection);
	}
	return bytes;
}
