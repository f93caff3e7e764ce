/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How subflows and connections end: which RST, FIN and MP_FASTCLOSE is believed. */
#include "story_scenario.h"

/* A RST of the first subflow's client, after open_and_talk. */
static size_t reset_at(uint32_t sequence)
{
	return segment(&path_a, OPENER, MPTCP_RST | MPTCP_ACK, sequence, 101, 0);
}

static void assert_reset(size_t at)
{
	tell();
	assert_event(MPTCP_EVENT_SUBFLOW_RESET, at, "");
	assert_subflow(0, "reset", true);
	assert_connection(0, "reset");
	assert_event(MPTCP_EVENT_CONNECTION_CLOSED, at, "");
}

static void assert_not_reset(void)
{
	tell();
	assert_no_event(MPTCP_EVENT_SUBFLOW_RESET);
	assert_no_event(MPTCP_EVENT_CONNECTION_CLOSED);
	assert_subflow(0, "open", true);
	assert_connection(0, "open");
}

/* Its sender goes on after it in these tests, so that only the number can make it believed. */
static void go_on(void)
{
	data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
}

static void a_reset_with_exactly_the_next_number_is_believed(void **state)
{
	(void)state;
	open_and_talk();
	size_t rst = reset_at(101);

	go_on();
	assert_reset(rst);
}

/* RFC 5961: the receiver expects what it acknowledged last. */
static void one_with_the_number_last_acknowledged_is(void **state)
{
	(void)state;
	open_and_talk();
	data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
	size_t rst = reset_at(101);

	data(&path_a, OPENER, 201, 100, CLIENT_IDSN_V1 + 201);
	assert_reset(rst);
}

static void one_of_less_by_one_after_a_fin_is(void **state)
{
	(void)state;
	open_and_talk();
	data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
	segment(&path_a, OPENER, MPTCP_FIN | MPTCP_ACK, 201, 101, 0);
	size_t rst = reset_at(201);

	bare(&path_a, OPENER, 202, 101, 0); /* it goes on */
	tell();
	assert_event(MPTCP_EVENT_SUBFLOW_RESET, rst, "");
	assert_subflow(0, "reset", true);
}

static void without_a_fin_it_is_not(void **state)
{
	(void)state;
	open_and_talk();
	data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
	data(&path_a, OPENER, 201, 100, CLIENT_IDSN_V1 + 201);
	reset_at(300);
	data(&path_a, OPENER, 301, 100, CLIENT_IDSN_V1 + 301);
	assert_not_reset();
}

static void a_doubtful_reset_is_not_believed_if_its_sender_goes_on(void **state)
{
	(void)state;
	open_and_talk();
	reset_at(5000);
	go_on();
	assert_not_reset();
}

static void it_is_if_the_sender_does_not(void **state)
{
	(void)state;
	open_and_talk();
	size_t rst = reset_at(5000);

	assert_reset(rst);
}

/* What it had sent before may arrive later. */
static void what_its_sender_sent_before_is_no_going_on(void **state)
{
	(void)state;
	open_and_talk();
	data(&path_a, OPENER, 201, 100, CLIENT_IDSN_V1 + 201);
	size_t rst = reset_at(5000);

	data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
	assert_reset(rst);
}

static void further_resets_are_no_going_on(void **state)
{
	(void)state;
	open_and_talk();
	size_t rst = reset_at(5000);

	reset_at(6000);
	assert_reset(rst);
}

static void what_the_receiver_sends_proves_nothing(void **state)
{
	(void)state;
	open_and_talk();
	size_t rst = reset_at(5000);

	for (uint32_t at = 101; at < 501; at += 100)
		data(&path_a, LISTENER, at, 100, SERVER_IDSN_V1 + at);
	assert_reset(rst);
}

static void a_doubtful_reset_is_settled_after_ten_seconds(void **state)
{
	(void)state;
	open_and_talk();
	size_t rst = reset_at(5000);

	wait_ms(9900);
	go_on();
	assert_not_reset();
	mptcp_story_clear(&story);
	frames[frame_count - 1].time += INT64_C(200000000);
	tell();
	assert_event(MPTCP_EVENT_SUBFLOW_RESET, rst, "");
	assert_subflow(0, "reset", true);
}

static void not_when_something_else_is_settled_before(void **state)
{
	(void)state;
	open_and_talk();
	bare(&path_a, LISTENER, 101, 101, 0);
	wait_ms(6000);
	reset_at(5000);
	wait_ms(5000);
	bare(&path_a, LISTENER, 101, 101, 0);
	wait_ms(1000);
	go_on();
	assert_not_reset();
}

static void a_reset_that_answers_a_syn_acknowledges_it(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 77, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, SERVER_KEY, 0, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, CLIENT_KEY, SERVER_KEY, 0);
	data(&path_a, LISTENER, 1, 100, SERVER_IDSN_V1 + 1);
	assert_not_reset();
}

static void close_both(void)
{
	segment(&path_a, OPENER, MPTCP_FIN | MPTCP_ACK, 101, 101, 0);
	segment(&path_a, LISTENER, MPTCP_FIN | MPTCP_ACK, 101, 102, 0);
}

static void a_reset_after_both_fins_is_no_second_end(void **state)
{
	(void)state;
	open_and_talk();
	close_both();
	segment(&path_a, OPENER, MPTCP_RST, 102, 0, 0);
	tell();
	assert_event(MPTCP_EVENT_SUBFLOW_CLOSED, 7, "");
	assert_no_event(MPTCP_EVENT_SUBFLOW_RESET);
	assert_subflow(0, "closed", true);
	assert_connection(0, "closed");
	assert_event(MPTCP_EVENT_CONNECTION_CLOSED, 7, "");
}

static void one_fin_closes_nothing(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_FIN | MPTCP_ACK, 101, 101, 0);
	data(&path_a, LISTENER, 101, 100, SERVER_IDSN_V1 + 101);
	tell();
	assert_no_event(MPTCP_EVENT_SUBFLOW_CLOSED);
	assert_subflow(0, "open", true);
	assert_connection(0, "open");
}

static void a_subflow_that_ends_while_another_goes_on_closes_no_connection(void **state)
{
	(void)state;
	open_two();
	close_both();
	wait_ms(20000);
	data(&path_b, OPENER, 1, 100, CLIENT_IDSN_V1 + 101);
	tell();
	assert_kernel(MPTCP_EVENT_SUBFLOW_CLOSED, "SF_CLOSED");
	assert_no_event(MPTCP_EVENT_CONNECTION_CLOSED);
	assert_subflow(0, "closed", true);
	assert_connection(0, "open");
}

/* A connection without a subflow may be joined: 10 s, then it has ended when the subflow did. */
static void a_connection_without_subflows_may_be_joined_again(void **state)
{
	(void)state;
	open_and_talk();
	close_both();
	wait_ms(5000);
	join(&path_b, SERVER_TOKEN_V1);
	fourth_ack(&path_b);
	tell();
	assert_no_event(MPTCP_EVENT_CONNECTION_CLOSED);
	assert_connection(0, "open");
}

static void both_data_fins_acknowledged_close_the_connection(void **state)
{
	(void)state;
	open_and_talk();
	data_fin(&path_a, OPENER, 101, 101, CLIENT_IDSN_V1 + 101);
	data_fin(&path_a, LISTENER, 101, 101, SERVER_IDSN_V1 + 101);
	acknowledge(&path_a, OPENER, 101, 101, SERVER_IDSN_V1 + 102);
	size_t last = acknowledge(&path_a, LISTENER, 101, 101, CLIENT_IDSN_V1 + 102);

	close_both();
	tell();
	assert_event(MPTCP_EVENT_CONNECTION_CLOSED, last, "");
	assert_kernel(MPTCP_EVENT_CONNECTION_CLOSED, "CLOSED");
	assert_kernel(MPTCP_EVENT_SUBFLOW_CLOSED, ""); /* the connection was closing */
	assert_int_equal(count_all(MPTCP_EVENT_DATA_FIN), 2);
	assert_connection(0, "closed");
	assert_subflow(0, "closed", true);
}

static void unacknowledged_they_do_not(void **state)
{
	(void)state;
	open_and_talk();
	data_fin(&path_a, OPENER, 101, 101, CLIENT_IDSN_V1 + 101);
	data_fin(&path_a, LISTENER, 101, 101, SERVER_IDSN_V1 + 101);
	acknowledge(&path_a, OPENER, 101, 101, SERVER_IDSN_V1 + 102);
	acknowledge(&path_a, LISTENER, 101, 101, CLIENT_IDSN_V1 + 101);
	tell();
	assert_no_event(MPTCP_EVENT_CONNECTION_CLOSED);
}

static void a_data_fin_without_any_data_has_its_number(void **state)
{
	(void)state;
	open_v1(&path_a);
	data_fin(&path_a, OPENER, 1, 1, CLIENT_IDSN_V1 + 1);
	segment(&path_a, LISTENER, MPTCP_ACK, 1, 1, 0);
	put_dss(last_frame(),
		(struct dss){.dsn_size = 4,
			.dsn = (uint32_t)(SERVER_IDSN_V1 + 1),
			.length = 1,
			.data_fin = 1});
	tell();
	assert_int_equal(count_all(MPTCP_EVENT_DATA_FIN), 2);
	for (size_t i = 0; i < story.events.count; i++)
		if (story.events.list[i].kind == MPTCP_EVENT_DATA_FIN) {
			assert_true(story.events.list[i].has_dsn);
			assert_int_equal(story.events.list[i].dsn, 1);
		}
}

static void only_the_first_data_fin_of_a_direction_is_an_event(void **state)
{
	(void)state;
	open_and_talk();
	size_t first = data_fin(&path_a, OPENER, 101, 101, CLIENT_IDSN_V1 + 101);

	data_fin(&path_a, OPENER, 101, 101, CLIENT_IDSN_V1 + 101);
	tell();
	assert_event(MPTCP_EVENT_DATA_FIN, first, "");
	assert_int_equal(only(MPTCP_EVENT_DATA_FIN)->dsn, 101);
}

static void a_fallback_closes_with_its_fins(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	bare(&path_a, OPENER, 1, 1, 0);
	bare(&path_a, OPENER, 1, 1, 100);
	bare(&path_a, LISTENER, 1, 101, 100);
	close_both();
	tell();
	assert_event(MPTCP_EVENT_CONNECTION_CLOSED, frame_count - 1, "");
	assert_event(MPTCP_EVENT_FALLBACK, 1, "no_mp_capable_in_synack");
	assert_connection(0, "fallback");
}

static void a_fastclose_with_the_receivers_key_closes_the_connection(void **state)
{
	(void)state;
	open_and_talk();
	size_t at = reset_at(101);

	fastclose(SERVER_KEY);
	tell();
	assert_event(MPTCP_EVENT_FASTCLOSE, at, "");
	assert_int_equal(only(MPTCP_EVENT_FASTCLOSE)->key, SERVER_KEY);
	assert_event(MPTCP_EVENT_CONNECTION_CLOSED, at, "");
	assert_kernel(MPTCP_EVENT_CONNECTION_CLOSED, "CLOSED");
	assert_kernel(MPTCP_EVENT_SUBFLOW_RESET, "");
	assert_connection(0, "fastclose");
	assert_subflow(0, "reset", true);
}

static void one_with_another_key_does_nothing(void **state)
{
	(void)state;
	open_and_talk();
	size_t at = segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 0);

	fastclose(CLIENT_KEY); /* its own */
	go_on();
	assert_not_reset();
	assert_event(MPTCP_EVENT_FASTCLOSE, at, "");
}

static void one_on_a_segment_that_nobody_accepts_does_nothing(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_ACK, 90001, 101, 0);
	fastclose(SERVER_KEY);
	go_on();
	assert_not_reset();
}

static void where_the_key_is_not_known_it_is_believed(void **state)
{
	(void)state;
	data(&path_a, OPENER, 5001, 100, UINT64_C(0x1234567800001000));
	data(&path_a, LISTENER, 7001, 100, UINT64_C(0x8765432100001000));
	size_t at = segment(&path_a, OPENER, MPTCP_RST | MPTCP_ACK, 5101, 1, 0);

	fastclose(SERVER_KEY);
	tell();
	assert_event(MPTCP_EVENT_CONNECTION_CLOSED, at, "");
	assert_connection(0, "partial");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(a_reset_with_exactly_the_next_number_is_believed),
		TOLD(one_with_the_number_last_acknowledged_is),
		TOLD(one_of_less_by_one_after_a_fin_is),
		TOLD(without_a_fin_it_is_not),
		TOLD(a_doubtful_reset_is_not_believed_if_its_sender_goes_on),
		TOLD(it_is_if_the_sender_does_not),
		TOLD(what_its_sender_sent_before_is_no_going_on),
		TOLD(further_resets_are_no_going_on),
		TOLD(what_the_receiver_sends_proves_nothing),
		TOLD(a_doubtful_reset_is_settled_after_ten_seconds),
		TOLD(not_when_something_else_is_settled_before),
		TOLD(a_reset_that_answers_a_syn_acknowledges_it),
		TOLD(a_reset_after_both_fins_is_no_second_end),
		TOLD(one_fin_closes_nothing),
		TOLD(a_subflow_that_ends_while_another_goes_on_closes_no_connection),
		TOLD(a_connection_without_subflows_may_be_joined_again),
		TOLD(both_data_fins_acknowledged_close_the_connection),
		TOLD(unacknowledged_they_do_not),
		TOLD(a_data_fin_without_any_data_has_its_number),
		TOLD(only_the_first_data_fin_of_a_direction_is_an_event),
		TOLD(a_fallback_closes_with_its_fins),
		TOLD(a_fastclose_with_the_receivers_key_closes_the_connection),
		TOLD(one_with_another_key_does_nothing),
		TOLD(one_on_a_segment_that_nobody_accepts_does_nothing),
		TOLD(where_the_key_is_not_known_it_is_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
