/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "beginnings.h"

#include "array.h"

#include <stdlib.h>

void mptcp_beginnings_clear(struct mptcp_beginnings *beginnings)
{
	mptcp_numbers_clear(&beginnings->connections);
	mptcp_numbers_clear(&beginnings->streams);
	free(beginnings->times);
	*beginnings = (struct mptcp_beginnings){0};
}

int mptcp_beginnings_add(struct mptcp_beginnings *beginnings, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	bool mptcp = mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream);
	struct mptcp_numbers *numbers = mptcp ? &beginnings->connections : &beginnings->streams;
	uint32_t number = mptcp ? packet->mptcpstream : packet->tcpstream;

	if ((!mptcp && !mptcp_packet_has(packet, MPTCP_COLUMN_tcpstream)) ||
		mptcp_numbers_get(numbers, number) != MPTCP_NUMBERS_NONE)
		return 0;
	int64_t *times = mptcp_array_append(beginnings->times, &beginnings->count,
		&beginnings->capacity, sizeof(*times));
	if (!times)
		return mptcp_error_memory(error);
	beginnings->times = times;
	times[beginnings->count - 1] =
		mptcp_packet_has(packet, MPTCP_COLUMN_abstime) ? packet->abstime : packet->reltime;
	return mptcp_numbers_set(numbers, number, (uint32_t)beginnings->count - 1)
		? mptcp_error_memory(error)
		: 0;
}

static int64_t time_of(const struct mptcp_beginnings *beginnings,
	const struct mptcp_numbers *numbers, uint32_t number)
{
	uint32_t index = mptcp_numbers_get(numbers, number);

	return index == MPTCP_NUMBERS_NONE ? 0 : beginnings->times[index];
}

int64_t mptcp_beginnings_connection(const struct mptcp_beginnings *beginnings, uint32_t mptcpstream)
{
	return time_of(beginnings, &beginnings->connections, mptcpstream);
}

int64_t mptcp_beginnings_stream(const struct mptcp_beginnings *beginnings, uint32_t tcpstream)
{
	return time_of(beginnings, &beginnings->streams, tcpstream);
}
