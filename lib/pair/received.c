/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "received.h"

#include "array.h"

#include <stdlib.h>

/* The two ends of a stream; NULL when memory ran out. */
static struct mptcp_received_end *ends_of(struct mptcp_received *received, uint32_t tcpstream)
{
	uint32_t index = mptcp_numbers_get(&received->index, tcpstream);

	if (index != MPTCP_NUMBERS_NONE)
		return received->ends + 2 * (size_t)index;
	struct mptcp_received_end *ends = mptcp_array_append(received->ends, &received->count,
		&received->capacity, 2 * sizeof(*ends));
	if (!ends)
		return NULL;
	received->ends = ends;
	index = (uint32_t)received->count - 1;
	return mptcp_numbers_set(&received->index, tcpstream, index) ? NULL
								     : ends + 2 * (size_t)index;
}

int mptcp_received_add(struct mptcp_received *received, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_received_end *sender = ends_of(received, packet->tcpstream);

	if (!sender)
		return mptcp_error_memory(error);
	sender += packet->tcpdest == MPTCP_CLIENT ? MPTCP_SERVER : MPTCP_CLIENT;
	if (!(packet->tcpflags & MPTCP_RST)) {
		sender->last = packet->packetid;
		sender->fin |= (packet->tcpflags & MPTCP_FIN) != 0;
		sender->reset = 0;
	} else if (!sender->reset) {
		sender->reset = sender->fin ? sender->last : packet->packetid;
	}
	return 0;
}

bool mptcp_received_has(const struct mptcp_received *received, uint32_t tcpstream,
	enum mptcp_role tcpdest, uint64_t packetid)
{
	uint32_t index = mptcp_numbers_get(&received->index, tcpstream);

	if (index == MPTCP_NUMBERS_NONE)
		return true;
	uint64_t reset = received->ends[2 * (size_t)index + tcpdest].reset;
	return !reset || packetid < reset;
}

bool mptcp_received_pair(const struct mptcp_received received[2],
	const struct mptcp_evidence evidence[2], const struct mptcp_pair *pair)
{
	int receiver = !pair->sender;
	enum mptcp_role dest = pair->tcpdest; /* as the first capture says */
	uint32_t index = pair->stream[receiver];

	if (!pair->seen[receiver] || index == MPTCP_NOT_MATCHED)
		return true;
	const struct mptcp_evidence_stream *stream = &evidence[receiver].streams[index];

	if (receiver == 1 && stream->flipped)
		dest = mptcp_role_peer(dest);
	return mptcp_received_has(&received[receiver], stream->tcpstream, dest,
		pair->packetid[receiver]);
}

void mptcp_received_clear(struct mptcp_received *received)
{
	mptcp_numbers_clear(&received->index);
	free(received->ends);
	*received = (struct mptcp_received){0};
}
