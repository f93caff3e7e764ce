/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The story's timeline: which events options make, with what they say, and what the kernel of the
 * host concerned prints of them. */
#include "story_scenario.h"

/* HMACs of an announced 10.0.0.1 with identifier 1, as Python's hmac has them. */
#define ANNOUNCED_BY_SERVER UINT64_C(0x516bbacf1d96810d)

static void announce(unsigned flags_and_version, uint64_t hmac)
{
	put(last_frame(), 0x1e103000 | flags_and_version << 8 | 1, 4);
	put(last_frame(), 0x0a000001, 4);
	put(last_frame(), hmac, 8);
}

static void a_handshake_is_three_events_with_their_keys(void **state)
{
	(void)state;
	open_and_talk();
	tell();
	assert_int_equal(story.events.count, 3);
	assert_event(MPTCP_EVENT_CAPABLE_SYN, 0, "");
	assert_false(only(MPTCP_EVENT_CAPABLE_SYN)->has_key);
	assert_event(MPTCP_EVENT_CAPABLE_SYNACK, 1, "");
	assert_int_equal(only(MPTCP_EVENT_CAPABLE_SYNACK)->key, SERVER_KEY);
	assert_int_equal(only(MPTCP_EVENT_CAPABLE_SYNACK)->token, SERVER_TOKEN_V1);
	assert_kernel(MPTCP_EVENT_CAPABLE_SYNACK, "CREATED");
	assert_event(MPTCP_EVENT_CAPABLE_ACK, 2, "");
	assert_int_equal(only(MPTCP_EVENT_CAPABLE_ACK)->key, CLIENT_KEY);
	assert_kernel(MPTCP_EVENT_CAPABLE_ACK, "ESTABLISHED");
	assert_connection(0, "open");
	assert_subflow(0, "open", true);
}

static void repeated_steps_are_no_new_events(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	wait_ms(1000);
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 0);
	capable(1, CLIENT_KEY, SERVER_KEY, 0);
	tell();
	assert_int_equal(story.events.count, 3);
}

static void the_hmacs_of_a_join_are_verified(void **state)
{
	(void)state;
	open_two();
	tell();
	assert_int_equal(only(MPTCP_EVENT_JOIN_SYN)->token, SERVER_TOKEN_V1);
	assert_int_equal(only(MPTCP_EVENT_JOIN_SYN)->addrid, 3);
	assert_int_equal(only(MPTCP_EVENT_JOIN_SYN)->backup, MPTCP_NO);
	assert_event(MPTCP_EVENT_JOIN_SYNACK, 7, "hmac_valid");
	assert_event(MPTCP_EVENT_JOIN_ACK, 8, "hmac_valid");
	assert_int_equal(only(MPTCP_EVENT_JOIN_ACK)->addrid, 3);
	assert_kernel(MPTCP_EVENT_JOIN_ACK, "SF_ESTABLISHED");
	assert_no_failure();
}

static void without_the_keys_an_hmac_is_neither_right_nor_wrong(void **state)
{
	(void)state;
	join(&path_b, SERVER_TOKEN_V1);
	fourth_ack(&path_b);
	tell();
	assert_event(MPTCP_EVENT_JOIN_SYNACK, 1, "");
	assert_event(MPTCP_EVENT_JOIN_ACK, 2, "");
	assert_subflow(0, "open", true);
}

static void each_removed_identifier_is_an_event(void **state)
{
	(void)state;
	open_and_talk();
	acknowledge(&path_a, OPENER, 101, 101, SERVER_IDSN_V1 + 101);
	put(last_frame(), 0x1e05400205, 5);
	tell();
	assert_int_equal(story.events.count, 5);
	assert_int_equal(story.events.list[3].addrid, 2);
	assert_int_equal(story.events.list[4].addrid, 5);
	assert_int_equal(story.events.list[4].kernel, MPTCP_KERNEL_REMOVED);
}

static void an_echo_is_told_apart_and_is_not_announced(void **state)
{
	(void)state;
	open_and_talk();
	acknowledge(&path_a, OPENER, 101, 101, SERVER_IDSN_V1 + 101);
	put(last_frame(), UINT64_C(0x1e0831010a000001), 8);
	tell();
	assert_int_equal(only(MPTCP_EVENT_ADD_ADDR)->echo, MPTCP_YES);
	assert_int_equal(only(MPTCP_EVENT_ADD_ADDR)->addrid, 1);
	assert_kernel(MPTCP_EVENT_ADD_ADDR, "");
}

static void an_address_with_a_right_hmac_is_announced(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, LISTENER, MPTCP_ACK, 101, 101, 0);
	announce(0, ANNOUNCED_BY_SERVER);
	tell();
	assert_event(MPTCP_EVENT_ADD_ADDR, 6, "hmac_valid");
	assert_kernel(MPTCP_EVENT_ADD_ADDR, "ANNOUNCED");
	assert_int_equal(only(MPTCP_EVENT_ADD_ADDR)->address.bytes[0], 10);
	assert_int_equal(only(MPTCP_EVENT_ADD_ADDR)->echo, MPTCP_NO);
}

static void one_with_a_wrong_hmac_is_not(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, LISTENER, MPTCP_ACK, 101, 101, 0);
	announce(0, ANNOUNCED_BY_SERVER ^ 1);
	tell();
	assert_event(MPTCP_EVENT_ADD_ADDR, 6, "hmac_wrong");
	assert_kernel(MPTCP_EVENT_ADD_ADDR, "");
}

static void several_options_of_a_packet_are_several_events(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 0);
	put(last_frame(), 0x1e044001, 4);
	put(last_frame(), 0x1e0351, 3);
	tell();
	assert_event(MPTCP_EVENT_REMOVE_ADDR, 6, "");
	assert_event(MPTCP_EVENT_PRIO, 6, "");
	assert_int_equal(only(MPTCP_EVENT_PRIO)->backup, MPTCP_YES);
	assert_kernel(MPTCP_EVENT_PRIO, "SF_PRIO");
}

static void mp_prio_and_the_flag_of_a_syn_are_of_their_sender(void **state)
{
	(void)state;
	open_and_talk();
	begin_join(&path_b, SERVER_TOKEN_V1);
	as_backup();
	answer_join(&path_b);
	third_ack(&path_b);
	fourth_ack(&path_b);
	segment(&path_a, LISTENER, MPTCP_ACK, 101, 101, 0);
	put(last_frame(), 0x1e0351, 3);
	tell();
	assert_true(subflow(1)->ends[MPTCP_CLIENT].backup);
	assert_false(subflow(1)->ends[MPTCP_SERVER].backup);
	assert_int_equal(only(MPTCP_EVENT_JOIN_SYN)->backup, MPTCP_YES);
	assert_int_equal(only(MPTCP_EVENT_JOIN_SYNACK)->backup, MPTCP_NO);
	assert_true(subflow(0)->ends[MPTCP_SERVER].backup);
	assert_false(subflow(0)->ends[MPTCP_CLIENT].backup);
}

static void mp_prio_in_the_form_of_version_0_means_nothing_in_version_1(void **state)
{
	(void)state;
	open_two();
	segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 0);
	put(last_frame(), 0x1e045103, 4); /* the identifier of the second subflow */
	segment(&path_b, OPENER, MPTCP_ACK, 1, 1, 0);
	put(last_frame(), 0x1e0351, 3);
	segment(&path_b, OPENER, MPTCP_ACK, 1, 1, 0);
	put(last_frame(), 0x1e045003, 4);
	tell();
	assert_int_equal(count_all(MPTCP_EVENT_PRIO), 3);
	assert_false(subflow(0)->ends[MPTCP_CLIENT].backup);
	assert_true(subflow(1)->ends[MPTCP_CLIENT].backup); /* and is not taken back */
	for (size_t i = 0; i < story.events.count; i++)
		if (story.events.list[i].kind == MPTCP_EVENT_PRIO)
			assert_int_equal(story.events.list[i].kernel,
				story.events.list[i].tcpstream == 1 &&
						story.events.list[i].backup == MPTCP_YES
					? MPTCP_KERNEL_SF_PRIO
					: MPTCP_KERNEL_NONE);
}

/* RFC 6824 section 3.3.8. */
static void in_version_0_it_names_another_address(void **state)
{
	(void)state;
	open_v0(&path_a);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V0 + 1);
	join(&path_b, SERVER_TOKEN_V0);
	acknowledge(&path_b, LISTENER, 1, 1, CLIENT_IDSN_V0 + 101);
	segment(&path_a, OPENER, MPTCP_ACK, 101, 1, 0);
	put(last_frame(), 0x1e045103, 4);
	tell();
	assert_true(subflow(1)->ends[MPTCP_CLIENT].backup);
	assert_false(subflow(0)->ends[MPTCP_CLIENT].backup);
}

static void version_0_has_no_kernel_events(void **state)
{
	(void)state;
	open_v0(&path_a);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V0 + 1);
	acknowledge(&path_a, LISTENER, 1, 101, CLIENT_IDSN_V0 + 101);
	join(&path_b, SERVER_TOKEN_V0);
	acknowledge(&path_b, LISTENER, 1, 1, CLIENT_IDSN_V0 + 101);
	segment(&path_a, LISTENER, MPTCP_ACK, 1, 101, 0);
	put(last_frame(), UINT64_C(0x1e0834010a000001), 8);
	segment(&path_a, LISTENER, MPTCP_ACK, 1, 101, 0);
	put(last_frame(), 0x1e044002, 4);
	segment(&path_a, OPENER, MPTCP_ACK, 101, 1, 0);
	put(last_frame(), 0x1e0351, 3);
	segment(&path_b, OPENER, MPTCP_RST | MPTCP_ACK, 1, 1, 0);
	segment(&path_a, OPENER, MPTCP_RST | MPTCP_ACK, 101, 1, 0);
	fastclose(SERVER_KEY);
	tell();
	assert_event(MPTCP_EVENT_JOIN_ACK, 7, "hmac_valid");
	for (enum mptcp_event_kind kind = MPTCP_EVENT_ADD_ADDR; kind <= MPTCP_EVENT_PRIO; kind++)
		assert_int_equal(count_all(kind), 1);
	assert_event(MPTCP_EVENT_CONNECTION_CLOSED, 13, "");
	for (size_t i = 0; i < story.events.count; i++)
		assert_int_equal(story.events.list[i].kernel, MPTCP_KERNEL_NONE);
}

static void an_unknown_reason_of_a_reset_keeps_its_number(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_RST, 101, 0, 0);
	put(last_frame(), 0x1e0481ff, 4);
	tell();
	assert_event(MPTCP_EVENT_TCPRST, 6, "reason_255");
	assert_int_equal(only(MPTCP_EVENT_TCPRST)->transient, MPTCP_YES);
}

static void an_mp_fail_has_its_number(void **state)
{
	(void)state;
	open_and_talk();
	acknowledge(&path_a, LISTENER, 101, 101, CLIENT_IDSN_V1 + 101);
	mp_fail(CLIENT_IDSN_V1 + 101);
	tell();
	assert_int_equal(only(MPTCP_EVENT_FAIL)->dsn, 101);
}

static void a_malformed_option_is_an_event_and_swallows_nothing(void **state)
{
	(void)state;
	open_and_talk();
	segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 10);
	put(last_frame(), 0x1e0551aabb, 5); /* an MP_PRIO has 3 or 4 bytes */
	map(CLIENT_IDSN_V1 + 101, 101, 10);
	put(last_frame(), 0x1e044007, 4);
	tell();
	assert_event(MPTCP_EVENT_MALFORMED, 6, "length");
	assert_string_equal(only(MPTCP_EVENT_MALFORMED)->option, "MP_PRIO");
	assert_int_equal(only(MPTCP_EVENT_MALFORMED)->length, 5);
	assert_no_event(MPTCP_EVENT_PRIO);
	assert_int_equal(only(MPTCP_EVENT_REMOVE_ADDR)->addrid, 7);
	assert_column(6, dsn, 101);
	assert_no_failure();
	assert_connection(0, "open");
}

static void a_packet_whose_only_option_is_malformed_is_not_without_options(void **state)
{
	(void)state;
	open_and_talk();
	for (int i = 0; i < 4; i++) {
		segment(&path_a, OPENER, MPTCP_ACK, 101, 101, 0);
		put(last_frame(), 0x1e0551aabb, 5);
	}
	tell();
	assert_int_equal(count_all(MPTCP_EVENT_MALFORMED), 4);
	assert_no_failure();
}

static void plain_tcp_makes_no_event(void **state)
{
	(void)state;
	story.with_tcp = true;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 1, 0);
	segment(&path_b, OPENER, MPTCP_ACK, 1, 1, 100);
	segment(&path_b, OPENER, MPTCP_RST, 101, 0, 0);
	tell();
	assert_int_equal(story.events.count, 0);
	assert_int_equal(story.roster.subflow_count, 2);
	assert_int_equal(story.roster.connection_count, 0);
	assert_string_equal(mptcp_state_name(mptcp_story_tcp_state(subflow(0))), "failed");
	assert_string_equal(mptcp_state_name(mptcp_story_tcp_state(subflow(1))), "reset");
}

/* Copies of the packet that has just been captured say nothing. */
static void a_packet_captured_twice_tells_nothing(void **state)
{
	struct mptcp_error error;
	struct mptcp_story_subflow *where = NULL;

	(void)state;
	open_and_talk();
	play();
	add_rows(&story);
	struct mptcp_packet copy = rows[0].packet;

	copy.packetid = 7;
	copy.duplicate_of = 1;
	copy.present |= MPTCP_HAS(duplicate_of);
	copy.tcpflags = MPTCP_RST;
	assert_int_equal(mptcp_story_add(&story, &copy, &where, &error), 0);
	assert_null(where);
	assert_int_equal(mptcp_story_end(&story, &error), 0);
	assert_subflow(0, "open", true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(a_handshake_is_three_events_with_their_keys),
		TOLD(repeated_steps_are_no_new_events),
		TOLD(the_hmacs_of_a_join_are_verified),
		TOLD(without_the_keys_an_hmac_is_neither_right_nor_wrong),
		TOLD(each_removed_identifier_is_an_event),
		TOLD(an_echo_is_told_apart_and_is_not_announced),
		TOLD(an_address_with_a_right_hmac_is_announced),
		TOLD(one_with_a_wrong_hmac_is_not),
		TOLD(several_options_of_a_packet_are_several_events),
		TOLD(mp_prio_and_the_flag_of_a_syn_are_of_their_sender),
		TOLD(mp_prio_in_the_form_of_version_0_means_nothing_in_version_1),
		TOLD(in_version_0_it_names_another_address),
		TOLD(version_0_has_no_kernel_events),
		TOLD(an_unknown_reason_of_a_reset_keeps_its_number),
		TOLD(an_mp_fail_has_its_number),
		TOLD(a_malformed_option_is_an_event_and_swallows_nothing),
		TOLD(a_packet_whose_only_option_is_malformed_is_not_without_options),
		TOLD(plain_tcp_makes_no_event),
		TOLD(a_packet_captured_twice_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
