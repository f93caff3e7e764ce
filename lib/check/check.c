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

bool mptcp_check_has_syn(const struct mptcp_story_subflow *subflow)
{
	return subflow->syn.count && !subflow->syn.unknown &&
		(subflow->synack.count ? !subflow->synack.unknown : !subflow->talked);
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

static void begin(struct mptcp_check *check)
{
	check->begun = true;
	check->story.with_tcp = true;
	check->story.roster.free_subflow_own = free_stream;
	check->story.roster.free_connection_own = free_connection;
}

/* Any packet, of whatever stream. */
static inline void see_capture(struct mptcp_check *check, const struct mptcp_packet *packet)
{
	struct mptcp_check_seen *seen = &check->seen;

	if (packet->abstime < seen->last || packet->interface_id != seen->interface_id ||
		mptcp_packet_has(packet, MPTCP_COLUMN_duplicate_of))
		mptcp_check_unordered(check, packet);
	seen->last = packet->abstime;
	seen->packetid = packet->packetid;
	seen->reltime = packet->reltime;
}

int mptcp_check_add(struct mptcp_check *check, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_story_subflow *subflow;

	if (!check->begun)
		begin(check);
	see_capture(check, packet);
	if (mptcp_story_add(&check->story, packet, &subflow, error))
		return -1;
	if (subflow &&
		(!check->story.plain || check->payload ||
			!mptcp_check_plain(check, packet, subflow)))
		mptcp_check_examine(check, packet, subflow);
	if (check->story.events.count)
		mptcp_check_events(check);
	return check->failed ? mptcp_error_memory(error) : 0;
}

static bool lacks_key(const struct mptcp_story_connection *connection)
{
	return !mptcp_keys_chosen(&connection->keys, MPTCP_CLIENT) ||
		!mptcp_keys_chosen(&connection->keys, MPTCP_SERVER);
}

/* Judges all connections, or those that are over. */
static int judge(struct mptcp_check *check, bool over, struct mptcp_error *error)
{
	struct mptcp_roster *roster = &check->story.roster;

	mptcp_check_events(check);
	for (size_t i = 0; i < roster->connection_count; i++) {
		struct mptcp_story_connection *connection = roster->connections[i];

		if (!connection->own || (over && !connection->over))
			continue;
		mptcp_check_end_hygiene(check, connection);
		mptcp_check_end_fins(check, connection);
		mptcp_check_end_addresses(check, connection);
		mptcp_check_end_data(check, connection);
		mptcp_check_end_acks(check, connection);
		mptcp_check_end_ends(check, connection);
	}
	mptcp_check_end_keys(check, over);
	if (!over)
		mptcp_check_end_capture(check);
	if (check->failed || mptcp_check_verdict(check, over))
		return mptcp_error_memory(error);
	return 0;
}

int mptcp_check_end(struct mptcp_check *check, struct mptcp_error *error)
{
	return mptcp_story_end(&check->story, error) ? -1 : judge(check, false, error);
}

static int release(struct mptcp_check *check, struct mptcp_error *error)
{
	const struct mptcp_roster *roster = &check->story.roster;
	bool any;

	check->due = check->story.now + MPTCP_SECOND;
	check->waited = 0;
	if (mptcp_story_find_over(&check->story, &any, error))
		return -1;
	if (!any)
		return 0;
	if (judge(check, true, error))
		return -1;
	for (size_t i = 0; i < roster->connection_count; i++)
		check->older |= roster->connections[i]->over && lacks_key(roster->connections[i]);
	return mptcp_story_forget_over(&check->story, error);
}

int mptcp_check_settle(struct mptcp_check *check, struct mptcp_error *error)
{
	/* so that all is not gone through more often than packets come */
	if (++check->waited < check->story.roster.subflow_count || check->story.now < check->due)
		return 0;
	return release(check, error);
}

int mptcp_check_pass(struct mptcp_check *check, int64_t time, struct mptcp_error *error)
{
	if (!check->begun)
		return 0;
	return mptcp_story_pass(&check->story, time, error) ? -1 : release(check, error);
}
