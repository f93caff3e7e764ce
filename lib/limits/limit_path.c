/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limit_path: what a subflow has in flight, and how far from its sender the capture is. */
#include "limit_parts.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

#define REORDERED_MOST 256 /* segments by which one may come late */
#define CARRIED_MOST 65536 /* unacknowledged segments that are remembered */

void mptcp_limits_path_clear(struct mptcp_limits_path *path)
{
	mptcp_direction_clear(&path->bytes);
	mptcp_segments_clear(&path->segments);
	free(path->carried);
	free(path->echoes);
	*path = (struct mptcp_limits_path){0};
}

/*
 * The round trip from the capture to the sender of the data: from the SYN to the SYN/ACK where the
 * data comes from the TCP server, otherwise from the SYN/ACK to the ACK. What is less than a
 * quarter of the whole is the host itself.
 */
void mptcp_limits_path_shift(struct mptcp_limits_path *path,
	const struct mptcp_story_subflow *subflow, enum mptcp_role tcp_to)
{
	int64_t whole = mptcp_story_handshake_rtt(subflow);

	if (whole < 0 || whole > MPTCP_LIMITS_RTT_MOST || path->shifted)
		return;
	int64_t server = subflow->synack.first.abstime - subflow->syn.first.abstime;
	if (server < 0 || server > whole) /* the capture's clock went back */
		return;
	int64_t part = tcp_to == MPTCP_CLIENT ? server : whole - server;

	path->shifted = true;
	path->rtt_min = path->rtt = whole;
	path->base_shift = path->shift = part < whole / 4 ? 0 : part;
}

int mptcp_limits_path_stamp(struct mptcp_limits_path *path, const struct mptcp_packet *packet)
{
	struct mptcp_limits_echoes *echoes = path->echoes;

	if (!path->base_shift || !mptcp_packet_has(packet, MPTCP_COLUMN_tsval))
		return 0;
	if (!echoes)
		echoes = path->echoes = calloc(1, sizeof(*echoes));
	if (!echoes)
		return -1;
	unsigned last = (echoes->next + MPTCP_LIMITS_ECHOES - 1) % MPTCP_LIMITS_ECHOES;
	if (echoes->count && echoes->list[last].tsval == packet->tsval)
		return 0;
	echoes->list[echoes->next].tsval = packet->tsval;
	echoes->list[echoes->next].time = packet->abstime;
	echoes->next = (echoes->next + 1) % MPTCP_LIMITS_ECHOES;
	if (echoes->count < MPTCP_LIMITS_ECHOES)
		echoes->count++;
	return 0;
}

/* The shortest of the newest round trips: a sender that had nothing to send made others longer. */
static void take_echo(struct mptcp_limits_path *path, int64_t sample)
{
	struct mptcp_limits_echoes *echoes = path->echoes;
	const unsigned most = sizeof(echoes->samples) / sizeof(*echoes->samples);
	int64_t shortest = INT64_MAX;

	echoes->samples[echoes->sample_next] = sample;
	echoes->sample_next = (echoes->sample_next + 1) % most;
	if (echoes->sample_count < most)
		echoes->sample_count++;
	for (unsigned i = 0; i < echoes->sample_count; i++)
		if (echoes->samples[i] < shortest)
			shortest = echoes->samples[i];
	path->shift = shortest < path->base_shift ? path->base_shift : shortest;
}

void mptcp_limits_path_echo(struct mptcp_limits_path *path, const struct mptcp_packet *packet)
{
	struct mptcp_limits_echoes *echoes = path->echoes;

	if (!echoes || !mptcp_packet_has(packet, MPTCP_COLUMN_tsecr) ||
		(echoes->any && echoes->echoed == packet->tsecr))
		return;
	echoes->any = true;
	echoes->echoed = packet->tsecr;
	for (unsigned i = 1; i <= echoes->count; i++) {
		unsigned at = (echoes->next + MPTCP_LIMITS_ECHOES - i) % MPTCP_LIMITS_ECHOES;

		if (echoes->list[at].tsval == packet->tsecr) {
			take_echo(path, packet->abstime - echoes->list[at].time);
			return;
		}
	}
}

int mptcp_limits_path_carry(struct mptcp_limits_path *path,
	const struct mptcp_limits_carried *carried)
{
	if (path->count - path->first >= CARRIED_MOST)
		path->first++;
	if (path->first > path->count / 2 && path->first > 64) {
		memmove(path->carried, path->carried + path->first,
			(path->count - path->first) * sizeof(*path->carried));
		path->count -= path->first;
		path->first = 0;
	}
	struct mptcp_limits_carried *list = mptcp_array_append(path->carried, &path->count,
		&path->capacity, sizeof(*path->carried));

	if (!list)
		return -1;
	path->carried = list;
	size_t at = path->count - 1, least = path->first;

	if (at > least + REORDERED_MOST)
		least = at - REORDERED_MOST;
	if (at > least && list[least].position > carried->position) {
		path->count--; /* so far behind others: not of what is under way */
		return 0;
	}
	for (; at > least && list[at - 1].position > carried->position; at--)
		list[at] = list[at - 1];
	list[at] = *carried;
	return 0;
}

void mptcp_limits_path_acked(struct mptcp_limits_path *path)
{
	for (; path->first < path->count && path->carried[path->first].end <= path->una;
		path->first++) {
		const struct mptcp_limits_carried *carried = &path->carried[path->first];
		uint64_t end = carried->dsn + (carried->end - carried->position);

		if (!path->has_top || mptcp_sequence_ahead(end, path->top) > 0)
			path->top = end;
		path->has_top = true;
	}
}

bool mptcp_limits_path_holds(const struct mptcp_limits_path *path, uint64_t acked)
{
	if (path->first == path->count)
		return false;
	const struct mptcp_limits_carried *last = &path->carried[path->count - 1];

	return mptcp_sequence_ahead(last->dsn + (last->end - last->position), acked) > 0;
}
