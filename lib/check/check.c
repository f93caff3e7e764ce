/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check.h"

/* what uthash does where an allocation failed */
#define uthash_nonfatal_oom(element) (check->failed = true)
#include "check_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void free_stream(void *own)
{
	struct mptcp_check_stream *stream = own;

	for (int i = 0; i < 2; i++) {
		mptcp_intervals_clear(&stream->ways[i].sent);
		mptcp_ordered_clear(&stream->ways[i].maps);
	}
	free(stream);
}

static void free_connection(void *own)
{
	struct mptcp_check_connection *whole = own;

	for (int i = 0; i < 2; i++) {
		mptcp_intervals_clear(&whole->data[i].dsns);
		mptcp_ordered_clear(&whole->data[i].copies);
	}
	free(whole->addresses);
	free(whole);
}

void mptcp_check_clear(struct mptcp_check *check)
{
	HASH_CLEAR(hh, check->by_key);
	for (struct mptcp_check_row *row = check->rows, *next; row; row = next) {
		next = row->next;
		free(row);
	}
	free(check->list);
	mptcp_intervals_clear(&check->same);
	mptcp_intervals_clear(&check->changed);
	mptcp_story_clear(&check->story);
	*check = (struct mptcp_check){0};
}

struct mptcp_proof mptcp_proof_words(const char *expected, const char *got)
{
	struct mptcp_proof proof = {0};

	snprintf(proof.expected, sizeof(proof.expected), "%s", expected);
	snprintf(proof.got, sizeof(proof.got), "%s", got);
	return proof;
}

struct mptcp_proof mptcp_proof_numbers(uint64_t expected, uint64_t got)
{
	struct mptcp_proof proof = {0};

	snprintf(proof.expected, sizeof(proof.expected), "%" PRId64, (int64_t)expected);
	snprintf(proof.got, sizeof(proof.got), "%" PRId64, (int64_t)got);
	return proof;
}

struct mptcp_proof mptcp_proof_hex(uint64_t expected, uint64_t got)
{
	struct mptcp_proof proof = {0};

	snprintf(proof.expected, sizeof(proof.expected), "0x%" PRIx64, expected);
	snprintf(proof.got, sizeof(proof.got), "0x%" PRIx64, got);
	return proof;
}

static struct mptcp_finding new_finding(const struct mptcp_sight *sight, enum mptcp_finding_id id,
	const struct mptcp_proof *proof)
{
	const struct mptcp_moment *moment = proof && proof->at ? proof->at : &sight->moment;
	struct mptcp_finding finding = {
		.id = id,
		.severity = mptcp_findings[id].severity,
		.mptcpdest = moment->mptcpdest,
		.packetid = moment->packetid,
		.last_packetid = moment->packetid,
		.count = 1,
		.abstime = moment->abstime,
		.reltime = moment->reltime,
	};

	if (proof) {
		if (proof->severity)
			finding.severity = proof->severity;
		memcpy(finding.related, proof->related, sizeof(finding.related));
		memcpy(finding.expected, proof->expected, sizeof(finding.expected));
		memcpy(finding.got, proof->got, sizeof(finding.got));
	}
	if (proof && proof->run) {
		finding.count = proof->run->count;
		finding.last_packetid = proof->run->last;
	}
	if (sight->subflow) {
		finding.has_tcpstream = true;
		finding.tcpstream = sight->subflow->tcpstream;
	}
	if (sight->connection) {
		finding.has_mptcpstream = true;
		finding.mptcpstream = sight->connection->mptcpstream;
	}
	return finding;
}

/* Another one of a kind that is there already. */
static bool count(struct mptcp_check *check, const struct mptcp_check_key *key,
	const struct mptcp_finding *finding)
{
	struct mptcp_check_row *known;

	HASH_FIND(hh, check->by_key, key, sizeof(*key), known);
	if (!known)
		return false;
	struct mptcp_finding *first = &known->finding;

	first->count++;
	if (finding->packetid > first->last_packetid)
		first->last_packetid = finding->packetid;
	if (finding->packetid < first->packetid) {
		uint64_t last = first->last_packetid, times = first->count;

		*first = *finding;
		first->last_packetid = last;
		first->count = times;
	}
	return true;
}

void mptcp_check_put(const struct mptcp_sight *sight, enum mptcp_finding_id id,
	const struct mptcp_proof *proof)
{
	struct mptcp_check *check = sight->check;

	if (check->leave.has[id] || check->failed)
		return;
	struct mptcp_finding finding = new_finding(sight, id, proof);
	struct mptcp_check_key key = {
		.tcpstream = finding.has_tcpstream ? finding.tcpstream : UINT32_MAX,
		.id = id,
		.severity = finding.severity,
		.direction = finding.mptcpdest,
	};

	if (!check->all && count(check, &key, &finding))
		return;
	struct mptcp_check_row *row = calloc(1, sizeof(*row));

	if (!row) {
		check->failed = true;
		return;
	}
	row->finding = finding;
	row->subflow = sight->subflow;
	row->key = key;
	row->next = check->rows;
	check->rows = row;
	if (!check->all)
		HASH_ADD(hh, check->by_key, key, sizeof(key), row);
}

int64_t mptcp_check_rtt(const struct mptcp_story_subflow *subflow)
{
	int64_t rtt = mptcp_story_handshake_rtt(subflow);

	return rtt > 0 ? rtt : MPTCP_SECOND;
}

bool mptcp_check_is_v1(const struct mptcp_sight *sight)
{
	return sight->connection && sight->connection->has_version &&
		sight->connection->version == 1;
}

static bool recall_own(struct mptcp_sight *sight)
{
	struct mptcp_story_subflow *subflow = sight->subflow;

	if (!subflow->own)
		subflow->own = calloc(1, sizeof(struct mptcp_check_stream));
	sight->stream = subflow->own;
	sight->connection = subflow->connection;
	if (sight->connection && !sight->connection->own)
		sight->connection->own = calloc(1, sizeof(struct mptcp_check_connection));
	sight->whole = sight->connection ? sight->connection->own : NULL;
	if (!sight->stream || (sight->connection && !sight->whole))
		sight->check->failed = true;
	return !sight->check->failed;
}

/* Who sends, and what is known of both ends; `to` is the TCP role of the receiver. */
static void set_ends(struct mptcp_sight *sight, enum mptcp_role to)
{
	sight->from = mptcp_role_peer(to);
	sight->role = mptcp_story_role(sight->subflow, sight->from);
	sight->way = &sight->stream->ways[sight->from];
	sight->back = &sight->stream->ways[to];
	sight->data = sight->whole ? &sight->whole->data[sight->role] : NULL;
	sight->peer = sight->whole ? &sight->whole->data[mptcp_role_peer(sight->role)] : NULL;
}

void mptcp_check_recall(struct mptcp_sight *sight, struct mptcp_check *check,
	struct mptcp_story_subflow *subflow, const struct mptcp_moment *moment)
{
	*sight = (struct mptcp_sight){.check = check, .subflow = subflow, .moment = *moment};
	if (recall_own(sight))
		set_ends(sight, mptcp_check_end_of(subflow, moment->mptcpdest));
}

int64_t mptcp_check_last(const struct mptcp_story_connection *connection, enum mptcp_role role)
{
	int64_t last = 0;

	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next) {
		const struct mptcp_check_stream *stream = subflow->own;
		enum mptcp_role end = mptcp_check_end_of(subflow, role);

		if (stream && stream->ways[end].last > last)
			last = stream->ways[end].last;
	}
	return last;
}

static void look(const struct mptcp_sight *sight)
{
	mptcp_check_hygiene(sight);
	if (sight->signals || sight->packet->tcpflags & (MPTCP_SYN | MPTCP_RST))
		mptcp_check_options(sight);
	if (sight->packet->tcpflags & MPTCP_SYN || sight->subtypes & MPTCP_CHECK_BIT(MP_CAPABLE))
		mptcp_check_handshake(sight);
	mptcp_check_joins(sight);
	if (!sight->connection)
		return;
	if (sight->signals)
		mptcp_check_addresses(sight);
	mptcp_check_acks(sight);
	mptcp_check_mappings(sight);
	mptcp_check_data_fin(sight);
	mptcp_check_ends(sight);
	mptcp_check_bare(sight);
	if (sight->check->payload)
		mptcp_check_payload(sight);
}

static void set_numbers(struct mptcp_sight *sight)
{
	const struct mptcp_packet *packet = sight->packet;
	struct mptcp_check_way *way = sight->way;

	if (!way->packets)
		way->reference = MPTCP_SEQUENCE_ORIGIN;
	sight->position = mptcp_sequence_extend(way->reference, packet->tcpseq);
	sight->acked = sight->back->acked;
	sight->is_new = packet->tcplen &&
		!(mptcp_packet_has(packet, MPTCP_COLUMN_retransmission) &&
			packet->retransmission) &&
		!mptcp_packet_has(packet, MPTCP_COLUMN_reinjection_of);
}

/* A packet that may show something. */
static void examine(struct mptcp_check *check, const struct mptcp_packet *packet,
	struct mptcp_story_subflow *subflow)
{
	struct mptcp_sight sight = {.check = check,
		.packet = packet,
		.subflow = subflow,
		.subtypes = mptcp_packet_subtypes(packet),
		.moment = mptcp_moment_of(packet)};
	struct mptcp_signals signals;

	check->turn++;
	if (!recall_own(&sight))
		return;
	set_ends(&sight, packet->tcpdest);
	if (!sight.connection)
		sight.moment.mptcpdest = packet->tcpdest;
	if (mptcp_signals_read(&signals, packet))
		sight.signals = &signals;
	set_numbers(&sight);
	look(&sight);
}

int mptcp_check_add(struct mptcp_check *check, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_story_subflow *subflow;

	check->story.with_tcp = true;
	check->story.roster.free_subflow_own = free_stream;
	check->story.roster.free_connection_own = free_connection;
	mptcp_check_capture(check, packet);
	if (mptcp_story_add(&check->story, packet, &subflow, error))
		return -1;
	check->mptcp_packets +=
		mptcp_packet_subtypes(packet) || mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream);
	if (subflow && (check->payload || !mptcp_check_plain(check, packet, subflow)))
		examine(check, packet, subflow);
	if (check->story.events.count)
		mptcp_check_events(check);
	return check->failed ? mptcp_error_memory(error) : 0;
}

int mptcp_check_end(struct mptcp_check *check, struct mptcp_error *error)
{
	struct mptcp_roster *roster = &check->story.roster;

	if (mptcp_story_end(&check->story, error))
		return -1;
	mptcp_check_events(check);
	for (size_t i = 0; i < roster->connection_count; i++) {
		struct mptcp_story_connection *connection = roster->connections[i];

		if (!connection->own)
			continue;
		mptcp_check_end_hygiene(check, connection);
		mptcp_check_end_fins(check, connection);
		mptcp_check_end_addresses(check, connection);
		mptcp_check_end_data(check, connection);
		mptcp_check_end_acks(check, connection);
		mptcp_check_end_ends(check, connection);
	}
	mptcp_check_end_keys(check);
	mptcp_check_end_capture(check);
	if (check->failed || mptcp_check_verdict(check))
		return mptcp_error_memory(error);
	return 0;
}
