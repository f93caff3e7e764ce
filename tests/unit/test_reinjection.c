/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reinjections: which rows there are, why, and whether they were useful. All times are in
 * milliseconds; data goes from the client to the server; subflow N is tcpstream N. */
#include "reinjection.h"
#include "packet_builder.h"
#include "reinjection_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MS INT64_C(1000000)

/* A capture that grows packet by packet. */
struct scene {
	struct mptcp_reinjections all;
	struct mptcp_reinjection rows[64]; /* that came so far */
	size_t count;
	uint64_t packetid;
	uint32_t sent[3]; /* next tcpseq of each subflow */
};

static struct mptcp_packet blank(struct scene *scene, uint32_t subflow, int64_t at, bool to_server)
{
	struct mptcp_packet packet =
		build_mptcp(0, subflow, to_server ? MPTCP_SERVER : MPTCP_CLIENT, MPTCP_ACK);

	packet.packetid = ++scene->packetid;
	packet.abstime = at * MS;
	return packet;
}

static int take(void *context, const struct mptcp_reinjection *row, struct mptcp_error *error)
{
	struct scene *scene = context;

	(void)error;
	assert_true(scene->count < sizeof(scene->rows) / sizeof(*scene->rows));
	scene->rows[scene->count++] = *row;
	return 0;
}

static void add(struct scene *scene, const struct mptcp_packet *packet)
{
	struct mptcp_error error;

	if (!scene->all.row)
		mptcp_reinjections_init(&scene->all, scene->all.order, take, NULL);
	scene->all.context = scene;
	assert_int_equal(mptcp_reinjections_add(&scene->all, packet, &error), 0);
}

/* SYN, SYN/ACK and ACK with a round-trip time of 50 ms, address identifier `subflow` at the
 * client. */
static void open_subflow(struct scene *scene, uint32_t subflow)
{
	char join[25] = "1e0c10000000000000000000";
	struct mptcp_packet packet = blank(scene, subflow, 0, true);

	join[7] = (char)('0' + subflow);
	packet.tcpflags = MPTCP_SYN;
	packet.options = (struct mptcp_text){join, 24};
	packet.present |= MPTCP_HAS(options);
	add(scene, &packet);
	packet = blank(scene, subflow, 25, false);
	packet.tcpflags = MPTCP_SYN | MPTCP_ACK;
	add(scene, &packet);
	packet = blank(scene, subflow, 50, true);
	add(scene, &packet);
	scene->sent[subflow] = 1;
}

static struct scene two_subflows(void)
{
	struct scene scene = {0};

	open_subflow(&scene, 0);
	open_subflow(&scene, 1);
	return scene;
}

static uint64_t send_at(struct scene *scene, uint32_t subflow, int64_t at, uint64_t dsn,
	uint32_t length, uint32_t tcpseq)
{
	struct mptcp_packet packet = blank(scene, subflow, at, true);

	packet.tcpseq = tcpseq;
	packet.tcplen = length;
	packet.dsn = dsn;
	packet.present |= MPTCP_HAS(dsn);
	add(scene, &packet);
	return packet.packetid;
}

static uint64_t send_data(struct scene *scene, uint32_t subflow, int64_t at, uint64_t dsn,
	uint32_t length)
{
	uint64_t packetid = send_at(scene, subflow, at, dsn, length, scene->sent[subflow]);

	scene->sent[subflow] += length;
	return packetid;
}

static void acknowledge(struct scene *scene, uint32_t subflow, int64_t at, uint32_t tcpack,
	uint64_t dack)
{
	struct mptcp_packet packet = blank(scene, subflow, at, false);

	packet.tcpack = tcpack;
	packet.dack = dack;
	packet.present |= MPTCP_HAS(tcpack) | MPTCP_HAS(dack);
	add(scene, &packet);
}

/* After the last packet: all rows have come. */
static void end(struct scene *scene)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_reinjections_end(&scene->all, &error), 0);
	mptcp_reinjections_clear(&scene->all);
}

static void send_signal(struct scene *scene, uint32_t subflow, int64_t at, bool to_server,
	unsigned flags, const char *options)
{
	struct mptcp_packet packet = blank(scene, subflow, at, to_server);

	packet.tcpflags = (uint16_t)flags;
	if (options) {
		packet.options = (struct mptcp_text){options, strlen(options)};
		packet.present |= MPTCP_HAS(options);
	}
	add(scene, &packet);
}

static void new_data_makes_no_row(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 101, 1001, 1000);
	send_at(&scene, 0, 300, 1, 1000, 1); /* TCP's own retransmission */
	end(&scene);
	assert_int_equal(scene.count, 0);
}

static void a_row_has_exactly_the_bytes_in_common(void **state)
{
	struct scene scene = two_subflows();
	uint64_t first, second, again;

	(void)state;
	first = send_data(&scene, 0, 100, 1, 1000);
	second = send_data(&scene, 0, 101, 1001, 1000);
	again = send_data(&scene, 1, 110, 801, 300); /* 200 of the first, 100 of the second */
	end(&scene);
	assert_int_equal(scene.count, 2);
	assert_int_equal(scene.rows[0].packetid, again);
	assert_int_equal(scene.rows[0].original_packetid, first);
	assert_int_equal(scene.rows[0].dsn, 801);
	assert_int_equal(scene.rows[0].length, 200);
	assert_int_equal(scene.rows[0].tcpseq, 1);
	assert_int_equal(scene.rows[0].time - scene.rows[0].original_time, 10 * MS);
	assert_int_equal(scene.rows[1].original_packetid, second);
	assert_int_equal(scene.rows[1].dsn, 1001);
	assert_int_equal(scene.rows[1].length, 100);
	assert_int_equal(scene.rows[1].tcpseq, 201);
	assert_int_equal(scene.rows[1].original_tcpstream, 0);
	assert_int_equal(scene.rows[1].tcpstream, 1);
}

static void one_byte_is_a_reinjection_too(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1);
	send_data(&scene, 1, 110, 1, 1);
	end(&scene);
	assert_int_equal(scene.count, 1);
	assert_int_equal(scene.rows[0].length, 1);
}

static void a_zero_window_probe_is_not(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	acknowledge(&scene, 0, 120, 1001, 1001);
	send_data(&scene, 0, 400, 1000, 1);
	end(&scene);
	assert_int_equal(scene.count, 0);
}

static void a_retransmission_of_a_reinjection_is_not(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 110, 1, 1000);
	send_at(&scene, 1, 120, 1, 1000, 1);
	end(&scene);
	assert_int_equal(scene.count, 1);
}

static enum mptcp_cause last_cause(struct scene *scene)
{
	end(scene);
	assert_true(scene->count > 0);
	return scene->rows[scene->count - 1].cause;
}

static void sent_again_within_a_round_trip_it_is_redundant(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 149, 1, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_REDUNDANT);
}

static void later_than_that_it_is_unknown(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 150, 1, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_UNKNOWN);
}

static void without_a_data_ack_for_200_ms_it_is_a_timeout(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	acknowledge(&scene, 0, 60, 1, 1);
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 300, 1, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_TIMEOUT);
}

static void less_than_200_ms_after_the_data_ack_moved_it_is_not(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 0, 101, 1001, 1000);
	acknowledge(&scene, 0, 200, 1001, 1001);
	send_data(&scene, 1, 399, 1001, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_UNKNOWN);
}

static void without_any_acknowledgement_captured_it_is_not(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 5000, 1, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_UNKNOWN);
}

static void what_was_sent_before_a_timeout_is_sent_again_because_of_it(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	acknowledge(&scene, 0, 60, 1, 1);
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 0, 101, 1001, 1000);
	send_data(&scene, 1, 400, 1, 1000);
	acknowledge(&scene, 1, 450, 1001, 1001);
	send_data(&scene, 1, 451, 1001, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_TIMEOUT);
}

static void idle_time_before_the_data_is_no_timeout(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	acknowledge(&scene, 0, 140, 1001, 1001);
	send_data(&scene, 0, 5000, 1001, 1000);
	send_data(&scene, 1, 5010, 1001, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_REDUNDANT);
}

static void over_the_same_subflow_the_data_ack_is_missing(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	acknowledge(&scene, 0, 60, 1, 1);
	send_data(&scene, 0, 100, 1, 1000);
	acknowledge(&scene, 0, 140, 1001, 1);
	send_data(&scene, 0, 600, 1, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_DATA_ACK_MISSING);
}

static void a_reset_subflow_is_the_cause(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_signal(&scene, 0, 105, true, MPTCP_RST, NULL);
	send_data(&scene, 1, 110, 1, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_SUBFLOW_CLOSED);
}

static void so_it_is_if_its_reset_was_captured_just_before_the_data(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_signal(&scene, 0, 55, false, MPTCP_RST, NULL);
	send_data(&scene, 0, 100, 1, 1000); /* less than a round trip: the sender did not know */
	send_data(&scene, 1, 110, 1, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_SUBFLOW_CLOSED);
}

static void a_reset_of_long_before_is_not(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	open_subflow(&scene, 2);
	send_signal(&scene, 2, 100, true, MPTCP_RST, NULL);
	send_data(&scene, 0, 1000, 1, 1000);
	send_data(&scene, 1, 1010, 1, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_REDUNDANT);
}

static void the_end_of_another_subflow_queues_everything_anew(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_signal(&scene, 1, 105, true, MPTCP_RST, NULL);
	send_data(&scene, 0, 110, 1, 1000); /* even over the same subflow */
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_SUBFLOW_CLOSED);
}

static void a_removed_address_is_the_cause_even_if_its_subflow_was_reset(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 1, 100, 1, 1000);
	send_signal(&scene, 0, 104, true, MPTCP_ACK, "1e044001"); /* REMOVE_ADDR of identifier 1 */
	send_signal(&scene, 1, 105, true, MPTCP_RST, NULL);
	send_data(&scene, 0, 110, 1, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_REMOVE_ADDR);
}

static void another_removed_address_is_not(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 1, 100, 1, 1000);
	send_signal(&scene, 0, 104, true, MPTCP_ACK, "1e054003ff"); /* identifiers 3 and 255 */
	send_data(&scene, 0, 110, 1, 1000);
	assert_int_equal(last_cause(&scene), MPTCP_CAUSE_REDUNDANT);
}

/* MP_FAIL for the data from relative DSN 1001 on (absolute 0x03e9), with a RST that acknowledges
 * it all. */
static void refuse(struct scene *scene, uint32_t subflow, int64_t at)
{
	static const char option[] = "1e0c600000000000000003e9";
	struct mptcp_packet packet = blank(scene, subflow, at, false);

	packet.tcpflags = MPTCP_RST | MPTCP_ACK;
	packet.tcpack = scene->sent[subflow];
	packet.options = (struct mptcp_text){option, sizeof(option) - 1};
	packet.present |= MPTCP_HAS(options) | MPTCP_HAS(tcpack);
	add(scene, &packet);
}

static void what_mp_fail_refused_and_came_again_was_useful(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	acknowledge(&scene, 0, 120, 1001, 1001);
	send_data(&scene, 1, 200, 1001, 500);
	acknowledge(&scene, 1, 210, 501, 1001);
	refuse(&scene, 1, 211);
	send_data(&scene, 0, 300, 1001, 500);
	acknowledge(&scene, 0, 340, 1501, 1501);
	end(&scene);
	assert_int_equal(scene.count, 1);
	assert_int_equal(scene.rows[0].cause, MPTCP_CAUSE_MP_FAIL);
	assert_int_equal(scene.rows[0].useful, MPTCP_USEFUL_YES);
}

static enum mptcp_useful only_use(struct scene *scene)
{
	end(scene);
	assert_int_equal(scene->count, 1);
	return scene->rows[0].useful;
}

static void what_a_reset_subflow_brought_did_not_arrive(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	refuse(&scene, 0, 110); /* a RST, and an MP_FAIL for later data */
	send_data(&scene, 1, 300, 1, 1000);
	acknowledge(&scene, 1, 340, 1001, 1001);
	assert_int_equal(only_use(&scene), MPTCP_USEFUL_YES);
}

static void acknowledged_first_on_its_own_subflow_it_was_useful(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 300, 1, 1000);
	acknowledge(&scene, 1, 340, 1001, 1001);
	acknowledge(&scene, 0, 350, 1001, 1001);
	assert_int_equal(only_use(&scene), MPTCP_USEFUL_YES);
}

static void acknowledged_first_on_the_originals_subflow_it_was_not(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 300, 1, 1000);
	acknowledge(&scene, 0, 340, 1001, 1001);
	acknowledge(&scene, 1, 350, 1001, 1001);
	assert_int_equal(only_use(&scene), MPTCP_USEFUL_NO);
}

static void on_the_same_subflow_the_data_ack_tells(void **state)
{
	struct scene scene = two_subflows(), other = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	acknowledge(&scene, 0, 140, 1001, 1);
	send_data(&scene, 0, 300, 1, 1000);
	acknowledge(&scene, 0, 340, 2001, 1001);
	assert_int_equal(only_use(&scene), MPTCP_USEFUL_YES);
	send_data(&other, 0, 100, 1, 1000);
	send_data(&other, 0, 300, 1, 1000);
	acknowledge(&other, 0, 340, 1001, 1001);
	acknowledge(&other, 0, 341, 2001, 1001);
	assert_int_equal(only_use(&other), MPTCP_USEFUL_NO);
}

static void data_acknowledged_before_it_was_not(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	acknowledge(&scene, 1, 200, 1, 1001); /* the DATA_ACK came on the other subflow */
	send_data(&scene, 1, 300, 1, 1000);
	assert_int_equal(only_use(&scene), MPTCP_USEFUL_NO);
}

static void acknowledged_before_on_the_originals_subflow_it_was_not(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	acknowledge(&scene, 0, 200, 1001, 1);
	send_data(&scene, 1, 300, 1, 1000); /* nothing more is captured */
	assert_int_equal(only_use(&scene), MPTCP_USEFUL_NO);
}

static void acknowledged_in_part_it_is_not_known(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 300, 1, 1000);
	acknowledge(&scene, 1, 340, 1000, 1000);
	acknowledge(&scene, 0, 350, 1000, 1000);
	assert_int_equal(only_use(&scene), MPTCP_USEFUL_UNKNOWN);
}

static void without_a_data_ack_it_is_not_known(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 300, 1, 1000);
	acknowledge(&scene, 1, 340, 1001, 1);
	assert_int_equal(only_use(&scene), MPTCP_USEFUL_UNKNOWN);
}

static void a_row_comes_ten_seconds_later_and_is_not_revised(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 300, 1, 1000);
	acknowledge(&scene, 0, 10299, 1, 1);
	assert_int_equal(scene.count, 0);
	acknowledge(&scene, 0, 10300, 1, 1);
	assert_int_equal(scene.count, 1);
	acknowledge(&scene, 1, 10400, 1001, 1001);
	assert_int_equal(only_use(&scene), MPTCP_USEFUL_UNKNOWN);
}

/* A row of subflow 1, one of subflow 0; then subflow 0 ends. */
static void two_rows_of_which_the_second_ends(struct scene *scene)
{
	send_data(scene, 0, 100, 1, 1000);
	send_data(scene, 1, 300, 1, 1000);
	send_data(scene, 1, 301, 1001, 1000);
	send_data(scene, 0, 310, 1001, 1000);
	send_signal(scene, 0, 320, true, MPTCP_RST, NULL);
}

static void in_order_a_row_waits_for_those_before(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	two_rows_of_which_the_second_ends(&scene);
	assert_int_equal(scene.count, 0);
	end(&scene);
	assert_int_equal(scene.count, 2);
	assert_int_equal(scene.rows[0].tcpstream, 1);
}

static void settled_first_a_row_comes_at_the_end_of_its_subflow(void **state)
{
	struct scene scene = {.all.order = MPTCP_REINJECTIONS_WHEN_SETTLED};

	(void)state;
	open_subflow(&scene, 0);
	open_subflow(&scene, 1);
	two_rows_of_which_the_second_ends(&scene);
	assert_int_equal(scene.count, 1);
	assert_int_equal(scene.rows[0].tcpstream, 0);
	end(&scene);
	assert_int_equal(scene.count, 2);
	assert_int_equal(scene.rows[1].tcpstream, 1);
}

static void at_once_a_row_comes_with_its_packet(void **state)
{
	struct scene scene = {.all.order = MPTCP_REINJECTIONS_AT_ONCE};

	(void)state;
	send_data(&scene, 0, 100, 1, 1000);
	send_data(&scene, 1, 300, 1, 1000);
	assert_int_equal(scene.count, 1);
	end(&scene);
	assert_int_equal(scene.count, 1);
}

static void sequence_numbers_that_wrap_are_followed(void **state)
{
	struct scene scene = two_subflows();

	(void)state;
	scene.sent[0] = scene.sent[1] = 0;
	for (uint64_t at = 0; at < 5; at++) { /* 5 GiB in steps of 1 GiB */
		uint32_t length = 1 << 30;
		uint64_t dsn = 1 + at * length;

		send_data(&scene, 0, 100, dsn, length);
		acknowledge(&scene, 0, 101, scene.sent[0], dsn);
	}
	/* the last of it, after the wrap, on the other subflow */
	send_data(&scene, 1, 102, 1 + (UINT64_C(9) << 29), 100);
	acknowledge(&scene, 1, 103, scene.sent[1], 1 + (UINT64_C(5) << 30));
	assert_int_equal(only_use(&scene), MPTCP_USEFUL_NO);
	assert_int_equal(scene.rows[0].dsn, 1 + (UINT64_C(9) << 29));
	assert_int_equal(scene.rows[0].original_packetid, scene.packetid - 3);
}

static void connections_that_are_over_are_forgotten(void **state)
{
	struct scene scene = {0};
	struct mptcp_packet packet = blank(&scene, 0, 0, true);

	(void)state;
	for (uint32_t i = 0; i < 5000; i++) {
		packet.packetid++;
		packet.abstime = (int64_t)i * 1000 * MS;
		packet.tcpstream = packet.mptcpstream = i;
		packet.tcpflags = MPTCP_RST;
		add(&scene, &packet);
	}
	assert_true(HASH_COUNT(scene.all.connections) < 2000);
	end(&scene);
}

static void plain_tcp_is_ignored(void **state)
{
	struct scene scene = {0};
	struct mptcp_packet packet = blank(&scene, 0, 0, true);

	(void)state;
	packet.present &= ~MPTCP_HAS(mptcpstream);
	add(&scene, &packet);
	assert_int_equal(HASH_COUNT(scene.all.connections), 0);
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_data_makes_no_row),
		cmocka_unit_test(a_row_has_exactly_the_bytes_in_common),
		cmocka_unit_test(one_byte_is_a_reinjection_too),
		cmocka_unit_test(a_zero_window_probe_is_not),
		cmocka_unit_test(a_retransmission_of_a_reinjection_is_not),
		cmocka_unit_test(sent_again_within_a_round_trip_it_is_redundant),
		cmocka_unit_test(later_than_that_it_is_unknown),
		cmocka_unit_test(without_a_data_ack_for_200_ms_it_is_a_timeout),
		cmocka_unit_test(less_than_200_ms_after_the_data_ack_moved_it_is_not),
		cmocka_unit_test(without_any_acknowledgement_captured_it_is_not),
		cmocka_unit_test(what_was_sent_before_a_timeout_is_sent_again_because_of_it),
		cmocka_unit_test(idle_time_before_the_data_is_no_timeout),
		cmocka_unit_test(over_the_same_subflow_the_data_ack_is_missing),
		cmocka_unit_test(a_reset_subflow_is_the_cause),
		cmocka_unit_test(so_it_is_if_its_reset_was_captured_just_before_the_data),
		cmocka_unit_test(a_reset_of_long_before_is_not),
		cmocka_unit_test(the_end_of_another_subflow_queues_everything_anew),
		cmocka_unit_test(a_removed_address_is_the_cause_even_if_its_subflow_was_reset),
		cmocka_unit_test(another_removed_address_is_not),
		cmocka_unit_test(what_mp_fail_refused_and_came_again_was_useful),
		cmocka_unit_test(what_a_reset_subflow_brought_did_not_arrive),
		cmocka_unit_test(acknowledged_first_on_its_own_subflow_it_was_useful),
		cmocka_unit_test(acknowledged_first_on_the_originals_subflow_it_was_not),
		cmocka_unit_test(on_the_same_subflow_the_data_ack_tells),
		cmocka_unit_test(data_acknowledged_before_it_was_not),
		cmocka_unit_test(acknowledged_before_on_the_originals_subflow_it_was_not),
		cmocka_unit_test(acknowledged_in_part_it_is_not_known),
		cmocka_unit_test(without_a_data_ack_it_is_not_known),
		cmocka_unit_test(a_row_comes_ten_seconds_later_and_is_not_revised),
		cmocka_unit_test(in_order_a_row_waits_for_those_before),
		cmocka_unit_test(settled_first_a_row_comes_at_the_end_of_its_subflow),
		cmocka_unit_test(at_once_a_row_comes_with_its_packet),
		cmocka_unit_test(sequence_numbers_that_wrap_are_followed),
		cmocka_unit_test(connections_that_are_over_are_forgotten),
		cmocka_unit_test(plain_tcp_is_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
