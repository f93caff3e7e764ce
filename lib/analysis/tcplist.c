/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcplist: see tcplist.h. */
#include "tcplist.h"

#include <stdlib.h>

const char *mptcp_tcp_state_name(enum mptcp_tcp_state state)
{
	static const char *const names[] = {"open", "closed", "reset", "failed"};

	return names[state];
}

void mptcp_tcplist_release(struct mptcp_tcplist *list)
{
	for (size_t i = 0; i < list->count; i++) {
		mptcp_direction_release(&list->streams[i].to[MPTCP_CLIENT]);
		mptcp_direction_release(&list->streams[i].to[MPTCP_SERVER]);
	}
	mptcp_numbers_release(&list->index);
	free(list->streams);
	*list = (struct mptcp_tcplist){0};
}

static struct mptcp_tcp_stream *new_stream(struct mptcp_tcplist *list,
	const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->tcpdest, from = mptcp_role_peer(to);

	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 16;
		struct mptcp_tcp_stream *grown = realloc(list->streams, capacity * sizeof(*grown));

		if (!grown)
			return NULL;
		list->streams = grown;
		list->capacity = capacity;
	}
	if (mptcp_numbers_set(&list->index, packet->tcpstream, (uint32_t)list->count))
		return NULL;
	struct mptcp_tcp_stream *stream = &list->streams[list->count++];
	*stream = (struct mptcp_tcp_stream){.tcpstream = packet->tcpstream};
	stream->addresses[to] = packet->ipdst;
	stream->ports[to] = packet->dport;
	stream->addresses[from] = packet->ipsrc;
	stream->ports[from] = packet->sport;
	return stream;
}

int mptcp_tcplist_add(struct mptcp_tcplist *list, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_tcpstream))
		return 0;
	uint32_t index = mptcp_numbers_get(&list->index, packet->tcpstream);
	struct mptcp_tcp_stream *stream =
		index == MPTCP_NUMBERS_NONE ? new_stream(list, packet) : &list->streams[index];
	uint64_t position;

	if (!stream)
		return mptcp_error_memory(error);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream)) {
		stream->has_mptcpstream = true;
		stream->mptcpstream = packet->mptcpstream;
	}
	mptcp_handshake_add(&stream->handshake, packet);
	if (!(packet->tcpflags & (MPTCP_SYN | MPTCP_RST)))
		stream->established = true;
	if (packet->tcpflags & MPTCP_FIN)
		stream->fin[packet->tcpdest] = true;
	if (packet->tcpflags & MPTCP_RST)
		stream->rst = true;
	if (mptcp_direction_add(&stream->to[packet->tcpdest], packet, &position))
		return mptcp_error_memory(error);
	return 0;
}

uint64_t mptcp_tcp_packets(const struct mptcp_tcp_stream *stream)
{
	return stream->to[MPTCP_CLIENT].packets + stream->to[MPTCP_SERVER].packets;
}

int64_t mptcp_tcp_start(const struct mptcp_tcp_stream *stream)
{
	const struct mptcp_direction *up = &stream->to[MPTCP_SERVER];
	const struct mptcp_direction *down = &stream->to[MPTCP_CLIENT];

	if (!up->packets || !down->packets)
		return up->packets ? up->start : down->start;
	return up->start < down->start ? up->start : down->start;
}

int64_t mptcp_tcp_duration(const struct mptcp_tcp_stream *stream)
{
	const struct mptcp_direction *up = &stream->to[MPTCP_SERVER];
	const struct mptcp_direction *down = &stream->to[MPTCP_CLIENT];
	int64_t last = up->last > down->last ? up->last : down->last;

	return last - mptcp_tcp_start(stream);
}

enum mptcp_tcp_state mptcp_tcp_state(const struct mptcp_tcp_stream *stream)
{
	/* with nothing of the handshake captured it may well have been established before */
	if (!stream->established && (stream->handshake.syns || stream->handshake.synacks))
		return MPTCP_TCP_FAILED;
	if (stream->rst)
		return MPTCP_TCP_RESET;
	return stream->fin[MPTCP_CLIENT] && stream->fin[MPTCP_SERVER] ? MPTCP_TCP_CLOSED
								      : MPTCP_TCP_OPEN;
}
