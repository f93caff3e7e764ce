/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wanted.h"

#include "array.h"
#include "packet_list.h"

#include <stdlib.h>

struct mptcp_wanted_packet {
	uint64_t packetid;
	uint64_t copy_of; /* packetid, 0: it is none */
	uint32_t stream;  /* index */
	bool in_period;
	bool to_server; /* of TCP */
};

struct mptcp_wanted_stream {
	uint32_t tcpstream, mptcpstream;
	bool of_connection; /* mptcpstream is known, and so are roles */
	bool joins;         /* an MP_JOIN, even if no connection is known to have its token */
	bool turned;        /* its TCP client is the MPTCP server */
	uint64_t chosen;
};

static struct mptcp_wanted_stream *find_stream(struct mptcp_wanted *wanted, uint32_t tcpstream)
{
	uint32_t found = mptcp_numbers_get(&wanted->index, tcpstream);

	if (found != MPTCP_NUMBERS_NONE)
		return &wanted->streams[found];
	struct mptcp_wanted_stream *streams = mptcp_array_append(wanted->streams,
		&wanted->stream_count, &wanted->stream_capacity, sizeof(*streams));

	if (!streams)
		return NULL;
	wanted->streams = streams;
	uint32_t added = (uint32_t)wanted->stream_count - 1;

	streams[added].tcpstream = tcpstream;
	return mptcp_numbers_set(&wanted->index, tcpstream, added) ? NULL : &streams[added];
}

/* Where a packet belongs; a copy has no TCP connection of its own. */
static struct mptcp_wanted_stream *place(struct mptcp_wanted *wanted,
	const struct mptcp_packet *packet)
{
	struct mptcp_wanted_stream *stream = find_stream(wanted, packet->tcpstream);

	if (!stream)
		return NULL;
	stream->joins |= mptcp_packet_has(packet, MPTCP_COLUMN_recvtok);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream)) {
		stream->of_connection = true;
		stream->mptcpstream = packet->mptcpstream;
		stream->turned = packet->tcpdest != packet->mptcpdest;
	}
	return stream;
}

int mptcp_wanted_add(struct mptcp_wanted *wanted, const struct mptcp_packet *packet)
{
	bool copy = mptcp_packet_has(packet, MPTCP_COLUMN_duplicate_of);
	struct mptcp_wanted_stream *stream = NULL;

	if (!copy && !mptcp_packet_has(packet, MPTCP_COLUMN_tcpstream))
		return 0;
	if (!copy && !(stream = place(wanted, packet)))
		return -1;
	struct mptcp_wanted_packet *packets = mptcp_array_append(wanted->packets,
		&wanted->packet_count, &wanted->packet_capacity, sizeof(*packets));

	if (!packets)
		return -1;
	wanted->packets = packets;
	packets[wanted->packet_count - 1] = (struct mptcp_wanted_packet){
		.packetid = packet->packetid,
		.copy_of = copy ? packet->duplicate_of : 0,
		.stream = copy ? 0 : (uint32_t)(stream - wanted->streams),
		.in_period = mptcp_selection_takes_moment(&wanted->selection, packet->reltime),
		.to_server = packet->tcpdest == MPTCP_SERVER,
	};
	return 0;
}

static bool takes_stream(const struct mptcp_selection *selection,
	const struct mptcp_wanted_stream *stream)
{
	if (stream->of_connection)
		return mptcp_selection_takes_subflow(selection, stream->mptcpstream,
			stream->tcpstream);
	if (stream->joins && !selection->has_mptcpstream)
		return mptcp_selection_takes_stream(selection, stream->tcpstream);
	return mptcp_selection_takes_tcp(selection, stream->tcpstream);
}

/* Of one that is no copy. */
static bool takes_packet(struct mptcp_wanted *wanted, const struct mptcp_wanted_packet *packet)
{
	struct mptcp_wanted_stream *stream = &wanted->streams[packet->stream];
	bool to_server = packet->to_server != stream->turned;

	bool takes = packet->in_period && takes_stream(&wanted->selection, stream) &&
		mptcp_selection_takes_direction(&wanted->selection,
			to_server ? MPTCP_SERVER : MPTCP_CLIENT) &&
		(!wanted->listed || mptcp_packet_list_has(wanted->listed, packet->packetid));

	return takes && (!wanted->most || stream->chosen++ < wanted->most);
}

int mptcp_wanted_choose(struct mptcp_wanted *wanted, struct mptcp_intervals *packets)
{
	for (size_t i = 0; i < wanted->packet_count; i++) {
		const struct mptcp_wanted_packet *packet = &wanted->packets[i];

		if (packet->copy_of ? !mptcp_packet_list_has(packets, packet->copy_of)
				    : !takes_packet(wanted, packet))
			continue;
		if (mptcp_intervals_add(packets, packet->packetid, packet->packetid + 1, NULL))
			return -1;
	}
	return 0;
}

void mptcp_wanted_clear(struct mptcp_wanted *wanted)
{
	free(wanted->packets);
	free(wanted->streams);
	mptcp_numbers_clear(&wanted->index);
}
