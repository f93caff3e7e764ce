/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "listing.h"

#include <stdlib.h>
#include <string.h>

static void free_stream(void *own)
{
	struct mptcp_listed_stream *stream = own;

	mptcp_direction_clear(&stream->to[0]);
	mptcp_direction_clear(&stream->to[1]);
	free(stream);
}

static void free_connection(void *own)
{
	struct mptcp_listed_connection *connection = own;

	mptcp_fate_data_clear(&connection->data[0]);
	mptcp_fate_data_clear(&connection->data[1]);
	free(connection);
}

void mptcp_listing_init(struct mptcp_listing *listing, const struct mptcp_selection *selection)
{
	*listing = (struct mptcp_listing){.selection = selection};
	listing->story.without_events = true;
	listing->story.roster.free_subflow_own = free_stream;
	listing->story.roster.free_connection_own = free_connection;
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

/* The payload: every byte once for its connection, new ones for its TCP connection. */
static int count_payload(const struct mptcp_story_subflow *subflow,
	struct mptcp_listed_connection *connection, struct mptcp_fate_walk *walk)
{
	const struct mptcp_packet *packet = walk->packet;
	struct mptcp_listed_stream *stream = subflow->own;
	struct mptcp_direction *direction = &stream->to[packet->tcpdest];
	struct mptcp_fate_data *data = connection ? &connection->data[packet->mptcpdest] : NULL;
	struct mptcp_fate_part part;

	while (mptcp_fate_left(walk)) {
		if (mptcp_direction_next(direction, walk, data, &part) == MPTCP_FAILED)
			return -1;
		if (direction->outside || !connection)
			continue;
		if (part.fate == MPTCP_FATE_FIRST_COPY)
			connection->bytes[packet->mptcpdest] += part.bytes.length;
		else if (part.fate == MPTCP_FATE_UNMAPPED)
			mptcp_bare_bytes_add(&stream->bare[packet->tcpdest], subflow, packet,
				part.bytes.length);
	}
	return 0;
}

static int count(struct mptcp_listing *listing, struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct mptcp_listed_stream *stream = stream_of(subflow, packet);
	struct mptcp_listed_connection *connection =
		subflow->connection ? connection_of(subflow->connection) : NULL;
	struct mptcp_fate_walk walk;

	if (!stream || (subflow->connection && !connection))
		return -1;
	struct mptcp_direction *direction = &stream->to[packet->tcpdest];

	if (mptcp_packet_has(packet, MPTCP_COLUMN_tcpack))
		mptcp_direction_acknowledge(&stream->to[!packet->tcpdest], packet->tcpack);
	if (connection && mptcp_packet_has(packet, MPTCP_COLUMN_dack))
		mptcp_fate_data_ack(&connection->data[!packet->mptcpdest], packet->dack);
	direction->outside = listing->selection &&
		!mptcp_selection_takes_moment(listing->selection, packet->reltime);
	mptcp_direction_begin(direction, packet, &walk);
	return count_payload(subflow, connection, &walk);
}

int mptcp_listing_add(struct mptcp_listing *listing, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_story_subflow *subflow;

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
			bytes += mptcp_bare_bytes_data(&stream->bare[tcp], connection);
	}
	return bytes;
}

static void join_spans(struct mptcp_listed_span *all, struct mptcp_listed_span more)
{
	if (!more.packets)
		return;
	if (!all->packets || more.start < all->start)
		all->start = more.start;
	if (!all->packets || more.last > all->last)
		all->last = more.last;
	all->packets += more.packets;
}

struct mptcp_listed_span mptcp_listing_stream_span(const struct mptcp_story_subflow *subflow)
{
	const struct mptcp_listed_stream *stream = subflow->own;
	struct mptcp_listed_span span = {0};

	for (int to = 0; stream && to < 2; to++)
		join_spans(&span,
			(struct mptcp_listed_span){stream->to[to].packets, stream->to[to].start,
				stream->to[to].last});
	return span;
}

struct mptcp_listed_span mptcp_listing_connection_span(
	const struct mptcp_story_connection *connection)
{
	struct mptcp_listed_span span = {0};

	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next)
		join_spans(&span, mptcp_listing_stream_span(subflow));
	return span;
}
