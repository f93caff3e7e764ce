/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The roster: connections and TCP connections by number, and the states of the latter. */
#include "story_scenario.h"
#include "packet_builder.h"

#include <stdlib.h>

static void a_tcp_connection_has_its_ends_whoever_is_seen_first(void **state)
{
	struct mptcp_packet packet = build_tcp(5, MPTCP_CLIENT, MPTCP_ACK, 0, 0);

	(void)state;
	assert_non_null(mptcp_roster_place(&story.roster, &packet));
	assert_int_equal(subflow(5)->ends[MPTCP_CLIENT].host.port, 40005);
	assert_int_equal(subflow(5)->ends[MPTCP_SERVER].host.port, 443);
	assert_int_equal(subflow(5)->ends[MPTCP_SERVER].host.address.bytes[3], 2);
	assert_null(mptcp_roster_subflow(&story.roster, 4));
	assert_null(mptcp_roster_connection(&story.roster, 0));
}

static void it_belongs_to_a_connection_from_the_packet_on_that_says_so(void **state)
{
	struct mptcp_packet packet = build_tcp(UINT32_MAX, MPTCP_SERVER, MPTCP_ACK, 0, 0);
	struct mptcp_story_subflow *first;

	(void)state;
	first = mptcp_roster_place(&story.roster, &packet);
	assert_null(first->connection);
	packet.present |= MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest);
	packet.mptcpstream = UINT32_MAX - 1; /* any number is possible */
	packet.mptcpdest = MPTCP_CLIENT;
	assert_ptr_equal(mptcp_roster_place(&story.roster, &packet), first);
	assert_ptr_equal(first->connection, connection(UINT32_MAX - 1));
	assert_ptr_equal(first->connection->subflows, first);
	/* the packet to the TCP server goes to the MPTCP client: the server opened it */
	assert_int_equal(first->client_role, MPTCP_SERVER);
	assert_int_equal(mptcp_story_role(first, MPTCP_SERVER), MPTCP_CLIENT);
	assert_int_equal(first->connection->ends[MPTCP_CLIENT].port, 443);
}

static void many_are_kept_apart_in_order_of_appearance(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		struct mptcp_packet packet = build_tcp(i * 7919, MPTCP_SERVER, MPTCP_SYN, 0, 0);

		assert_non_null(mptcp_roster_place(&story.roster, &packet));
	}
	assert_int_equal(story.roster.subflow_count, 300);
	for (uint32_t i = 0; i < 300; i++) {
		assert_int_equal(story.roster.subflows[i]->tcpstream, i * 7919);
		assert_ptr_equal(subflow(i * 7919), story.roster.subflows[i]);
	}
}

static void a_packet_without_a_stream_is_nowhere(void **state)
{
	struct mptcp_packet packet = build_tcp(0, MPTCP_SERVER, MPTCP_ACK, 0, 0);
	struct mptcp_story_subflow *where = NULL;
	struct mptcp_error error;

	(void)state;
	story.with_tcp = true;
	packet.present &= ~MPTCP_HAS(tcpstream);
	assert_int_equal(mptcp_story_add(&story, &packet, &where, &error), 0);
	assert_null(where);
	assert_int_equal(story.roster.subflow_count, 0);
}

static void regular_tcp_is_there_for_who_asks_for_it(void **state)
{
	struct mptcp_packet packet = build_tcp(0, MPTCP_SERVER, MPTCP_ACK, 0, 0);
	struct mptcp_story_subflow *where = NULL;
	struct mptcp_error error;

	(void)state;
	assert_int_equal(mptcp_story_add(&story, &packet, &where, &error), 0);
	assert_null(where);
	story.with_tcp = true;
	assert_int_equal(mptcp_story_add(&story, &packet, &where, &error), 0);
	assert_ptr_equal(where, subflow(0));
}

static void sorted_it_is_by_connection_then_by_stream(void **state)
{
	static const struct path path_c = {3, {40002, 443}, {5000000, 6000000}};
	static const uint32_t order[] = {1, 2, 0};

	(void)state;
	story.with_tcp = true;
	segment(&path_c, OPENER, MPTCP_ACK, 1, 1, 100);
	open_v1(&path_a);
	join(&path_b, SERVER_TOKEN_V1);
	fourth_ack(&path_b);
	tell();
	const struct mptcp_story_subflow **sorted = mptcp_roster_sorted(&story.roster);

	assert_non_null(sorted);
	assert_int_equal(story.roster.subflow_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(sorted[i]->tcpstream, order[i]);
	assert_null(sorted[2]->connection); /* regular TCP comes last */
	free(sorted);
}

static void assert_tcp(const char *status)
{
	mptcp_story_clear(&story);
	story.with_tcp = true;
	tell();
	assert_string_equal(mptcp_state_name(mptcp_story_tcp_state(subflow(0))), status);
}

static void the_state_of_tcp_follows_from_syn_fin_and_rst(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	assert_tcp("opening");
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	assert_tcp("opening");
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	assert_tcp("open");
	segment(&path_a, OPENER, MPTCP_FIN | MPTCP_ACK, 1, 1, 0);
	assert_tcp("open");
	segment(&path_a, LISTENER, MPTCP_FIN | MPTCP_ACK, 1, 2, 0);
	assert_tcp("closed");
	segment(&path_a, LISTENER, MPTCP_RST, 2, 0, 0);
	assert_tcp("closed"); /* no second end */
}

static void a_reset_ends_it_and_a_refusal_fails_it(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 1, 0);
	assert_tcp("failed");
	frames[1].flags = MPTCP_SYN | MPTCP_ACK;
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 10);
	segment(&path_a, LISTENER, MPTCP_RST, 1, 0, 0);
	assert_tcp("reset");
}

static void a_reset_of_what_began_before_the_capture_is_one(void **state)
{
	(void)state;
	segment(&path_a, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 1, 0);
	assert_tcp("reset");
}

static void a_syn_without_an_answer_fails_it(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	wait_ms(1000);
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	assert_tcp("failed");
}

static void states_and_kinds_have_names(void **state)
{
	(void)state;
	assert_string_equal(mptcp_state_name(MPTCP_STATE_OPEN), "open");
	assert_string_equal(mptcp_state_name(MPTCP_STATE_PARTIAL), "partial");
	assert_string_equal(mptcp_state_name(MPTCP_STATE_OPENING), "opening");
	assert_string_equal(mptcp_kind_name(MPTCP_KIND_UNKNOWN), "");
	assert_string_equal(mptcp_kind_name(MPTCP_KIND_JOIN), "join");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(a_tcp_connection_has_its_ends_whoever_is_seen_first),
		TOLD(it_belongs_to_a_connection_from_the_packet_on_that_says_so),
		TOLD(many_are_kept_apart_in_order_of_appearance),
		TOLD(a_packet_without_a_stream_is_nowhere),
		TOLD(regular_tcp_is_there_for_who_asks_for_it),
		TOLD(sorted_it_is_by_connection_then_by_stream),
		TOLD(the_state_of_tcp_follows_from_syn_fin_and_rst),
		TOLD(a_reset_ends_it_and_a_refusal_fails_it),
		TOLD(a_reset_of_what_began_before_the_capture_is_one),
		TOLD(a_syn_without_an_answer_fails_it),
		TOLD(states_and_kinds_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
