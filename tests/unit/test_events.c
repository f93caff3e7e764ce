/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The timeline of signalling: which events packets make, and which step is named as the first that
 * went wrong. Keys, nonces and HMACs of the good handshake are those of a real connection. */
#include "events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define CAPABLE_SYN "1e040101"
#define CAPABLE_SYNACK "1e0c0101219522b0e30aaabb"
#define CAPABLE_ACK "1e140101e21f1d585962be21219522b0e30aaabb"
#define JOIN_SYN "1e0c10012634e2426d271fd0"
#define JOIN_SYNACK "1e1010008c8062b22f7a9683e80752eb"
#define JOIN_ACK "1e1810006ffa40bc6b2bd475a6681c721a6478d54c6a608b"
#define SYNACK (MPTCP_SYN | MPTCP_ACK)

/* A capture that grows packet by packet, 100 ms apart. */
struct scene {
	struct mptcp_events events;
	uint64_t packetid;
};

static void add(struct scene *scene, const struct mptcp_packet *packet)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_events_add(&scene->events, packet, &error), 0);
}

static struct mptcp_packet blank(struct scene *scene, uint32_t subflow, bool to_server,
	unsigned flags, const char *options)
{
	struct mptcp_packet packet = {
		.present = MPTCP_HAS(packetid) | MPTCP_HAS(abstime) | MPTCP_HAS(reltime) |
			MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) | MPTCP_HAS(mptcpstream) |
			MPTCP_HAS(mptcpdest) | MPTCP_HAS(tcpflags) | MPTCP_HAS(tcplen) |
			MPTCP_HAS(subtype) | MPTCP_HAS(mptcpversion) | MPTCP_HAS(sport),
		.packetid = ++scene->packetid,
		.tcpstream = subflow,
		.tcpdest = to_server ? MPTCP_SERVER : MPTCP_CLIENT,
		.mptcpdest = to_server ? MPTCP_SERVER : MPTCP_CLIENT,
		.tcpflags = (uint16_t)flags,
		.mptcpversion = 1,
		.sport = 1000,
	};
	uint8_t bytes[40];
	struct mptcp_options parsed;

	packet.abstime = packet.reltime = (int64_t)scene->packetid * 100000000;
	if (!options)
		return packet;
	packet.options = (struct mptcp_text){options, strlen(options)};
	packet.present |= MPTCP_HAS(options);
	int length = mptcp_options_from_text(bytes, options, strlen(options));
	assert_true(length > 0);
	mptcp_options_parse(&parsed, bytes, (size_t)length, flags);
	packet.subtype = parsed.subtypes;
	return packet;
}

static void send(struct scene *scene, uint32_t subflow, bool to_server, unsigned flags,
	const char *options)
{
	struct mptcp_packet packet = blank(scene, subflow, to_server, flags, options);

	add(scene, &packet);
}

/* A packet with DSS; payload from `dsn` on unless `length` is 0. */
static void transfer(struct scene *scene, uint32_t subflow, bool to_server, uint64_t dsn,
	uint32_t length)
{
	struct mptcp_packet packet = blank(scene, subflow, to_server, MPTCP_ACK, NULL);

	packet.subtype |= 1 << MPTCP_DSS;
	packet.present |= MPTCP_HAS(datafin);
	if (length) {
		packet.tcplen = length;
		packet.dsn = dsn;
		packet.dsn_raw = dsn + 7000;
		packet.present |= MPTCP_HAS(dsn) | MPTCP_HAS(dsn_raw);
	}
	add(scene, &packet);
}

static void data_fin(struct scene *scene, uint32_t subflow, bool to_server, uint64_t dsn)
{
	struct mptcp_packet packet = blank(scene, subflow, to_server, MPTCP_ACK, NULL);

	packet.subtype = 1 << MPTCP_DSS;
	packet.datafin = 1;
	packet.dss_dsn = dsn;
	packet.dss_length = 1;
	packet.present |= MPTCP_HAS(datafin) | MPTCP_HAS(dss_dsn) | MPTCP_HAS(dss_length);
	add(scene, &packet);
}

static void open_initial(struct scene *scene)
{
	send(scene, 0, true, MPTCP_SYN, CAPABLE_SYN);
	send(scene, 0, false, SYNACK, CAPABLE_SYNACK);
	send(scene, 0, true, MPTCP_ACK, CAPABLE_ACK);
	transfer(scene, 0, true, 1, 100);
	transfer(scene, 0, false, 1, 100);
}

/* Packets 1 to 5 open the connection, 6 begins the join of subflow 1; 7 and 8 complete it. */
static void begin_join(struct scene *scene)
{
	open_initial(scene);
	send(scene, 1, true, MPTCP_SYN, JOIN_SYN);
}

static void join(struct scene *scene)
{
	begin_join(scene);
	send(scene, 1, false, SYNACK, JOIN_SYNACK);
	send(scene, 1, true, MPTCP_ACK, JOIN_ACK);
}

static void end(struct scene *scene)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_events_end(&scene->events, &error), 0);
}

/* The only event of a kind; NULL if there is none. */
static const struct mptcp_event *only(const struct scene *scene, enum mptcp_event_kind kind)
{
	const struct mptcp_event *found = NULL;

	for (size_t i = 0; i < scene->events.count; i++)
		if (scene->events.list[i].kind == kind) {
			assert_null(found);
			found = &scene->events.list[i];
		}
	return found;
}

/* Ends the scene and looks whether its only failure is this one, at that packet. */
static void assert_failure(struct scene *scene, enum mptcp_event_kind kind, const char *reason,
	uint64_t packetid)
{
	end(scene);
	for (int other = MPTCP_EVENT_FALLBACK; other <= MPTCP_EVENT_SUBFLOW_FAILED; other++)
		if (other != (int)kind)
			assert_null(only(scene, (enum mptcp_event_kind)other));
	assert_non_null(only(scene, kind));
	assert_string_equal(only(scene, kind)->reason, reason);
	assert_int_equal(only(scene, kind)->packetid, packetid);
	mptcp_events_release(&scene->events);
}

static void assert_no_failure(struct scene *scene)
{
	end(scene);
	for (int kind = MPTCP_EVENT_FALLBACK; kind <= MPTCP_EVENT_SUBFLOW_FAILED; kind++)
		assert_null(only(scene, (enum mptcp_event_kind)kind));
	mptcp_events_release(&scene->events);
}

static void a_handshake_is_three_events_with_their_keys(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	end(&scene);
	assert_int_equal(scene.events.count, 3);
	assert_false(scene.events.list[0].has_key);
	assert_int_equal(scene.events.list[1].kind, MPTCP_EVENT_CAPABLE_SYNACK);
	assert_int_equal(scene.events.list[1].key, UINT64_C(0x219522b0e30aaabb));
	assert_int_equal(scene.events.list[1].kernel, MPTCP_KERNEL_CREATED);
	assert_int_equal(scene.events.list[2].kernel, MPTCP_KERNEL_ESTABLISHED);
	assert_no_failure(&scene);
}

static void repeated_steps_are_no_new_events(void **state)
{
	struct scene scene = {0};

	(void)state;
	send(&scene, 0, true, MPTCP_SYN, CAPABLE_SYN);
	open_initial(&scene);
	send(&scene, 0, true, MPTCP_ACK, CAPABLE_ACK);
	end(&scene);
	assert_int_equal(scene.events.count, 3);
	mptcp_events_release(&scene.events);
}

static void the_hmacs_of_a_join_are_verified(void **state)
{
	struct scene scene = {0};

	(void)state;
	join(&scene);
	transfer(&scene, 1, false, 0, 0);
	end(&scene);
	assert_int_equal(only(&scene, MPTCP_EVENT_JOIN_SYN)->token, 0x2634e242);
	assert_int_equal(only(&scene, MPTCP_EVENT_JOIN_SYN)->addrid, 1);
	assert_string_equal(only(&scene, MPTCP_EVENT_JOIN_SYNACK)->reason, "hmac_valid");
	assert_string_equal(only(&scene, MPTCP_EVENT_JOIN_ACK)->reason, "hmac_valid");
	assert_int_equal(only(&scene, MPTCP_EVENT_JOIN_ACK)->kernel, MPTCP_KERNEL_SUB_ESTABLISHED);
	assert_no_failure(&scene);
}

static void without_the_keys_an_hmac_is_neither_right_nor_wrong(void **state)
{
	struct scene scene = {0};

	(void)state;
	send(&scene, 1, true, MPTCP_SYN, JOIN_SYN);
	send(&scene, 1, false, SYNACK, JOIN_SYNACK);
	end(&scene);
	assert_string_equal(only(&scene, MPTCP_EVENT_JOIN_SYNACK)->reason, "");
	mptcp_events_release(&scene.events);
}

static void a_wrong_hmac_makes_the_join_fail(void **state)
{
	struct scene scene = {0};

	(void)state;
	begin_join(&scene);
	send(&scene, 1, false, SYNACK, "1e1010008c8062b22f7a9684e80752eb");
	send(&scene, 1, true, MPTCP_RST, NULL);
	assert_failure(&scene, MPTCP_EVENT_JOIN_FAILED, "wrong_hmac", 7);
}

static void a_join_answered_without_mp_join_fails(void **state)
{
	struct scene scene = {0};

	(void)state;
	begin_join(&scene);
	send(&scene, 1, false, SYNACK, NULL);
	send(&scene, 1, true, MPTCP_RST, "1e048001");
	assert_failure(&scene, MPTCP_EVENT_JOIN_FAILED, "no_mp_join_in_synack", 7);
}

static void a_join_whose_third_ack_has_no_mp_join_fails(void **state)
{
	struct scene scene = {0};

	(void)state;
	begin_join(&scene);
	send(&scene, 1, false, SYNACK, JOIN_SYNACK);
	send(&scene, 1, true, MPTCP_ACK, NULL);
	assert_failure(&scene, MPTCP_EVENT_JOIN_FAILED, "no_mp_join_in_ack", 8);
}

static void a_reset_join_names_the_reason_of_the_reset(void **state)
{
	struct scene scene = {0};

	(void)state;
	join(&scene);
	send(&scene, 1, false, MPTCP_RST, "1e048103");
	end(&scene);
	assert_string_equal(only(&scene, MPTCP_EVENT_TCPRST)->reason,
		"administratively_prohibited");
	assert_int_equal(only(&scene, MPTCP_EVENT_TCPRST)->transient, MPTCP_YES);
	assert_failure(&scene, MPTCP_EVENT_JOIN_FAILED, "reset_administratively_prohibited", 9);
}

static void a_reset_after_the_join_worked_is_no_failed_join(void **state)
{
	struct scene scene = {0};

	(void)state;
	join(&scene);
	transfer(&scene, 1, false, 0, 0);
	send(&scene, 1, false, MPTCP_RST, NULL);
	end(&scene);
	assert_int_equal(only(&scene, MPTCP_EVENT_SUBFLOW_RESET)->kernel, MPTCP_KERNEL_SUB_CLOSED);
	assert_no_failure(&scene);
}

static void a_reset_join_of_a_token_that_no_key_gives_has_the_wrong_token(void **state)
{
	struct scene scene = {0};

	(void)state;
	send(&scene, 1, true, MPTCP_SYN, JOIN_SYN);
	send(&scene, 1, false, MPTCP_RST | MPTCP_ACK, "1e048001");
	assert_failure(&scene, MPTCP_EVENT_JOIN_FAILED, "wrong_token", 2);
}

static void a_join_that_nobody_answers_fails_at_its_last_syn(void **state)
{
	struct scene scene = {0};

	(void)state;
	begin_join(&scene);
	send(&scene, 1, true, MPTCP_SYN, JOIN_SYN);
	transfer(&scene, 0, true, 101, 100);
	assert_failure(&scene, MPTCP_EVENT_JOIN_FAILED, "no_reply", 7);
}

static void a_join_at_the_end_of_the_capture_did_not_fail(void **state)
{
	struct scene scene = {0};

	(void)state;
	begin_join(&scene);
	assert_no_failure(&scene);
}

static void a_synack_without_mp_capable_is_a_fallback(void **state)
{
	struct scene scene = {0};

	(void)state;
	send(&scene, 0, true, MPTCP_SYN, CAPABLE_SYN);
	send(&scene, 0, false, SYNACK, NULL);
	send(&scene, 0, true, MPTCP_ACK, NULL);
	assert_failure(&scene, MPTCP_EVENT_FALLBACK, "no_mp_capable_in_synack", 2);
}

static void a_third_ack_without_mp_capable_is_a_fallback(void **state)
{
	struct scene scene = {0};

	(void)state;
	send(&scene, 0, true, MPTCP_SYN, CAPABLE_SYN);
	send(&scene, 0, false, SYNACK, CAPABLE_SYNACK);
	send(&scene, 0, true, MPTCP_ACK, NULL);
	assert_failure(&scene, MPTCP_EVENT_FALLBACK, "no_mp_capable_in_ack", 3);
}

static void a_lost_third_ack_is_none(void **state)
{
	struct scene scene = {0};

	(void)state;
	send(&scene, 0, true, MPTCP_SYN, CAPABLE_SYN);
	send(&scene, 0, false, SYNACK, CAPABLE_SYNACK);
	transfer(&scene, 0, true, 1, 100);
	assert_no_failure(&scene);
}

static void a_client_that_gives_up_mp_capable_got_no_reply(void **state)
{
	struct scene scene = {0};

	(void)state;
	send(&scene, 0, true, MPTCP_SYN, CAPABLE_SYN);
	send(&scene, 0, true, MPTCP_SYN, CAPABLE_SYN);
	send(&scene, 0, true, MPTCP_SYN, NULL);
	send(&scene, 0, false, SYNACK, NULL);
	assert_failure(&scene, MPTCP_EVENT_FALLBACK, "no_reply", 3);
}

static void a_refused_connection_failed_to_connect(void **state)
{
	struct scene scene = {0};

	(void)state;
	send(&scene, 0, true, MPTCP_SYN, CAPABLE_SYN);
	send(&scene, 0, false, MPTCP_RST | MPTCP_ACK, NULL);
	assert_failure(&scene, MPTCP_EVENT_CONNECT_FAILED, "reset", 2);
}

static void data_without_a_mapping_means_that_options_are_lost(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	struct mptcp_packet packet = blank(&scene, 0, true, MPTCP_ACK, NULL);
	packet.tcplen = 100;
	add(&scene, &packet);
	assert_failure(&scene, MPTCP_EVENT_FALLBACK, "options_lost", 6);
}

static void three_packets_without_options_mean_the_same_two_do_not(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	for (int i = 0; i < 2; i++)
		send(&scene, 0, true, MPTCP_ACK, NULL);
	transfer(&scene, 0, true, 101, 100);
	for (int i = 0; i < 2; i++)
		send(&scene, 0, true, MPTCP_ACK, NULL);
	send(&scene, 0, true, MPTCP_ACK, "1e0351");
	send(&scene, 0, true, MPTCP_ACK, NULL);
	for (int i = 0; i < 3; i++)
		send(&scene, 0, false, MPTCP_ACK, NULL);
	assert_failure(&scene, MPTCP_EVENT_FALLBACK, "options_lost", 13);
}

static void a_failed_checksum_on_the_only_subflow_is_a_fallback(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	send(&scene, 0, false, MPTCP_ACK, "1e0c60000000000000001b59");
	end(&scene);
	assert_true(only(&scene, MPTCP_EVENT_FAIL)->has_dsn);
	assert_int_equal(only(&scene, MPTCP_EVENT_FAIL)->dsn, 1);
	assert_failure(&scene, MPTCP_EVENT_FALLBACK, "mp_fail", 6);
}

static void an_infinite_mapping_is_a_fallback_and_an_event(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	struct mptcp_packet packet = blank(&scene, 0, true, MPTCP_ACK, NULL);
	packet.subtype = 1 << MPTCP_DSS;
	packet.present |= MPTCP_HAS(dss_length) | MPTCP_HAS(dss_dsn);
	add(&scene, &packet);
	add(&scene, &packet);
	end(&scene);
	assert_non_null(only(&scene, MPTCP_EVENT_INFINITE_MAPPING));
	assert_failure(&scene, MPTCP_EVENT_FALLBACK, "infinite_mapping", 6);
}

static void each_removed_identifier_is_an_event(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	send(&scene, 0, true, MPTCP_ACK, "1e05400205");
	end(&scene);
	assert_int_equal(scene.events.count, 5);
	assert_int_equal(scene.events.list[3].addrid, 2);
	assert_int_equal(scene.events.list[4].addrid, 5);
	assert_int_equal(scene.events.list[4].kernel, MPTCP_KERNEL_REMOVED);
	mptcp_events_release(&scene.events);
}

static void an_echo_is_told_apart_and_is_not_announced(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	send(&scene, 0, true, MPTCP_ACK, "1e0831010a000001");
	end(&scene);
	assert_int_equal(only(&scene, MPTCP_EVENT_ADD_ADDR)->echo, MPTCP_YES);
	assert_int_equal(only(&scene, MPTCP_EVENT_ADD_ADDR)->kernel, MPTCP_KERNEL_NONE);
	assert_int_equal(only(&scene, MPTCP_EVENT_ADD_ADDR)->addrid, 1);
	mptcp_events_release(&scene.events);
}

static void the_hmac_of_an_announced_address_is_verified(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	send(&scene, 0, false, MPTCP_ACK, "1e1030010a0000018805a7e9ad8895af");
	send(&scene, 0, false, MPTCP_ACK, "1e1030010a0000018805a7e9ad8895a0");
	end(&scene);
	assert_int_equal(scene.events.list[3].kernel, MPTCP_KERNEL_ANNOUNCED);
	assert_string_equal(scene.events.list[3].reason,
		"hmac_valid"); /* as Python's hmac has it */
	assert_string_equal(scene.events.list[4].reason, "hmac_wrong");
	mptcp_events_release(&scene.events);
}

static void several_options_of_a_packet_are_several_events(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	send(&scene, 0, true, MPTCP_ACK, "1e044001;1e0351");
	end(&scene);
	assert_int_equal(only(&scene, MPTCP_EVENT_REMOVE_ADDR)->packetid, 6);
	assert_int_equal(only(&scene, MPTCP_EVENT_PRIO)->packetid, 6);
	assert_int_equal(only(&scene, MPTCP_EVENT_PRIO)->backup, MPTCP_YES);
	mptcp_events_release(&scene.events);
}

static void only_the_first_data_fin_of_a_direction_is_an_event(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	data_fin(&scene, 0, true, 7101);
	data_fin(&scene, 0, true, 7101);
	end(&scene);
	assert_int_equal(only(&scene, MPTCP_EVENT_DATA_FIN)->dsn, 101);
	assert_int_equal(only(&scene, MPTCP_EVENT_DATA_FIN)->packetid, 6);
	mptcp_events_release(&scene.events);
}

static void both_data_fins_acknowledged_close_the_connection(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	data_fin(&scene, 0, true, 7101);
	data_fin(&scene, 0, false, 7101);
	for (int to_server = 0; to_server < 2; to_server++) {
		struct mptcp_packet packet = blank(&scene, 0, to_server, MPTCP_ACK, NULL);

		packet.dack = 102;
		packet.present |= MPTCP_HAS(dack);
		packet.subtype = 1 << MPTCP_DSS;
		add(&scene, &packet);
	}
	end(&scene);
	assert_int_equal(only(&scene, MPTCP_EVENT_CONNECTION_CLOSED)->packetid, 9);
	assert_int_equal(only(&scene, MPTCP_EVENT_CONNECTION_CLOSED)->kernel, MPTCP_KERNEL_CLOSED);
	mptcp_events_release(&scene.events);
}

static void a_subflow_that_ends_while_others_go_on_is_closed_for_the_kernel(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	send(&scene, 0, true, MPTCP_FIN | MPTCP_ACK, NULL);
	send(&scene, 0, false, MPTCP_FIN | MPTCP_ACK, NULL);
	end(&scene);
	assert_int_equal(only(&scene, MPTCP_EVENT_SUBFLOW_CLOSED)->packetid, 7);
	assert_int_equal(only(&scene, MPTCP_EVENT_SUBFLOW_CLOSED)->kernel, MPTCP_KERNEL_SUB_CLOSED);
	assert_null(only(&scene, MPTCP_EVENT_CONNECTION_CLOSED));
	assert_no_failure(&scene);
}

static void a_fastclose_closes_the_connection_and_carries_the_key(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	send(&scene, 0, true, MPTCP_RST, "1e0c7000219522b0e30aaabb;1e048000");
	end(&scene);
	assert_int_equal(only(&scene, MPTCP_EVENT_FASTCLOSE)->key, UINT64_C(0x219522b0e30aaabb));
	assert_int_equal(only(&scene, MPTCP_EVENT_CONNECTION_CLOSED)->packetid, 6);
	assert_int_equal(only(&scene, MPTCP_EVENT_SUBFLOW_RESET)->kernel, MPTCP_KERNEL_NONE);
	mptcp_events_release(&scene.events);
}

static void an_unknown_reason_of_a_reset_keeps_its_number(void **state)
{
	struct scene scene = {0};

	(void)state;
	open_initial(&scene);
	send(&scene, 0, true, MPTCP_RST, "1e0480ff");
	end(&scene);
	assert_string_equal(only(&scene, MPTCP_EVENT_TCPRST)->reason, "reason_255");
	mptcp_events_release(&scene.events);
}

static void damaged_options_and_plain_tcp_make_no_event(void **state)
{
	struct scene scene = {0};

	(void)state;
	struct mptcp_packet packet = blank(&scene, 0, true, MPTCP_ACK, NULL);
	packet.options = (struct mptcp_text){"1e1", 3};
	packet.present |= MPTCP_HAS(options);
	add(&scene, &packet);
	packet.present &= ~MPTCP_HAS(mptcpstream);
	add(&scene, &packet);
	end(&scene);
	assert_int_equal(scene.events.count, 0);
	mptcp_events_release(&scene.events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_handshake_is_three_events_with_their_keys),
		cmocka_unit_test(repeated_steps_are_no_new_events),
		cmocka_unit_test(the_hmacs_of_a_join_are_verified),
		cmocka_unit_test(without_the_keys_an_hmac_is_neither_right_nor_wrong),
		cmocka_unit_test(a_wrong_hmac_makes_the_join_fail),
		cmocka_unit_test(a_join_answered_without_mp_join_fails),
		cmocka_unit_test(a_join_whose_third_ack_has_no_mp_join_fails),
		cmocka_unit_test(a_reset_join_names_the_reason_of_the_reset),
		cmocka_unit_test(a_reset_after_the_join_worked_is_no_failed_join),
		cmocka_unit_test(a_reset_join_of_a_token_that_no_key_gives_has_the_wrong_token),
		cmocka_unit_test(a_join_that_nobody_answers_fails_at_its_last_syn),
		cmocka_unit_test(a_join_at_the_end_of_the_capture_did_not_fail),
		cmocka_unit_test(a_synack_without_mp_capable_is_a_fallback),
		cmocka_unit_test(a_third_ack_without_mp_capable_is_a_fallback),
		cmocka_unit_test(a_lost_third_ack_is_none),
		cmocka_unit_test(a_client_that_gives_up_mp_capable_got_no_reply),
		cmocka_unit_test(a_refused_connection_failed_to_connect),
		cmocka_unit_test(data_without_a_mapping_means_that_options_are_lost),
		cmocka_unit_test(three_packets_without_options_mean_the_same_two_do_not),
		cmocka_unit_test(a_failed_checksum_on_the_only_subflow_is_a_fallback),
		cmocka_unit_test(an_infinite_mapping_is_a_fallback_and_an_event),
		cmocka_unit_test(each_removed_identifier_is_an_event),
		cmocka_unit_test(an_echo_is_told_apart_and_is_not_announced),
		cmocka_unit_test(the_hmac_of_an_announced_address_is_verified),
		cmocka_unit_test(several_options_of_a_packet_are_several_events),
		cmocka_unit_test(only_the_first_data_fin_of_a_direction_is_an_event),
		cmocka_unit_test(both_data_fins_acknowledged_close_the_connection),
		cmocka_unit_test(a_subflow_that_ends_while_others_go_on_is_closed_for_the_kernel),
		cmocka_unit_test(a_fastclose_closes_the_connection_and_carries_the_key),
		cmocka_unit_test(an_unknown_reason_of_a_reset_keeps_its_number),
		cmocka_unit_test(damaged_options_and_plain_tcp_make_no_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
