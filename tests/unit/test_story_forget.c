/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp_story_forget: what ended long ago goes, with what others hung on it; what is going on stays
 * as it is. */
#include "packet_builder.h"
#include "story_scenario.h"

#include <stdlib.h>

static size_t freed;

static void free_own(void *own)
{
	freed++;
	free(own);
}

/* Every connection is a copy of one: it opens, carries 100 bytes each way, and closes; the last row
 * is the SYN of a join. */
static size_t open_rows, all_rows;

static int play_one(void **state)
{
	empty_story(state);
	freed = 0;
	open_and_talk();
	open_rows = frame_count;
	data_fin(&path_a, OPENER, 101, 101, CLIENT_IDSN_V1 + 101);
	data_fin(&path_a, LISTENER, 101, 101, SERVER_IDSN_V1 + 101);
	acknowledge(&path_a, OPENER, 101, 101, SERVER_IDSN_V1 + 102);
	acknowledge(&path_a, LISTENER, 101, 101, CLIENT_IDSN_V1 + 102);
	all_rows = frame_count;
	begin_join(&path_b, SERVER_TOKEN_V1);
	play();
	return 0;
}

/* One packet of the connection `number`, at a second. */
static void add(size_t row, uint32_t number, int64_t second)
{
	struct mptcp_packet packet = rows[row].packet;
	struct mptcp_story_subflow *where;
	struct mptcp_error error;

	packet.mptcpstream = number;
	packet.tcpstream = row == all_rows ? number + 1000 : number; /* the join */
	packet.abstime = second * MPTCP_SECOND;
	story.roster.free_connection_own = story.roster.free_subflow_own = free_own;
	assert_int_equal(mptcp_story_add(&story, &packet, &where, &error), 0);
	if (!where->own)
		where->own = malloc(1);
	if (!where->connection->own)
		where->connection->own = malloc(1);
}

static void add_rows_of(uint32_t number, int64_t second, size_t from, size_t to)
{
	for (size_t row = from; row < to; row++)
		add(row, number, second);
}

static void begin(uint32_t number, int64_t second)
{
	add_rows_of(number, second, 0, open_rows);
}

static void end(uint32_t number, int64_t second)
{
	add_rows_of(number, second, open_rows, all_rows);
}

static void forget(void)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_story_forget(&story, &error), 0);
}

static void a_closed_connection_goes_after_a_minute_with_its_subflow(void **state)
{
	(void)state;
	begin(0, 0);
	end(0, 0);
	begin(1, 0);
	add(open_rows - 1, 1, 60);
	forget();
	assert_int_equal(story.roster.connection_count, 2);
	assert_int_equal(freed, 0);
	add(open_rows - 1, 1, 61);
	forget();
	assert_int_equal(story.roster.connection_count, 1);
	assert_int_equal(story.roster.subflow_count, 1);
	assert_null(mptcp_roster_connection(&story.roster, 0));
	assert_null(mptcp_roster_subflow(&story.roster, 0));
	assert_int_equal(freed, 2);
	assert_connection(1, "open");
	assert_subflow(1, "open", true);
	assert_ptr_equal(connection(1)->subflows, subflow(1));
}

static void a_silent_one_goes_after_an_hour(void **state)
{
	(void)state;
	begin(0, 0);
	begin(1, 3600);
	forget();
	assert_int_equal(story.roster.connection_count, 2);
	add(open_rows - 1, 1, 3601);
	forget();
	assert_int_equal(story.roster.connection_count, 1);
	assert_int_equal(story.roster.connections[0]->mptcpstream, 1);
}

static void what_comes_after_all_begins_anew(void **state)
{
	(void)state;
	begin(0, 0);
	end(0, 0);
	begin(1, 100);
	forget();
	add(3, 0, 101);
	assert_int_equal(story.roster.connection_count, 2);
	assert_connection(0, "partial");
}

static void one_that_failed_goes_after_a_minute(void **state)
{
	(void)state;
	add(0, 0, 0);
	begin(1, 80);
	assert_connection(0, "failed");
	forget();
	assert_int_equal(story.roster.connection_count, 1);
	assert_int_equal(freed, 2);
}

/* Something to settle is settled before it is forgotten. */
static void a_join_that_nobody_answered_is_told_all_the_same(void **state)
{
	(void)state;
	begin(0, 0);
	end(0, 0);
	add(all_rows, 0, 0);
	add(all_rows, 0, 1);
	begin(1, 62); /* settled it would be after 70 s */
	assert_no_event(MPTCP_EVENT_JOIN_FAILED);
	forget();
	assert_int_equal(story.roster.connection_count, 1);
	assert_int_equal(count_all(MPTCP_EVENT_JOIN_FAILED), 1);
}

/* The last packet's subflow is remembered: not after it is gone. */
static void the_newest_subflow_may_be_forgotten(void **state)
{
	(void)state;
	begin(0, 0);
	end(0, 0);
	begin(1, 0);
	story.now = 100 * MPTCP_SECOND;
	add(all_rows - 1, 0, 30);
	forget();
	assert_null(mptcp_roster_connection(&story.roster, 0));
	add(all_rows - 1, 0, 101);
	assert_connection(0, "partial");
}

static void a_story_keeps_its_size_however_many_connections_come(void **state)
{
	(void)state;
	for (uint32_t number = 0; number < 20000; number++) {
		begin(number, number);
		end(number, number);
		if (number % 10 == 0)
			forget();
		story.events.count = 0; /* taken out */
	}
	assert_in_range(story.roster.connection_count, 60, 72);
	assert_in_range(story.roster.connection_capacity, 60, 256);
	assert_in_range(story.roster.subflow_capacity, 60, 256);
	assert_in_range(story.waiting_capacity, 0, 256);
	assert_in_range(story.events.capacity, 0, 256);
}

static void an_empty_story(void **state)
{
	(void)state;
	forget();
	assert_int_equal(story.roster.connection_count, 0);
}

/* A packet of a TCP connection without MPTCP, at a second. */
static void add_tcp(uint32_t stream, enum mptcp_role to, unsigned flags, int64_t second)
{
	struct mptcp_packet packet = build_tcp(stream, to, flags, flags & MPTCP_SYN ? 0 : 1, 0);
	struct mptcp_story_subflow *where;
	struct mptcp_error error;

	packet.present |= MPTCP_HAS(packetid) | (flags & MPTCP_ACK ? MPTCP_HAS(tcpack) : 0);
	packet.packetid = (uint64_t)second + 1;
	packet.tcpack = 1;
	packet.abstime = second * MPTCP_SECOND;
	story.roster.free_subflow_own = free_own;
	assert_int_equal(mptcp_story_add(&story, &packet, &where, &error), 0);
	if (!where->own)
		where->own = malloc(1);
}

static void tcp_without_mptcp_goes_when_it_ended_or_is_silent(void **state)
{
	(void)state;
	mptcp_story_clear(&story);
	story.with_tcp = true;
	add_tcp(7, MPTCP_SERVER, MPTCP_SYN, 0);
	add_tcp(7, MPTCP_CLIENT, MPTCP_RST | MPTCP_ACK, 0);
	add_tcp(8, MPTCP_SERVER, MPTCP_ACK, 0);
	add_tcp(9, MPTCP_SERVER, MPTCP_ACK, 60);
	forget();
	assert_int_equal(story.roster.subflow_count, 3);
	add_tcp(9, MPTCP_SERVER, MPTCP_ACK, 61);
	forget();
	assert_int_equal(freed, 1);
	assert_null(mptcp_roster_subflow(&story.roster, 7));
	assert_non_null(mptcp_roster_subflow(&story.roster, 8));
	add_tcp(9, MPTCP_SERVER, MPTCP_ACK, 3601);
	forget();
	assert_int_equal(freed, 2);
	assert_int_equal(story.roster.subflow_count, 1);
	assert_non_null(mptcp_roster_subflow(&story.roster, 9));
}

#define FORGETS(test) cmocka_unit_test_setup_teardown(test, play_one, clear_story)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FORGETS(a_closed_connection_goes_after_a_minute_with_its_subflow),
		FORGETS(a_silent_one_goes_after_an_hour),
		FORGETS(what_comes_after_all_begins_anew),
		FORGETS(one_that_failed_goes_after_a_minute),
		FORGETS(a_join_that_nobody_answered_is_told_all_the_same),
		FORGETS(the_newest_subflow_may_be_forgotten),
		FORGETS(a_story_keeps_its_size_however_many_connections_come),
		FORGETS(tcp_without_mptcp_goes_when_it_ended_or_is_silent),
		FORGETS(an_empty_story),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
