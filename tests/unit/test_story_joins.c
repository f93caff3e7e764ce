/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joins that fail, at each step, and the first step that went wrong. */
#include "story_scenario.h"

#define UNKNOWN_TOKEN 0x12345678

/* To the address that the server had from the start. */
static const struct path again = {1, {40009, 443}, {5000000, 6000000}};

/* The subflow failed there, was never established and does not belong to the connection. */
static void assert_join_failed(size_t at, const char *reason)
{
	tell();
	assert_failure(MPTCP_EVENT_JOIN_FAILED, at, reason);
	assert_subflow(1, "failed", false);
	assert_connection(0, "open");
	assert_int_equal(connection(0)->established, 1);
}

static size_t refuse(unsigned from, uint32_t sequence)
{
	return segment(&path_b, from, MPTCP_RST | MPTCP_ACK, sequence, 1, 0);
}

static void a_join_whose_hmac_is_wrong(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	size_t synack = answer_join(&path_b);

	last_frame()->options[4] ^= 1;
	refuse(OPENER, 1);
	assert_join_failed(synack, "wrong_hmac");
	assert_event(MPTCP_EVENT_JOIN_SYNACK, synack, "hmac_wrong");
}

static void a_join_whose_third_ack_has_a_wrong_hmac(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	answer_join(&path_b);
	size_t ack = third_ack(&path_b);

	last_frame()->options[4] ^= 1;
	refuse(LISTENER, 1);
	assert_join_failed(ack, "wrong_hmac");
	assert_kernel(MPTCP_EVENT_JOIN_ACK, "");
}

static void a_join_answered_without_mp_join(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	size_t synack = segment(&path_b, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);

	refuse(OPENER, 1);
	reset_reason(1);
	assert_join_failed(synack, "no_mp_join_in_synack");
}

static void a_join_whose_third_ack_has_no_mp_join(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	answer_join(&path_b);
	size_t ack = bare(&path_b, OPENER, 1, 1, 0);

	assert_join_failed(ack, "no_mp_join_in_ack");
}

static void a_third_ack_that_was_not_captured_is_no_failure(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	answer_join(&path_b);
	data(&path_b, OPENER, 1, 100, CLIENT_IDSN_V1 + 101);
	acknowledge(&path_b, LISTENER, 1, 101, CLIENT_IDSN_V1 + 201);
	tell();
	assert_no_failure();
	assert_subflow(1, "open", true);
}

static void a_join_refused_at_its_syn_by_a_host_whose_keys_are_known(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&again, UNKNOWN_TOKEN);
	size_t rst = segment(&again, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 1, 0);

	tell();
	assert_failure(MPTCP_EVENT_JOIN_FAILED, rst, "wrong_token");
	assert_subflow(1, "failed", false);
	/* it makes no connection */
	assert_int_equal(story.roster.connection_count, 1);
	assert_null(subflow(1)->connection);
	assert_false(only(MPTCP_EVENT_JOIN_FAILED)->has_mptcpstream);
}

static void a_join_refused_although_its_token_is_right(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&again, SERVER_TOKEN_V1);
	size_t rst = segment(&again, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 1, 0);

	assert_join_failed(rst, "reset");
}

static void nobody_knows_the_tokens_of_a_host_without_keys(void **state)
{
	(void)state;
	begin_join(&path_b, UNKNOWN_TOKEN);
	size_t rst = refuse(LISTENER, 0);

	tell();
	assert_failure(MPTCP_EVENT_JOIN_FAILED, rst, "reset");
	assert_int_equal(story.roster.connection_count, 0);
	assert_subflow(0, "failed", false);
}

static void the_reason_of_a_reset_goes_before_every_guess(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	size_t rst = refuse(LISTENER, 0);

	reset_reason(3);
	assert_join_failed(rst, "reset_administratively_prohibited");
	assert_event(MPTCP_EVENT_TCPRST, rst, "administratively_prohibited");
}

static void a_join_refused_at_its_third_ack(void **state)
{
	(void)state;
	open_and_talk();
	join(&path_b, SERVER_TOKEN_V1);
	size_t rst = refuse(LISTENER, 1);

	reset_reason(2);
	assert_join_failed(rst, "reset_lack_of_resources");
}

static void a_join_refused_by_the_first_answer_to_its_data(void **state)
{
	(void)state;
	open_and_talk();
	join(&path_b, SERVER_TOKEN_V1);
	data(&path_b, OPENER, 1, 100, CLIENT_IDSN_V1 + 101);
	data(&path_b, OPENER, 101, 100, CLIENT_IDSN_V1 + 201);
	size_t rst = refuse(LISTENER, 1);

	assert_join_failed(rst, "reset");
}

/* Its number is not one that the joiner expects, but the listener does not go on. */
static void a_doubtful_reset_refuses_if_its_sender_does_not_go_on(void **state)
{
	(void)state;
	open_and_talk();
	join(&path_b, SERVER_TOKEN_V1);
	size_t rst = refuse(LISTENER, 5000);

	reset_reason(6);
	assert_join_failed(rst, "reset_middlebox_interference");
	mptcp_story_clear(&story);
	fourth_ack(&path_b);
	tell();
	assert_no_failure();
	assert_subflow(1, "open", true);
}

static void a_reset_after_the_fourth_ack_is_no_failed_join(void **state)
{
	(void)state;
	open_two();
	size_t rst = refuse(LISTENER, 1);

	tell();
	assert_no_failure();
	assert_event(MPTCP_EVENT_SUBFLOW_RESET, rst, "");
	assert_kernel(MPTCP_EVENT_SUBFLOW_RESET, "SF_CLOSED");
	assert_subflow(1, "reset", true);
	assert_connection(0, "open");
}

static void a_join_that_nobody_answers(void **state)
{
	(void)state;
	open_and_talk();
	size_t first = begin_join(&path_b, SERVER_TOKEN_V1);

	wait_ms(1000);
	begin_join(&path_b, SERVER_TOKEN_V1);
	assert_join_failed(first, "no_reply");
}

static void a_join_at_the_end_of_the_capture_is_opening(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	tell();
	assert_no_failure();
	assert_subflow(1, "opening", false);
	assert_int_equal(connection(0)->established, 1);
}

/* Of a direction that was not captured: what the joiner acknowledges. */
static void data_that_the_joiner_acknowledges_was_sent_on_an_established_subflow(void **state)
{
	(void)state;
	open_v1(&path_a);
	begin_join(&path_b, SERVER_TOKEN_V1);
	third_ack(&path_b);
	data(&path_b, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	tell();
	assert_subflow(1, "opening", false);
	mptcp_story_clear(&story);
	acknowledge(&path_b, OPENER, 101, 397, SERVER_IDSN_V1 + 397);
	tell();
	assert_subflow(1, "open", true);
}

static void a_join_whose_synack_is_repeated(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	size_t first = answer_join(&path_b);

	wait_ms(1000);
	answer_join(&path_b);
	assert_join_failed(first, "no_third_ack");
}

static void a_join_whose_third_ack_is_repeated(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	wait_ms(20); /* as at the host that joins */
	answer_join(&path_b);
	size_t first = third_ack(&path_b);

	wait_ms(200);
	third_ack(&path_b);
	wait_ms(400);
	third_ack(&path_b);
	assert_join_failed(first, "no_fourth_ack");
}

/* An ACK of an earlier connection on the same ports does not count: the third ACK comes once, and
 * the fourth may take its time. */
static void an_ack_before_the_synack_is_no_third_ack(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	acknowledge(&path_b, OPENER, 0, 7000000, SERVER_IDSN_V1 + 101);
	wait_ms(20);
	answer_join(&path_b);
	third_ack(&path_b);
	wait_ms(13000);
	fourth_ack(&path_b);
	tell();
	assert_no_failure();
	assert_subflow(1, "open", true);
}

/* SYN/ACKs come again and again, and third ACKs with them: nothing proves that one arrived. */
static void a_join_whose_synack_comes_again_after_the_third_ack(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	wait_ms(20);
	answer_join(&path_b);
	size_t first = third_ack(&path_b);

	wait_ms(1000);
	answer_join(&path_b);
	third_ack(&path_b);
	assert_join_failed(first, "no_fourth_ack");
}

/* Settled after 10 s, and not revised by a fourth ACK that comes later than that. */
static void a_fourth_ack_that_comes_too_late(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	wait_ms(20);
	answer_join(&path_b);
	size_t first = third_ack(&path_b);

	wait_ms(1000);
	third_ack(&path_b);
	wait_ms(11000);
	fourth_ack(&path_b);
	assert_join_failed(first, "no_fourth_ack");
}

static void a_join_after_the_connection_was_closed_fast(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_RST | MPTCP_ACK, 101, 101, 0);
	fastclose(SERVER_KEY);
	begin_join(&again, SERVER_TOKEN_V1);
	size_t rst = segment(&again, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 1, 0);

	tell();
	assert_event(MPTCP_EVENT_JOIN_FAILED, rst, "wrong_token"); /* the token is gone */
	assert_subflow(1, "failed", false);
	assert_connection(0, "fastclose");
	assert_int_equal(connection(0)->established, 1);
}

static void a_failed_join_fails_once(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	size_t first = refuse(LISTENER, 0);

	refuse(LISTENER, 0);
	wait_ms(1000);
	begin_join(&path_b, SERVER_TOKEN_V1);
	refuse(LISTENER, 0);
	tell();
	assert_int_equal(count_all(MPTCP_EVENT_JOIN_FAILED), 1);
	assert_event(MPTCP_EVENT_JOIN_FAILED, first, "reset");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(a_join_whose_hmac_is_wrong),
		TOLD(a_join_whose_third_ack_has_a_wrong_hmac),
		TOLD(a_join_answered_without_mp_join),
		TOLD(a_join_whose_third_ack_has_no_mp_join),
		TOLD(a_third_ack_that_was_not_captured_is_no_failure),
		TOLD(a_join_refused_at_its_syn_by_a_host_whose_keys_are_known),
		TOLD(a_join_refused_although_its_token_is_right),
		TOLD(nobody_knows_the_tokens_of_a_host_without_keys),
		TOLD(the_reason_of_a_reset_goes_before_every_guess),
		TOLD(a_join_refused_at_its_third_ack),
		TOLD(a_join_refused_by_the_first_answer_to_its_data),
		TOLD(a_doubtful_reset_refuses_if_its_sender_does_not_go_on),
		TOLD(a_reset_after_the_fourth_ack_is_no_failed_join),
		TOLD(a_join_that_nobody_answers),
		TOLD(a_join_at_the_end_of_the_capture_is_opening),
		TOLD(data_that_the_joiner_acknowledges_was_sent_on_an_established_subflow),
		TOLD(a_join_whose_synack_is_repeated),
		TOLD(a_join_whose_third_ack_is_repeated),
		TOLD(an_ack_before_the_synack_is_no_third_ack),
		TOLD(a_join_whose_synack_comes_again_after_the_third_ack),
		TOLD(a_fourth_ack_that_comes_too_late),
		TOLD(a_join_after_the_connection_was_closed_fast),
		TOLD(a_failed_join_fails_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
