/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story_scenario: the frames of scenario.h, and their story.
 *
 * tell() plays the frames and adds the packets to `story`; the capture ends and the events are in
 * order of packets. A frame is named by its number in rows, as segment() returns it. Whatever is
 * told, the states and the events have to agree, and the story has to be the same without events:
 * tell() checks that too.
 */
#ifndef STORY_SCENARIO_H
#define STORY_SCENARIO_H

#include "scenario.h"
#include "story.h"

static struct mptcp_story story;

static inline int empty_story(void **state)
{
	story = (struct mptcp_story){0};
	return begin_scenario(state);
}

static inline int clear_story(void **state)
{
	(void)state;
	mptcp_story_clear(&story);
	return 0;
}

#define TOLD(test) cmocka_unit_test_setup_teardown(test, empty_story, clear_story)

static inline void add_rows(struct mptcp_story *to)
{
	struct mptcp_error error;

	for (size_t i = 0; i < frame_count; i++)
		assert_int_equal(mptcp_story_add(to, &rows[i].packet, NULL, &error), 0);
}

static inline struct mptcp_story_connection *connection(uint32_t mptcpstream)
{
	struct mptcp_story_connection *found = mptcp_roster_connection(&story.roster, mptcpstream);

	assert_non_null(found);
	return found;
}

static inline struct mptcp_story_subflow *subflow(uint32_t tcpstream)
{
	struct mptcp_story_subflow *found = mptcp_roster_subflow(&story.roster, tcpstream);

	assert_non_null(found);
	return found;
}

/* How many events of a kind there are of a TCP connection, or (UINT32_MAX) of all. */
static inline size_t count_events(enum mptcp_event_kind kind, uint32_t tcpstream)
{
	size_t count = 0;

	for (size_t i = 0; i < story.events.count; i++)
		count += story.events.list[i].kind == kind &&
			(tcpstream == UINT32_MAX || story.events.list[i].tcpstream == tcpstream);
	return count;
}

static inline size_t count_all(enum mptcp_event_kind kind)
{
	return count_events(kind, UINT32_MAX);
}

/* States say what events say. */
static inline void assert_agreement(void)
{
	size_t fallbacks = 0, connect_failed = 0;

	for (size_t i = 0; i < story.roster.connection_count; i++) {
		const struct mptcp_story_connection *one = story.roster.connections[i];
		enum mptcp_state state = mptcp_story_connection_state(one);

		fallbacks += state == MPTCP_STATE_FALLBACK;
		connect_failed += state == MPTCP_STATE_FAILED;
	}
	assert_int_equal(count_all(MPTCP_EVENT_FALLBACK), fallbacks);
	assert_int_equal(count_all(MPTCP_EVENT_CONNECT_FAILED), connect_failed);
	for (size_t i = 0; i < story.roster.subflow_count; i++) {
		const struct mptcp_story_subflow *one = story.roster.subflows[i];
		bool failed = mptcp_story_subflow_state(one) == MPTCP_STATE_FAILED;
		bool joins = one->kind == MPTCP_KIND_JOIN;

		assert_int_equal(count_events(MPTCP_EVENT_JOIN_FAILED, one->tcpstream),
			failed && joins && !one->established);
		assert_int_equal(count_events(MPTCP_EVENT_SUBFLOW_FAILED, one->tcpstream),
			failed && one->established);
	}
}

/* The same story without events. */
static inline void assert_same_without_events(void)
{
	struct mptcp_story silent = {.without_events = true, .with_tcp = story.with_tcp};
	struct mptcp_error error;

	add_rows(&silent);
	assert_int_equal(mptcp_story_end(&silent, &error), 0);
	assert_int_equal(silent.events.count, 0);
	assert_int_equal(silent.roster.connection_count, story.roster.connection_count);
	assert_int_equal(silent.roster.subflow_count, story.roster.subflow_count);
	for (size_t i = 0; i < story.roster.connection_count; i++)
		assert_int_equal(mptcp_story_connection_state(silent.roster.connections[i]),
			mptcp_story_connection_state(story.roster.connections[i]));
	for (size_t i = 0; i < story.roster.subflow_count; i++)
		assert_int_equal(mptcp_story_subflow_state(silent.roster.subflows[i]),
			mptcp_story_subflow_state(story.roster.subflows[i]));
	mptcp_story_clear(&silent);
}

static inline void tell(void)
{
	struct mptcp_error error;

	play();
	add_rows(&story);
	assert_int_equal(mptcp_story_end(&story, &error), 0);
	assert_int_equal(mptcp_events_sort(&story.events), 0);
	assert_agreement();
	assert_same_without_events();
}

/* The only event of a kind; NULL if there is none. */
static inline const struct mptcp_event *only(enum mptcp_event_kind kind)
{
	const struct mptcp_event *found = NULL;

	assert_in_range(count_all(kind), 0, 1);
	for (size_t i = 0; i < story.events.count; i++)
		if (story.events.list[i].kind == kind)
			found = &story.events.list[i];
	return found;
}

/* There is one event of the kind, at that frame, with that reason. */
static inline void assert_event(enum mptcp_event_kind kind, size_t at, const char *reason)
{
	assert_int_equal(count_all(kind), 1);
	assert_int_equal(only(kind)->moment.packetid, at + 1);
	assert_string_equal(only(kind)->reason, reason);
}

static inline void assert_no_event(enum mptcp_event_kind kind)
{
	assert_int_equal(count_all(kind), 0);
}

/* The same of what goes wrong: there is no other failure. */
static inline void assert_failure(enum mptcp_event_kind kind, size_t at, const char *reason)
{
	for (enum mptcp_event_kind other = MPTCP_EVENT_FALLBACK;
		other <= MPTCP_EVENT_SUBFLOW_FAILED; other++)
		if (other != kind)
			assert_no_event(other);
	assert_event(kind, at, reason);
}

static inline void assert_no_failure(void)
{
	for (enum mptcp_event_kind kind = MPTCP_EVENT_FALLBACK; kind <= MPTCP_EVENT_SUBFLOW_FAILED;
		kind++)
		assert_no_event(kind);
}

static inline void assert_connection(uint32_t mptcpstream, const char *status)
{
	assert_string_equal(mptcp_state_name(mptcp_story_connection_state(connection(mptcpstream))),
		status);
}

static inline void assert_subflow(uint32_t tcpstream, const char *status, bool established)
{
	assert_string_equal(mptcp_state_name(mptcp_story_subflow_state(subflow(tcpstream))),
		status);
	assert_int_equal(subflow(tcpstream)->established, established);
}

/* The story of a connection that fell back, and of one that is open and did not. */
static inline void assert_fallback(size_t at, const char *reason)
{
	tell();
	assert_failure(MPTCP_EVENT_FALLBACK, at, reason);
	assert_connection(0, "fallback");
}

static inline void assert_no_fallback(void)
{
	tell();
	assert_no_failure();
	assert_connection(0, "open");
	assert_subflow(0, "open", true);
}

/* The name under which the kernel of the host concerned has the only event of a kind. */
static inline void assert_kernel(enum mptcp_event_kind kind, const char *name)
{
	assert_non_null(only(kind));
	assert_string_equal(mptcp_kernel_event_name(only(kind)->kernel), name);
}

/* An ACK without payload that has a DATA_ACK. */
static inline size_t acknowledge(const struct path *path, unsigned from, uint32_t sequence,
	uint32_t acknowledgement, uint64_t data)
{
	size_t at = segment(path, from, MPTCP_ACK, sequence, acknowledgement, 0);

	data_ack(data, 8);
	return at;
}

/* Without an MPTCP option. */
static inline size_t bare(const struct path *path, unsigned from, uint32_t sequence,
	uint32_t acknowledgement, uint32_t length)
{
	return segment(path, from, MPTCP_ACK, sequence, acknowledgement, length);
}

/* DATA_FIN without data, of the number `dsn`. */
static inline size_t data_fin(const struct path *path, unsigned from, uint32_t sequence,
	uint32_t acknowledgement, uint64_t dsn)
{
	size_t at = segment(path, from, MPTCP_ACK, sequence, acknowledgement, 0);

	put_dss(last_frame(), (struct dss){.dsn_size = 8, .dsn = dsn, .length = 1, .data_fin = 1});
	return at;
}

/* The SYN of a join, by the client unless the token is the client's. */
static inline size_t begin_join(const struct path *path, uint32_t token)
{
	size_t at = segment(path, OPENER, MPTCP_SYN, 0, 0, 0);

	join_syn(3, token);
	return at;
}

static inline size_t answer_join(const struct path *path)
{
	size_t at = segment(path, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);

	join_synack(5);
	return at;
}

static inline size_t third_ack(const struct path *path)
{
	size_t at = segment(path, OPENER, MPTCP_ACK, 1, 1, 0);

	join_ack();
	return at;
}

static inline size_t fourth_ack(const struct path *path)
{
	return acknowledge(path, LISTENER, 1, 1, CLIENT_IDSN_V1 + 1);
}

/* A connection that has carried 100 bytes each way: six frames. */
static inline void open_and_talk(void)
{
	open_v1(&path_a);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	data(&path_a, LISTENER, 1, 100, SERVER_IDSN_V1 + 1);
	frames[frame_count - 1].acknowledgement = path_a.isn[OPENER] + 101;
	acknowledge(&path_a, OPENER, 101, 101, SERVER_IDSN_V1 + 101);
}

/* The same with a second subflow: ten frames. */
static inline void open_two(void)
{
	open_and_talk();
	join(&path_b, SERVER_TOKEN_V1);
	fourth_ack(&path_b);
}

#endif
