/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How handshakes end: established, refused, unanswered, or still going on. */
#include "story_scenario.h"

static size_t syn(void)
{
	size_t at = segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);

	capable(1, 0, 0, 0);
	return at;
}

static size_t synack(void)
{
	size_t at = segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);

	capable(1, SERVER_KEY, 0, 0);
	return at;
}

/* Another packet of another connection, so that the capture goes on. */
static void later(int64_t milliseconds)
{
	wait_ms(milliseconds);
	segment(&(const struct path){9, {50000, 80}, {1, 1}}, OPENER, MPTCP_ACK, 1, 1, 0);
}

static void a_refused_connection_failed_to_connect(void **state)
{
	(void)state;
	syn();
	size_t rst = segment(&path_a, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 1, 0);

	tell();
	assert_failure(MPTCP_EVENT_CONNECT_FAILED, rst, "reset");
	assert_kernel(MPTCP_EVENT_CONNECT_FAILED, "CLOSED"); /* at the client */
	assert_no_event(MPTCP_EVENT_CONNECTION_CLOSED);      /* it never was one */
	assert_connection(0, "failed");
	assert_subflow(0, "failed", false);
}

static void a_doubtful_reset_refuses_too_unless_an_answer_comes(void **state)
{
	(void)state;
	syn();
	size_t rst = segment(&path_a, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 77, 0);

	tell();
	assert_failure(MPTCP_EVENT_CONNECT_FAILED, rst, "reset");
	assert_connection(0, "failed");
}

static void a_reset_names_why_it_refuses(void **state)
{
	(void)state;
	syn();
	size_t rst = segment(&path_a, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 1, 0);

	reset_reason(2);
	tell();
	assert_failure(MPTCP_EVENT_CONNECT_FAILED, rst, "reset_lack_of_resources");
}

static void a_syn_that_is_repeated_to_the_end_got_no_reply(void **state)
{
	(void)state;
	size_t first = syn();

	wait_ms(1000);
	syn();
	tell();
	assert_failure(MPTCP_EVENT_CONNECT_FAILED, first, "no_reply");
	assert_connection(0, "failed");
}

static void the_plain_syn_of_the_same_ports_counts_as_a_repetition(void **state)
{
	(void)state;
	size_t first = syn();

	wait_ms(1000);
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	tell();
	assert_failure(MPTCP_EVENT_CONNECT_FAILED, first, "no_reply");
}

static void a_syn_of_the_other_host_is_an_answer(void **state)
{
	(void)state;
	syn();
	segment(&path_a, LISTENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	wait_ms(1000);
	syn();
	tell();
	assert_no_failure();
	assert_connection(0, "opening");
}

static void a_lone_syn_is_opening_until_70_seconds_have_passed(void **state)
{
	(void)state;
	size_t first = syn();

	later(69000);
	tell();
	assert_no_failure();
	assert_connection(0, "opening");
	assert_subflow(0, "opening", false);
	mptcp_story_clear(&story);
	later(1000);
	tell();
	assert_failure(MPTCP_EVENT_CONNECT_FAILED, first, "no_reply");
}

/* It is reported as soon as it is settled; an answer after that changes nothing. */
static void what_is_settled_is_not_revised(void **state)
{
	(void)state;
	size_t first = syn();

	later(71000);
	synack();
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, CLIENT_KEY, SERVER_KEY, 0);
	tell();
	assert_failure(MPTCP_EVENT_CONNECT_FAILED, first, "no_reply");
	assert_connection(0, "failed");
}

static void a_handshake_that_the_capture_cuts_is_opening(void **state)
{
	(void)state;
	syn();
	synack();
	tell();
	assert_no_failure();
	assert_connection(0, "opening");
	assert_subflow(0, "opening", false);
}

static void a_synack_that_is_repeated_had_no_third_ack(void **state)
{
	(void)state;
	syn();
	size_t first = synack();

	wait_ms(1000);
	synack();
	tell();
	assert_failure(MPTCP_EVENT_CONNECT_FAILED, first, "no_third_ack");
	assert_connection(0, "failed");
}

/* Of one direction only, nobody can say that nothing answered. */
static void without_the_other_direction_nothing_failed(void **state)
{
	(void)state;
	synack();
	wait_ms(1000);
	synack();
	segment(&path_a, LISTENER, MPTCP_ACK, 1, 101, 50);
	map(SERVER_IDSN_V1 + 1, 1, 50);
	tell();
	assert_no_failure();
}

static const struct path other = {9, {50000, 80}, {1, 1}};

static void a_syn_repeated_in_one_direction_has_not_failed(void **state)
{
	(void)state;
	data(&other, OPENER, 1, 100, 1001); /* whose peer is never seen */
	wait_ms(100);
	syn();
	wait_ms(1000);
	syn();
	tell();
	assert_no_failure();
	assert_connection(1, "opening");
}

static void what_began_before_the_capture_does_not_mean_that_a_direction_is_missing(void **state)
{
	(void)state;
	data(&other, OPENER, 1, 100, 1001);
	data(&other, LISTENER, 1, 100, 2001);
	wait_ms(100);
	size_t first = syn();

	wait_ms(1000);
	syn();
	tell();
	assert_failure(MPTCP_EVENT_CONNECT_FAILED, first, "no_reply");
}

static void a_lost_third_ack_is_none(void **state)
{
	(void)state;
	syn();
	synack();
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	tell();
	assert_no_failure();
	assert_subflow(0, "open", true);
}

static void a_join_is_established_by_the_fourth_ack(void **state)
{
	(void)state;
	open_and_talk();
	join(&path_b, SERVER_TOKEN_V1);
	tell();
	assert_subflow(1, "opening", false); /* nothing has come back yet */
	mptcp_story_clear(&story);
	fourth_ack(&path_b);
	tell();
	assert_subflow(1, "open", true);
	assert_int_equal(connection(0)->established, 2);
}

static void data_of_the_joiner_proves_nothing_data_of_the_other_host_does(void **state)
{
	(void)state;
	open_and_talk();
	join(&path_b, SERVER_TOKEN_V1);
	data(&path_b, OPENER, 1, 100, CLIENT_IDSN_V1 + 101);
	tell();
	assert_subflow(1, "opening", false);
	mptcp_story_clear(&story);
	data(&path_b, LISTENER, 1, 100, SERVER_IDSN_V1 + 101);
	tell();
	assert_subflow(1, "open", true);
}

static void a_join_that_the_server_opens_has_the_roles_of_the_connection(void **state)
{
	(void)state;
	open_and_talk();
	join(&path_b, CLIENT_TOKEN_V1);
	acknowledge(&path_b, LISTENER, 1, 1, SERVER_IDSN_V1 + 101);
	tell();
	assert_int_equal(subflow(0)->client_role, MPTCP_CLIENT);
	assert_int_equal(subflow(1)->client_role, MPTCP_SERVER); /* opened by the server */
	assert_int_equal(subflow(1)->kind, MPTCP_KIND_JOIN);
	assert_subflow(1, "open", true);
	assert_event(MPTCP_EVENT_JOIN_SYNACK, 7, "hmac_valid");
}

static void options_that_were_cut_off_are_unknown(void **state)
{
	(void)state;
	syn();
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	last_frame()->options_cut = true;
	for (int i = 0; i < 4; i++) {
		bare(&path_a, OPENER, 1, 1, i ? 0 : 100);
		last_frame()->options_cut = true;
	}
	tell();
	assert_no_failure();
	assert_string_not_equal(mptcp_state_name(mptcp_story_connection_state(connection(0))),
		"fallback");
}

static void a_synack_that_answers_a_syn_captured_without_options_is_no_reason(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	last_frame()->options_cut = true;
	synack();
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, CLIENT_KEY, SERVER_KEY, 0);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	tell();
	assert_no_failure();
	assert_connection(0, "open");
	assert_subflow(0, "open", true);
	assert_int_equal(subflow(0)->kind, MPTCP_KIND_INITIAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(a_refused_connection_failed_to_connect),
		TOLD(a_doubtful_reset_refuses_too_unless_an_answer_comes),
		TOLD(a_reset_names_why_it_refuses),
		TOLD(a_syn_that_is_repeated_to_the_end_got_no_reply),
		TOLD(the_plain_syn_of_the_same_ports_counts_as_a_repetition),
		TOLD(a_syn_of_the_other_host_is_an_answer),
		TOLD(a_lone_syn_is_opening_until_70_seconds_have_passed),
		TOLD(what_is_settled_is_not_revised),
		TOLD(a_handshake_that_the_capture_cuts_is_opening),
		TOLD(a_synack_that_is_repeated_had_no_third_ack),
		TOLD(without_the_other_direction_nothing_failed),
		TOLD(a_syn_repeated_in_one_direction_has_not_failed),
		TOLD(what_began_before_the_capture_does_not_mean_that_a_direction_is_missing),
		TOLD(a_lost_third_ack_is_none),
		TOLD(a_join_is_established_by_the_fourth_ack),
		TOLD(data_of_the_joiner_proves_nothing_data_of_the_other_host_does),
		TOLD(a_join_that_the_server_opens_has_the_roles_of_the_connection),
		TOLD(options_that_were_cut_off_are_unknown),
		TOLD(a_synack_that_answers_a_syn_captured_without_options_is_no_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
