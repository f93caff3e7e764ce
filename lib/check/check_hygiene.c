/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_hygiene: whether the capture itself is sound, and what follows from it for all other
 * findings. See check_parts.h. */
#include "check_parts.h"

#include <stdio.h>
#include <stdlib.h>

#define JUMP MPTCP_SECOND            /* of the clock that is reported */
#define BACK (MPTCP_SECOND / 1000)   /* time stamps may fall by less */
#define RATE_TIME (2 * MPTCP_SECOND) /* over which the rate of time stamps is measured */
#define NEAR (MPTCP_SECOND / 2)      /* two steps that are one */

static void put_back(struct mptcp_check *check, const struct mptcp_packet *packet, int64_t by,
	bool several)
{
	struct mptcp_sight sight = {.check = check, .moment = mptcp_moment_of(packet)};
	struct mptcp_proof proof = {0};

	sight.moment.mptcpdest = MPTCP_CLIENT; /* it is about no direction */
	snprintf(proof.got, sizeof(proof.got), "%.6f", (double)by / 1e9);
	if (by < BACK || several)
		proof.severity = MPTCP_SEVERITY_INFO;
	MPTCP_CHECK_PUT(&sight, hyg_time_back, &proof);
}

void mptcp_check_unordered(struct mptcp_check *check, const struct mptcp_packet *packet)
{
	struct mptcp_check_seen *seen = &check->seen;

	if (mptcp_packet_has(packet, MPTCP_COLUMN_duplicate_of)) {
		if (!seen->copies.count++)
			seen->copies.first = mptcp_moment_of(packet);
		seen->copies.last = packet->packetid;
	}
	if (seen->last && packet->interface_id != seen->interface_id)
		seen->several = true;
	seen->interface_id = packet->interface_id;
	if (packet->abstime < seen->last)
		put_back(check, packet, seen->last - packet->abstime, seen->several);
}

static void count(struct mptcp_check_run *run, const struct mptcp_sight *sight)
{
	if (!run->count++)
		run->first = sight->moment;
	run->last = sight->moment.packetid;
}

/* What the sender has sent, and what the peer's TCP has from it. */
static void follow(const struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;
	struct mptcp_check_way *way = sight->way, *back = sight->back;
	unsigned flags = packet->tcpflags;
	uint64_t start = sight->position;
	uint64_t end =
		start + packet->tcplen + (flags & MPTCP_SYN ? 1 : 0) + (flags & MPTCP_FIN ? 1 : 0);

	if (end > start) {
		if (mptcp_intervals_add(&way->sent, start, end, NULL))
			sight->check->failed = true;
		if (end > way->reference)
			way->reference = end;
	}
	/* what comes before anything of the peer may belong to an earlier use of the ports */
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_tcpack) || !back->first.packetid)
		return;
	uint64_t acked = mptcp_sequence_extend(back->reference, packet->tcpack);

	if (acked > back->acked) {
		back->acked = acked;
		back->acked_at = sight->moment;
	}
}

/* How far the clock of the capture went ahead of the sender's time stamps. */
static void see_step(const struct mptcp_sight *sight)
{
	struct mptcp_check_way *way = sight->way;
	const struct mptcp_check_way *back = sight->back;
	int64_t now = sight->moment.abstime, passed = way->time - way->first_time;
	double rate = (double)(way->tsval - way->first_tsval) / (double)passed;
	double ticks = (double)mptcp_sequence_ahead32(sight->packet->tsval, way->tsval);

	if (passed < RATE_TIME || rate <= 0)
		return;
	way->step = now - way->time - (int64_t)(ticks / rate);
	way->step_at = sight->moment;
	if (llabs(way->step) < JUMP)
		way->step = 0;
	if (!way->step || !back->step || llabs(way->step - back->step) > NEAR ||
		llabs(way->step_at.abstime - back->step_at.abstime) > llabs(way->step) + NEAR)
		return;
	struct mptcp_proof proof = {.related = {back->step_at.packetid}};

	snprintf(proof.got, sizeof(proof.got), "%.3f", (double)way->step / 1e9);
	MPTCP_CHECK_PUT(sight, hyg_clock_step, &proof);
	way->step = 0;
}

static void follow_clock(const struct mptcp_sight *sight)
{
	struct mptcp_check_way *way = sight->way;
	int64_t now = sight->moment.abstime;

	if (!mptcp_packet_has(sight->packet, MPTCP_COLUMN_tsval))
		return;
	if (!way->has_tsval) {
		way->has_tsval = true;
		way->first_tsval = sight->packet->tsval;
		way->first_time = now;
	} else if (now - way->time > JUMP || now < way->time - BACK) {
		see_step(sight);
		/* the rate is measured anew */
		way->first_tsval = sight->packet->tsval;
		way->first_time = now;
	}
	way->tsval = sight->packet->tsval;
	way->time = now;
}

void mptcp_check_hygiene(const struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;
	struct mptcp_check_way *way = sight->way;

	if (packet->tcpflags & MPTCP_RST)
		return;
	follow(sight);
	if (!way->first.packetid)
		way->first = sight->moment;
	if (sight->whole) {
		mptcp_check_count_outstanding(sight->data, way);
		mptcp_check_count_outstanding(sight->peer, sight->back);
	}
	way->last = packet->abstime;
	way->cut |= mptcp_packet_has(packet, MPTCP_COLUMN_options_cut);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_caplen))
		count(&way->snapped, sight);
	if (packet->tcplen > sight->back->mss && sight->back->mss)
		count(&way->super, sight);
	if (packet->tcpflags & MPTCP_SYN)
		way->mss = packet->mss;
	follow_clock(sight);
}

/* Bytes that the peer acknowledged and that were not captured. */
static uint64_t missing(const struct mptcp_check_way *way, bool syn)
{
	const struct mptcp_intervals *sent = &way->sent;
	const struct mptcp_interval *first = mptcp_intervals_first(sent);
	uint64_t start = syn || !first ? MPTCP_SEQUENCE_ORIGIN : first->start;

	if (!way->first.packetid || way->acked <= start || !first)
		return 0;
	return way->acked - start - mptcp_intervals_overlap(sent, start, way->acked);
}

static void put_run(struct mptcp_sight *sight, enum mptcp_finding_id id,
	const struct mptcp_check_run *run, enum mptcp_severity severity)
{
	struct mptcp_proof proof = {.at = &run->first, .run = run, .severity = severity};

	if (run->count)
		mptcp_check_put(sight, id, &proof);
}

/* Of one direction of a subflow. True: packets are missing. */
static bool end_way(struct mptcp_check *check, struct mptcp_story_subflow *subflow, int from)
{
	struct mptcp_check_stream *stream = subflow->own;
	struct mptcp_check_way *way = &stream->ways[from];
	struct mptcp_moment moment = way->acked_at;
	const struct mptcp_step *step = from == MPTCP_CLIENT ? &subflow->syn : &subflow->synack;
	uint64_t bytes = missing(way, step->count);
	struct mptcp_proof proof = {0};
	struct mptcp_sight sight;

	moment.mptcpdest = mptcp_role_peer(mptcp_story_role(subflow, (enum mptcp_role)from));
	mptcp_check_recall(&sight, check, subflow, &moment);
	if (!check->failed && mptcp_check_end_run(sight.way, sight.data))
		check->failed = true;
	if (check->failed)
		return false;
	put_run(&sight, MPTCP_FINDING_hyg_snap, &way->snapped,
		way->cut ? MPTCP_SEVERITY_WARNING : MPTCP_SEVERITY_INFO);
	put_run(&sight, MPTCP_FINDING_hyg_super, &way->super, MPTCP_SEVERITY_USUAL);
	if (!bytes)
		return false;
	snprintf(proof.got, sizeof(proof.got), "%llu", (unsigned long long)bytes);
	MPTCP_CHECK_PUT(&sight, hyg_drop, &proof);
	return true;
}

/* An end of which nothing was captured, though the other one acknowledges it. */
static bool lacks_direction(const struct mptcp_story_subflow *subflow, int from)
{
	const struct mptcp_check_stream *stream = subflow->own;
	const struct mptcp_story_end *end = &subflow->ends[from];

	return !stream->ways[from].first.packetid && stream->ways[!from].first.packetid &&
		end->acknowledged;
}

static void end_subflow(struct mptcp_check *check, struct mptcp_story_subflow *subflow)
{
	struct mptcp_check_stream *stream = subflow->own;
	struct mptcp_check_connection *whole = subflow->connection->own;
	bool handshake = subflow->syn.count || subflow->synack.count;
	int first = stream->ways[0].first.packetid ? 0 : 1;
	struct mptcp_sight sight;

	if (!stream->ways[first].first.packetid)
		return;
	if (stream->ways[!first].first.packetid &&
		stream->ways[!first].first.packetid < stream->ways[first].first.packetid)
		first = !first;
	mptcp_check_recall(&sight, check, subflow, &stream->ways[first].first);
	if (check->failed)
		return;
	if (!handshake) {
		MPTCP_CHECK_PUT(&sight, hyg_midstream, NULL);
		whole->whole = false;
	}
	if (lacks_direction(subflow, 0) || lacks_direction(subflow, 1)) {
		MPTCP_CHECK_PUT(&sight, hyg_direction, NULL);
		whole->whole = whole->both = false;
	}
	for (int from = 0; from < 2 && !check->failed; from++)
		if (end_way(check, subflow, from))
			whole->whole = false;
}

/* Mappings may have been cut off. */
static bool lacks_options(const struct mptcp_story_connection *connection)
{
	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next) {
		const struct mptcp_check_stream *stream = subflow->own;

		if (stream && (stream->ways[0].cut || stream->ways[1].cut))
			return true;
	}
	return false;
}

/* Data that was acknowledged, and that no captured subflow carried. */
static void end_data(struct mptcp_check *check, struct mptcp_story_connection *connection,
	enum mptcp_role role)
{
	struct mptcp_check_connection *whole = connection->own;
	const struct mptcp_check_data *data = &whole->data[role];
	const struct mptcp_check_beyond *beyond = &data->beyond;
	uint64_t dack = data->dack, start = mptcp_check_key(1);
	struct mptcp_moment moment = beyond->at;
	struct mptcp_proof proof = {0};
	struct mptcp_sight sight;

	if (beyond->at.packetid && beyond->dack > data->end && !beyond->taken_back &&
		!(data->fin && beyond->dack > data->fin + 1))
		dack = beyond->dack;
	if (!connection->initial || !mptcp_check_has_syn(connection->initial) ||
		!mptcp_keys_chosen(&connection->keys, role))
		return;
	if (data->displaced && data->dsns.ranges.count)
		start = mptcp_intervals_first(&data->dsns)->start;
	if (dack <= start)
		return;
	uint64_t bytes = dack - start - mptcp_intervals_overlap(&data->dsns, start, dack);

	if (bytes <= data->unmapped || lacks_options(connection))
		return;
	bool elsewhere = whole->whole;

	whole->whole = false;
	if (!elsewhere || !whole->both)
		return;
	if (!moment.packetid)
		moment = connection->initial->syn.first;
	moment.mptcpdest = mptcp_role_peer(role);
	mptcp_check_recall(&sight, check, connection->initial, &moment);
	snprintf(proof.got, sizeof(proof.got), "%llu", (unsigned long long)bytes);
	if (!check->failed)
		MPTCP_CHECK_PUT(&sight, hyg_interface, &proof);
}

/* Joins alone were captured, and at least one was answered: so there is a connection. */
static void end_initial(struct mptcp_check *check, struct mptcp_story_connection *connection)
{
	struct mptcp_story_subflow *subflow = connection->subflows, *join = NULL;
	struct mptcp_sight sight;

	for (; subflow; subflow = subflow->next) {
		if (subflow->kind != MPTCP_KIND_JOIN)
			return;
		if (!join && subflow->established && subflow->own)
			join = subflow;
	}
	if (!join)
		return;
	mptcp_check_recall(&sight, check, join, &join->syn.first);
	if (!check->failed)
		MPTCP_CHECK_PUT(&sight, hyg_interface, NULL);
}

static void end_open(struct mptcp_check *check, struct mptcp_story_connection *connection)
{
	struct mptcp_sight sight;
	struct mptcp_moment moment = {.packetid = check->seen.packetid,
		.abstime = check->seen.last,
		.reltime = check->seen.reltime};

	if (mptcp_story_connection_state(connection) != MPTCP_STATE_OPEN || !connection->subflows)
		return;
	mptcp_check_recall(&sight, check, connection->subflows, &moment);
	if (!check->failed)
		MPTCP_CHECK_PUT(&sight, hyg_end_open, NULL);
}

void mptcp_check_end_hygiene(struct mptcp_check *check, struct mptcp_story_connection *connection)
{
	struct mptcp_check_connection *whole = connection->own;

	whole->whole = whole->both = true;
	for (struct mptcp_story_subflow *subflow = connection->subflows; subflow && !check->failed;
		subflow = subflow->next)
		if (subflow->own)
			end_subflow(check, subflow);
	end_data(check, connection, MPTCP_CLIENT);
	end_data(check, connection, MPTCP_SERVER);
	end_initial(check, connection);
	end_open(check, connection);
}

void mptcp_check_end_capture(struct mptcp_check *check)
{
	const struct mptcp_check_run *copies = &check->seen.copies;
	struct mptcp_sight sight = {.check = check, .moment = copies->first};
	struct mptcp_proof proof = {.run = copies};

	snprintf(proof.got, sizeof(proof.got), "%llu", (unsigned long long)copies->count);
	if (copies->count)
		MPTCP_CHECK_PUT(&sight, hyg_duplicate, &proof);
}

/* The last packet, of whatever stream. */
static struct mptcp_sight last_packet(struct mptcp_check *check)
{
	return (struct mptcp_sight){.check = check,
		.moment = {.packetid = check->seen.packetid,
			.abstime = check->seen.last,
			.reltime = check->seen.reltime}};
}

void mptcp_check_cut(struct mptcp_check *check)
{
	struct mptcp_sight sight = last_packet(check);

	MPTCP_CHECK_PUT(&sight, hyg_cut, NULL);
}

void mptcp_check_lost(struct mptcp_check *check, uint64_t packets)
{
	struct mptcp_sight sight = last_packet(check);
	struct mptcp_proof proof = {0};

	snprintf(proof.got, sizeof(proof.got), "%llu", (unsigned long long)packets);
	if (packets)
		MPTCP_CHECK_PUT(&sight, hyg_drop, &proof);
}
