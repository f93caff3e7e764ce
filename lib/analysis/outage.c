/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "outage.h"

#include "array.h"
#include "sequence.h"

#include <stdlib.h>
#include <string.h>

#define SHORTEST (MPTCP_SECOND / 2)
#define SEGMENTS_MOST 65536 /* unacknowledged ones that are remembered */
#define SIBLINGS_MOST 256   /* subflows among which the earlier carrier is looked for */

/* New data, not acknowledged yet. */
struct segment {
	uint32_t end; /* TCP sequence number after it */
	uint64_t packetid;
	int64_t abstime;
};

/* What a subflow carries to one role. */
struct path {
	bool begun, told;      /* data was seen; the silence was told */
	uint32_t una, nxt;     /* TCP sequence numbers: acknowledged up to; after what was sent */
	uint32_t timed;        /* end of the segment that is timed, where timed_at */
	int64_t timed_at, rtt; /* rtt 0: not known */
	int64_t progress;      /* when data was acknowledged, or sent while none was in flight */
	int64_t due;           /* from when on it is silent; INT64_MAX: that was looked at */
	struct segment *segments; /* by packetid; from `first` on */
	size_t first, count, capacity;
	/* the first packet that sent any of it again elsewhere; packetid 0: none */
	struct mptcp_moment moved;
	uint32_t moved_to;
};

struct paths {
	int64_t zero;      /* of relative times */
	struct path to[2]; /* by MPTCP role */
};

static void free_paths(void *own)
{
	struct paths *paths = own;

	for (int role = 0; role < 2; role++)
		free(paths->to[role].segments);
	free(paths);
}

void mptcp_outages_begin(struct mptcp_story *story)
{
	story->roster.free_subflow_own = free_paths;
}

static uint32_t outstanding(const struct path *path)
{
	int32_t bytes = mptcp_sequence_ahead32(path->nxt, path->una);

	return bytes > 0 ? (uint32_t)bytes : 0;
}

static int append(struct path *path, const struct mptcp_packet *packet)
{
	if (path->count - path->first >= SEGMENTS_MOST)
		return 0;
	if (path->count < path->capacity) {
		path->segments[path->count++] =
			(struct segment){path->nxt, packet->packetid, packet->abstime};
		return 0;
	}
	if (path->first > 64 && path->first > path->count / 2) {
		path->count -= path->first;
		memmove(path->segments, path->segments + path->first,
			path->count * sizeof(*path->segments));
		path->first = 0;
	}
	struct segment *segments = mptcp_array_append(path->segments, &path->count, &path->capacity,
		sizeof(*segments));

	if (!segments)
		return -1;
	path->segments = segments;
	segments[path->count - 1] = (struct segment){path->nxt, packet->packetid, packet->abstime};
	return 0;
}

static int put(struct mptcp_story *story, const struct mptcp_story_subflow *subflow,
	struct mptcp_event event)
{
	event.has_mptcpstream = true;
	event.mptcpstream = subflow->connection->mptcpstream;
	return mptcp_events_put(&story->events, &event);
}

/* The data of the silent subflow was sent again elsewhere. */
static int put_moved(struct mptcp_story *story, const struct mptcp_story_subflow *subflow,
	const struct path *path)
{
	return put(story, subflow,
		(struct mptcp_event){.kind = MPTCP_EVENT_DATA_MOVED,
			.moment = path->moved,
			.tcpstream = path->moved_to,
			.has_from = true,
			.from = subflow->tcpstream,
			.has_duration = true,
			.duration = path->moved.abstime - path->segments[path->first].abstime});
}

/* It ended soon after: that it is silent then is no news. */
static bool is_ended(const struct mptcp_story_subflow *subflow, const struct path *path)
{
	return (subflow->reset || subflow->closed) && subflow->ended.packetid &&
		subflow->ended.abstime < path->progress + SHORTEST;
}

/* Data was acknowledged, or sent while none was in flight. */
static void move_on(struct path *path, int64_t now)
{
	path->progress = now;
	path->due = now + (4 * path->rtt > SHORTEST ? 4 * path->rtt : SHORTEST);
}

/* Another packet came, and the subflow has been silent for long enough. */
static int find_silent(struct mptcp_story *story, const struct mptcp_story_subflow *subflow,
	enum mptcp_role to)
{
	struct paths *paths = subflow->own;
	struct path *path = &paths->to[to];

	path->due = INT64_MAX;
	if (path->first == path->count || is_ended(subflow, path))
		return 0;
	const struct segment *oldest = &path->segments[path->first];

	path->told = true;
	return put(story, subflow,
		       (struct mptcp_event){.kind = MPTCP_EVENT_SUBFLOW_SILENT,
			       .moment = {oldest->packetid, oldest->abstime,
				       oldest->abstime - paths->zero, to},
			       .tcpstream = subflow->tcpstream,
			       .has_bytes = true,
			       .bytes = outstanding(path)}) ||
			(path->moved.packetid && put_moved(story, subflow, path))
		? -1
		: 0;
}

static inline int look(struct mptcp_story *story, const struct mptcp_story_subflow *subflow,
	enum mptcp_role to, int64_t now)
{
	const struct path *path = &((struct paths *)subflow->own)->to[to];

	return path->begun && now >= path->due ? find_silent(story, subflow, to) : 0;
}

/* Data on a subflow. */
static int send(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct path *path = &((struct paths *)subflow->own)->to[packet->mptcpdest];
	uint32_t end = packet->tcpseq + packet->tcplen;

	if (!path->begun) {
		int64_t rtt = mptcp_story_handshake_rtt(subflow);

		path->begun = true;
		path->una = path->nxt = packet->tcpseq;
		path->rtt = rtt > 0 ? rtt : 0;
	}
	if (mptcp_sequence_ahead32(end, path->nxt) <= 0) { /* sent again: not to be timed */
		path->timed_at = 0;
		return look(story, subflow, packet->mptcpdest, packet->abstime);
	}
	if (!outstanding(path))
		move_on(path, packet->abstime);
	path->nxt = end;
	if (!path->timed_at) {
		path->timed = end;
		path->timed_at = packet->abstime;
	}
	return append(path, packet) || look(story, subflow, packet->mptcpdest, packet->abstime) ? -1
												: 0;
}

/* What a packet acknowledges of the data that its sender receives. */
static int acknowledge(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	enum mptcp_role to = mptcp_role_peer(packet->mptcpdest);
	struct path *path = &((struct paths *)subflow->own)->to[to];

	if (!path->begun || mptcp_sequence_ahead32(packet->tcpack, path->una) <= 0)
		return 0;
	if (look(story, subflow, to, packet->abstime))
		return -1;
	if (path->told &&
		put(story, subflow,
			(struct mptcp_event){.kind = MPTCP_EVENT_SUBFLOW_RESUMED,
				.moment = mptcp_moment_of(packet),
				.tcpstream = subflow->tcpstream,
				.has_duration = true,
				.duration = packet->abstime - path->segments[path->first].abstime}))
		return -1;
	path->told = false;
	path->moved.packetid = 0;
	path->una = packet->tcpack;
	if (path->timed_at && mptcp_sequence_ahead32(path->una, path->timed) >= 0) {
		int64_t rtt = packet->abstime - path->timed_at;

		path->rtt = path->rtt ? path->rtt + (rtt - path->rtt) / 8 : rtt;
		path->timed_at = 0;
	}
	move_on(path, packet->abstime);
	while (path->first < path->count &&
		mptcp_sequence_ahead32(path->una, path->segments[path->first].end) >= 0)
		path->first++;
	return 0;
}

static int compare_segment(const void *packetid, const void *item)
{
	const struct segment *segment = item;
	uint64_t wanted = *(const uint64_t *)packetid;

	return wanted < segment->packetid ? -1 : wanted > segment->packetid;
}

/* Whether one of these packets, "136;227", carried what is outstanding, of which there is some. */
static bool carried(const struct path *path, const struct mptcp_text *packets)
{
	const char *at = packets->bytes, *stop = at + packets->length;

	while (at < stop) {
		uint64_t id = 0;

		for (; at < stop && *at != ';'; at++)
			id = id * 10 + (uint64_t)(*at - '0');
		at++;
		if (bsearch(&id, path->segments + path->first, path->count - path->first,
			    sizeof(*path->segments), compare_segment))
			return true;
	}
	return false;
}

/* A packet that sends data again, of other subflows, too. */
static int reinject(struct mptcp_story *story, const struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	const struct mptcp_story_subflow *other = subflow->connection->subflows;

	for (unsigned i = 0; other && i < SIBLINGS_MOST; other = other->next, i++) {
		struct path *path =
			other->own ? &((struct paths *)other->own)->to[packet->mptcpdest] : NULL;

		if (!path || other == subflow || path->moved.packetid ||
			path->first == path->count || !carried(path, &packet->reinjection_of))
			continue;
		path->moved = mptcp_moment_of(packet);
		path->moved_to = subflow->tcpstream;
		if (path->told && put_moved(story, other, path))
			return -1;
	}
	return 0;
}

int mptcp_outages_add(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet, struct mptcp_error *error)
{
	if (!subflow || !subflow->connection || packet->tcpflags & (MPTCP_SYN | MPTCP_RST))
		return 0;
	if (!subflow->own)
		subflow->own = calloc(1, sizeof(struct paths));
	if (!subflow->own)
		return mptcp_error_memory(error);
	((struct paths *)subflow->own)->zero = packet->abstime - packet->reltime;
	if ((packet->tcpflags & MPTCP_ACK && acknowledge(story, subflow, packet)) ||
		(packet->tcplen && send(story, subflow, packet)) ||
		(mptcp_packet_has(packet, MPTCP_COLUMN_reinjection_of) &&
			packet->reinjection_of.length && reinject(story, subflow, packet)))
		return mptcp_error_memory(error);
	return 0;
}

int mptcp_outages_end(struct mptcp_story *story, struct mptcp_error *error)
{
	const struct mptcp_roster *roster = &story->roster;

	for (size_t i = 0; i < roster->subflow_count; i++) {
		const struct mptcp_story_subflow *subflow = roster->subflows[i];

		for (int role = 0; subflow->own && subflow->connection && role < 2; role++)
			if (look(story, subflow, (enum mptcp_role)role, subflow->connection->last))
				return mptcp_error_memory(error);
	}
	return 0;
}
