/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Statistics of connections and subflows. All subflows are of connection 0, data goes to the server
 * unless a test says otherwise. */
#include "stats.h"

#include "options.h"
#include "packet_builder.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct mptcp_stats stats;
static int64_t clock_now;
static uint64_t number; /* of packets */

static int begin(void **state)
{
	(void)state;
	stats = (struct mptcp_stats){0};
	clock_now = 1000;
	return 0;
}

static int finish(void **state)
{
	(void)state;
	mptcp_stats_clear(&stats);
	return 0;
}

/* Packets are a microsecond apart. */
static void add(struct mptcp_packet packet)
{
	struct mptcp_error error;

	packet.abstime = clock_now += 1000;
	packet.packetid = ++number;
	packet.present |= MPTCP_HAS(packetid);
	assert_int_equal(mptcp_stats_add(&stats, &packet, &error), 0);
}

static void syn(uint32_t stream)
{
	struct mptcp_packet packet = build_mptcp(0, stream, MPTCP_SERVER, MPTCP_SYN);

	packet.present |= MPTCP_HAS(subtype) | MPTCP_HAS(options);
	packet.subtype = stream ? 1U << MPTCP_MP_JOIN : 1U << MPTCP_MP_CAPABLE;
	packet.options = stream ? (struct mptcp_text){"1e0c1001ccad45acaabbccdd", 24}
				: (struct mptcp_text){"1e040101", 8};
	add(packet);
}

/* A packet of the initial handshake of stream 0. */
static void step(enum mptcp_role to, unsigned flags, uint32_t sequence, const char *options)
{
	struct mptcp_packet packet = build_mptcp(0, 0, to, flags);

	packet.present |= MPTCP_HAS(subtype) | MPTCP_HAS(options);
	packet.present |= flags & MPTCP_ACK ? MPTCP_HAS(tcpack) | MPTCP_HAS(sendkey) : 0;
	packet.subtype = 1U << MPTCP_MP_CAPABLE;
	packet.tcpseq = sequence;
	packet.tcpack = 1;
	packet.options = (struct mptcp_text){options, strlen(options)};
	add(packet);
}

/* The connection is established, so that a fallback is one. */
static void establish(void)
{
	step(MPTCP_SERVER, MPTCP_SYN, 0, "1e040101");
	step(MPTCP_CLIENT, MPTCP_SYN | MPTCP_ACK, 0, "1e0c01011112131415161718");
	step(MPTCP_SERVER, MPTCP_ACK, 1, "1e14010101020304050607081112131415161718");
}

static struct mptcp_packet segment(uint32_t stream, uint32_t sequence, uint32_t length)
{
	struct mptcp_packet packet = build_mptcp(0, stream, MPTCP_SERVER, MPTCP_ACK);

	packet.tcpseq = sequence;
	packet.tcplen = length;
	return packet;
}

/* Mapped data, without the DSS option. */
static void data(uint32_t stream, uint32_t sequence, uint64_t dsn, uint32_t length)
{
	struct mptcp_packet packet = segment(stream, sequence, length);

	packet.present |= MPTCP_HAS(dsn);
	packet.dsn = dsn;
	add(packet);
}

/* A DSS option; raw DSNs are 5000 more than relative ones. */
static void announce(uint32_t stream, uint64_t dsn, uint32_t ssn, uint32_t length, bool fin)
{
	struct mptcp_packet packet = build_mptcp(0, stream, MPTCP_SERVER, MPTCP_ACK);

	packet.present |= MPTCP_HAS(subtype) | MPTCP_HAS(dss_dsn) | MPTCP_HAS(dss_ssn) |
		MPTCP_HAS(dss_length) | MPTCP_HAS(datafin);
	packet.subtype = 1U << MPTCP_DSS;
	packet.tcpseq = 1;
	packet.dss_dsn = 5000 + dsn;
	packet.dss_ssn = ssn;
	packet.dss_length = length;
	packet.datafin = fin;
	add(packet);
}

/* A mapping of subflow sequence numbers to the same data sequence numbers. */
static void mapping(uint32_t stream, uint32_t ssn, uint32_t length)
{
	announce(stream, ssn, ssn, length, false);
}

/* A mapping of length 0 on a segment, with payload or without. */
static void mapping_at(uint32_t stream, uint32_t sequence, uint32_t length)
{
	struct mptcp_packet packet = segment(stream, sequence, length);

	packet.present |= MPTCP_HAS(subtype) | MPTCP_HAS(dss_dsn) | MPTCP_HAS(dss_ssn) |
		MPTCP_HAS(dss_length);
	packet.subtype = 1U << MPTCP_DSS;
	packet.dss_dsn = 5000 + sequence;
	packet.dss_ssn = sequence;
	if (length)
		packet.present |= MPTCP_HAS(dsn);
	packet.dsn = sequence;
	add(packet);
}

/* The DATA_FIN alone. */
static void data_fin(uint32_t stream, uint64_t dsn)
{
	announce(stream, dsn, 0, 1, true);
}

/* The server acknowledges; a DATA_ACK of 0 is none. */
static void acknowledge(uint32_t stream, uint32_t tcpack, uint64_t dack)
{
	struct mptcp_packet packet = build_mptcp(0, stream, MPTCP_CLIENT, MPTCP_ACK);

	packet.present |= MPTCP_HAS(tcpack) | MPTCP_HAS(dack) | MPTCP_HAS(dack_raw);
	packet.tcpseq = 1;
	packet.tcpack = tcpack;
	packet.dack = dack;
	packet.dack_raw = dack + 5000;
	if (!dack)
		packet.present &= ~(MPTCP_HAS(dack) | MPTCP_HAS(dack_raw));
	add(packet);
}

/* A DSS option without a mapping. */
static void dss(uint32_t stream, enum mptcp_role to)
{
	struct mptcp_packet packet = build_mptcp(0, stream, to, MPTCP_ACK);

	packet.present |= MPTCP_HAS(subtype);
	packet.subtype = 1U << MPTCP_DSS;
	packet.tcpseq = 1;
	add(packet);
}

enum { TOTAL = -1 };

/* As at the end of the capture; more packets may still come. */
static int settle(struct mptcp_error *error)
{
	return mptcp_story_end(&stats.story, error) || mptcp_stats_rows(&stats, error) ? -1 : 0;
}

/* The row of a subflow, or of the connection, to the server. */
static const struct mptcp_stats_row *row(int64_t tcpstream)
{
	struct mptcp_error error;

	assert_int_equal(settle(&error), 0);
	for (size_t i = 0; i < stats.row_count; i++)
		if (stats.rows[i].dest == MPTCP_SERVER && stats.rows[i].mptcpstream == 0 &&
			(stats.rows[i].total ? TOTAL : (int64_t)stats.rows[i].tcpstream) ==
				tcpstream)
			return &stats.rows[i];
	fail_msg("there is no row of %lld", (long long)tcpstream);
	return NULL;
}

static void assert_bytes(int64_t tcpstream, uint64_t sent, uint64_t unique, uint64_t first,
	uint64_t reinjected)
{
	const struct mptcp_stats_row *found = row(tcpstream);

	assert_true(found->sent_bytes == sent);
	assert_true(found->unique_bytes == unique);
	assert_true(found->first_copy_bytes == first);
	assert_true(found->reinjected_bytes == reinjected);
}

static void a_copy_on_the_same_subflow_is_a_retransmission(void **state)
{
	(void)state;
	syn(0);
	data(0, 1, 1, 100);
	data(0, 101, 101, 100);
	data(0, 51, 51, 100);
	assert_bytes(0, 300, 200, 200, 0);
	assert_bytes(TOTAL, 300, 200, 200, 0);
	assert_int_equal(row(0)->retransmitted_bytes, 100);
	assert_int_equal(row(TOTAL)->retransmitted_bytes, 100);
	assert_int_equal(row(0)->packets, 4);
	assert_int_equal(row(0)->data_packets, 3);
}

static void a_copy_on_another_subflow_is_reinjected_byte_by_byte(void **state)
{
	(void)state;
	syn(0);
	syn(1);
	data(0, 1, 1, 100);
	data(1, 1, 51, 100); /* half of it is a copy */
	data(0, 101, 201, 50);
	data(1, 101, 151, 150); /* new, copy, new */
	assert_bytes(0, 150, 150, 150, 0);
	assert_bytes(1, 250, 250, 150, 100);
	assert_bytes(TOTAL, 400, 300, 300, 100);
}

static void each_byte_under_new_sequence_numbers_is_reinjected_anew(void **state)
{
	(void)state;
	syn(0);
	syn(1);
	data(0, 1, 1, 100);
	data(1, 1, 1, 100);   /* reinjected */
	data(1, 1, 1, 100);   /* retransmitted */
	data(1, 101, 1, 100); /* reinjected once more, under other sequence numbers */
	data(0, 1, 1, 100);   /* a retransmission: here they came first */
	data(0, 101, 1, 50);  /* reinjected where they came first */
	assert_bytes(0, 250, 150, 100, 50);
	assert_bytes(1, 300, 200, 0, 200);
	assert_bytes(TOTAL, 550, 100, 100, 250);
}

static void a_probe_is_neither_a_copy_nor_new(void **state)
{
	(void)state;
	syn(0);
	data(0, 1, 1, 100);
	acknowledge(0, 101, 101);
	data(0, 101, 100, 1);
	data(0, 101, 100, 1);
	assert_bytes(0, 102, 101, 100, 0);
	assert_bytes(TOTAL, 102, 100, 100, 0);
	assert_int_equal(row(0)->probe_bytes, 1);
	assert_int_equal(row(TOTAL)->probe_bytes, 1);
	assert_int_equal(row(0)->retransmitted_bytes, 1);
}

static void data_sequence_numbers_wrap(void **state)
{
	(void)state;
	data(0, 1, 1, 100);
	data(0, UINT32_MAX - 98, UINT64_MAX - 98, 100); /* captured late: DSN -99 to 0 */
	data(1, 1, UINT64_MAX - 49, 100);               /* reinjects across DSN 0 */
	assert_bytes(0, 200, 200, 200, 0);
	assert_bytes(1, 100, 100, 0, 100);
	assert_bytes(TOTAL, 300, 200, 200, 100);
}

static void sequence_numbers_and_32_bit_dsns_wrap(void **state)
{
	uint64_t sent = 0;

	(void)state;
	syn(0);
	syn(1);
	for (int i = 0; i < 6; i++) {
		data(0, (uint32_t)(1 + sent), 1 + sent, 1U << 30);
		sent += 1U << 30;
		acknowledge(0, (uint32_t)(1 + sent), 1 + sent);
	}
	data(1, 1, (UINT64_C(1) << 32) - 9, 20); /* across 2^32 */
	assert_bytes(0, sent, sent, sent, 0);
	assert_bytes(1, 20, 20, 0, 20);
	assert_bytes(TOTAL, sent + 20, sent, sent, 20);
	assert_true(row(TOTAL)->acked_bytes == sent);
}

static void nothing_transferred_is_zeros_and_no_rates(void **state)
{
	(void)state;
	syn(0);
	acknowledge(0, 1, 1);
	assert_bytes(TOTAL, 0, 0, 0, 0);
	assert_true(row(TOTAL)->has_acked);
	assert_int_equal(row(TOTAL)->acked_bytes, 0);
	assert_true(isnan(row(TOTAL)->throughput));
	assert_true(isnan(row(TOTAL)->goodput_share));
	assert_true(isnan(row(TOTAL)->jain));
	assert_int_equal(row(0)->rtt.count, 0);
	assert_int_equal(row(TOTAL)->duration, 0);
}

static void one_byte_and_the_data_fin_that_is_none(void **state)
{
	(void)state;
	syn(0);
	data(0, 1, 1, 1);
	data_fin(0, 2);
	assert_int_equal(row(0)->mappings, 0);
	acknowledge(0, 2, 2);
	assert_int_equal(row(TOTAL)->acked_bytes, 1);
	acknowledge(0, 2, 3);
	assert_bytes(TOTAL, 1, 1, 1, 0);
	assert_int_equal(row(TOTAL)->acked_bytes, 1);
}

static void a_data_fin_behind_the_data_is_no_byte_acknowledged(void **state)
{
	(void)state;
	syn(0);
	data(0, 1, 1, 100);
	announce(0, 1, 1, 101, true); /* the mapping of the data, with the DATA_FIN: raw DSN 5101 */
	acknowledge(0, 101, 101);
	assert_int_equal(row(TOTAL)->acked_bytes, 100);
	acknowledge(0, 101, 102);
	assert_int_equal(row(TOTAL)->acked_bytes, 100);
	assert_int_equal(row(0)->mappings, 1);
}

static void sent_is_not_acknowledged(void **state)
{
	(void)state;
	syn(0);
	data(0, 1, 1, 1000);
	assert_false(row(TOTAL)->has_acked); /* nothing of the other direction was captured */
	acknowledge(0, 1001, 401);
	assert_true(row(TOTAL)->has_acked);
	assert_int_equal(row(TOTAL)->acked_bytes, 400);
	/* 400 bytes in the microsecond between the first and the last packet */
	assert_true(fabs(row(TOTAL)->goodput - 3.2e9) < 1);
	assert_true(fabs(row(0)->goodput - 3.2e9) < 1);
	assert_true(fabs(row(0)->throughput - 8e9) < 1);
}

static void data_captured_behind_its_data_ack_is_acknowledged(void **state)
{
	(void)state;
	syn(0);
	acknowledge(0, 1, 101);
	data(0, 1, 1, 150); /* 100 bytes of it */
	acknowledge(0, 1, 131);
	data(0, 1, 1, 150);
	assert_int_equal(row(TOTAL)->acked_bytes, 130);
	/* 130 bytes in four microseconds */
	assert_true(fabs(row(0)->goodput - 130 * 8 / 4e-6) < 1);
}

static void payload_without_a_dsn_counts_by_sequence_number(void **state)
{
	(void)state;
	establish();
	data(0, 1, 1, 100);
	add(segment(0, 101, 100));
	add(segment(0, 151, 100));
	acknowledge(0, 201, 0);
	assert_bytes(0, 300, 250, 250, 0);
	assert_bytes(TOTAL, 300, 250, 250, 0);
	assert_int_equal(row(TOTAL)->acked_bytes, 200); /* by TCP: it fell back */
}

static void payload_without_a_dsn_is_unmapped_while_mptcp_is_on(void **state)
{
	(void)state;
	establish();
	data(0, 1, 1, 100);
	add(segment(0, 101, 50)); /* a fallback? */
	mapping_at(0, 151, 0);    /* no: its sender goes on with MPTCP */
	add(segment(0, 151, 30)); /* now it is */
	add(segment(0, 161, 30));
	assert_bytes(0, 210, 190, 140, 0);
	assert_bytes(TOTAL, 210, 140, 140, 0);
	assert_int_equal(row(0)->unmapped_bytes, 50);
	assert_int_equal(row(TOTAL)->unmapped_bytes, 50);
	assert_int_equal(row(TOTAL)->retransmitted_bytes, 20);
}

static void an_infinite_mapping_is_counted_once_and_acknowledged_by_tcp(void **state)
{
	(void)state;
	establish();
	mapping(0, 1, 100);
	data(0, 1, 1, 100);
	acknowledge(0, 101, 101);
	mapping_at(0, 101, 50); /* of length 0, with payload: RFC 8684 section 3.7 */
	mapping_at(0, 101, 50);
	data(0, 101, 101, 100);
	acknowledge(0, 181, 0);
	assert_int_equal(row(0)->mappings, 2);
	assert_int_equal(row(TOTAL)->acked_bytes, 180);
}

static void payload_of_a_syn_is_no_fallback(void **state)
{
	struct mptcp_packet packet = build_mptcp(0, 0, MPTCP_SERVER, MPTCP_SYN);

	(void)state;
	packet.tcplen = 10;
	add(packet);
	data(0, 11, 1, 100);
	acknowledge(0, 111, 51);
	assert_bytes(TOTAL, 110, 110, 110, 0);
	assert_int_equal(row(TOTAL)->acked_bytes, 60);
}

static void a_payload_of_several_pieces_counts_each(void **state)
{
	struct mptcp_packet packet = segment(0, 1, 300);

	(void)state;
	packet.present |= MPTCP_HAS(dsn_split);
	packet.dsn_split = (struct mptcp_text){"0:1:100;150:501:100", 19};
	add(packet);
	data(1, 1, 501, 50);
	assert_bytes(0, 300, 300, 200, 0);
	assert_int_equal(row(0)->unmapped_bytes, 100);
	assert_bytes(1, 50, 50, 0, 50);
	assert_bytes(TOTAL, 350, 200, 200, 50);
}

static void a_mapping_announced_again_is_the_same(void **state)
{
	(void)state;
	mapping(0, 1, 1000);
	mapping(0, 1, 1000);
	mapping(0, 1001, 1000);
	mapping(0, 1, 1000); /* retransmitted */
	mapping(1, 1, 1000);
	mapping(0, UINT32_MAX - 9, 20); /* before the first, across 2^32 */
	assert_int_equal(row(0)->mappings, 3);
	assert_int_equal(row(1)->mappings, 1);
	assert_int_equal(row(TOTAL)->mappings, 4);
}

/* RFC 8684 section 3.1: the first data of a client has its mapping in MP_CAPABLE, which stands on
 * all segments of it; when it is retransmitted it may come with a DSS option. */
static void the_mapping_in_mp_capable_counts(void **state)
{
	struct mptcp_packet packet = segment(0, 1, 100);

	(void)state;
	syn(0);
	packet.present |= MPTCP_HAS(subtype) | MPTCP_HAS(options);
	packet.subtype = 1U << MPTCP_MP_CAPABLE;
	packet.options = (struct mptcp_text){"1e16018100000000000000010000000000000002012c", 44};
	add(packet); /* 300 bytes */
	packet.tcpseq = 101;
	add(packet);
	mapping(0, 1, 300);
	assert_int_equal(row(0)->mappings, 1);
	mapping(0, 301, 100);
	assert_int_equal(row(0)->mappings, 2);
	packet.tcplen = 0; /* the third ACK of another subflow: the length is for its data */
	packet.tcpstream = 1;
	add(packet);
	assert_int_equal(row(1)->mappings, 0);
}

static void begun_in_the_middle_data_counts_from_the_lowest_number(void **state)
{
	(void)state;
	acknowledge(0, 1, 5001);
	acknowledge(1, 1, 3001); /* an older one, on its way for longer */
	data(0, 1, 6001, 100);
	assert_int_equal(row(TOTAL)->acked_bytes, 2000);
	acknowledge(0, 101, 6101);
	assert_int_equal(row(TOTAL)->acked_bytes, 3100);
	data(1, 1, 2001, 100); /* data that is older still */
	assert_int_equal(row(TOTAL)->acked_bytes, 4100);
}

static void data_above_a_hole_is_out_of_order_on_the_level_of_the_hole(void **state)
{
	(void)state;
	syn(0);
	syn(1);
	data(0, 1, 1, 100);
	data(1, 1, 201, 100);   /* a hole in the data, none on the subflow */
	data(0, 201, 301, 100); /* a hole on both */
	data(0, 101, 101, 100);
	data(1, 101, 401, 100);
	assert_int_equal(row(0)->out_of_order_bytes, 100);
	assert_int_equal(row(1)->out_of_order_bytes, 0);
	assert_int_equal(row(TOTAL)->out_of_order_bytes, 200);
}

static void shares_jain_index_and_switches(void **state)
{
	(void)state;
	syn(0);
	syn(1);
	syn(2); /* never answered: not established */
	dss(1, MPTCP_CLIENT);
	data(0, 1, 1, 100);
	data(1, 1, 101, 200);
	data(1, 1, 101, 200);
	data(0, 101, 301, 100);
	assert_true(fabs(row(0)->throughput_share - 200. / 600) < 1e-9);
	assert_true(fabs(row(1)->throughput_share - 400. / 600) < 1e-9);
	assert_true(fabs(row(0)->goodput_share + row(1)->goodput_share - 1) < 1e-9);
	assert_true(fabs(row(TOTAL)->jain - 1) < 1e-9); /* 200 and 200 first copies */
	assert_int_equal(row(TOTAL)->switches, 2);
	data_fin(2, 401); /* its client does not know yet that it was refused */
	assert_true(fabs(row(TOTAL)->jain - 1) < 1e-9);
	dss(2, MPTCP_CLIENT); /* established after all, and carried nothing */
	assert_true(fabs(row(TOTAL)->jain - 2. / 3) < 1e-9);
}

static void round_trip_times_are_of_the_subflow_that_sent_the_only_copy(void **state)
{
	(void)state;
	syn(0);
	syn(1);
	data(0, 1, 1, 100);   /* at 4 us */
	data(1, 1, 101, 100); /* at 5 us */
	data(1, 101, 201, 100);
	data(0, 101, 201, 100);
	acknowledge(0, 101, 301); /* at 8 us */
	assert_int_equal(row(0)->rtt.count, 1);
	assert_int_equal(row(0)->rtt.min, 4000);
	assert_int_equal(row(0)->rtt.p50, 4000);
	assert_int_equal(row(1)->rtt.count, 1);
	assert_int_equal(row(1)->rtt.max, 3000);
	assert_int_equal(row(TOTAL)->rtt.count, 2);
	assert_int_equal(row(TOTAL)->rtt.min, 3000);
	assert_int_equal(row(TOTAL)->rtt.mean, 3500);
	assert_int_equal(row(TOTAL)->rtt.max, 4000);
}

static void rows_are_in_the_order_of_numbers(void **state)
{
	static const struct {
		uint32_t mptcpstream;
		enum mptcp_role dest;
		int64_t tcpstream;
	} want[] = {
		{1, MPTCP_SERVER, 4},
		{1, MPTCP_SERVER, 9},
		{1, MPTCP_SERVER, TOTAL},
		{1, MPTCP_CLIENT, 4},
		{1, MPTCP_CLIENT, 9},
		{1, MPTCP_CLIENT, TOTAL},
		{7, MPTCP_SERVER, 2},
		{7, MPTCP_SERVER, TOTAL},
		{7, MPTCP_CLIENT, 2},
		{7, MPTCP_CLIENT, TOTAL},
	};
	static const uint32_t streams[][2] = {{7, 2}, {1, 9}, {1, 4}};
	struct mptcp_error error;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct mptcp_packet packet = build_mptcp(0, streams[i][1], MPTCP_SERVER, MPTCP_ACK);

		packet.mptcpstream = streams[i][0];
		add(packet);
	}
	add((struct mptcp_packet){.present = MPTCP_HAS(tcpstream)}); /* plain TCP */
	for (int again = 0; again < 2; again++) {
		assert_int_equal(settle(&error), 0);
		assert_int_equal(stats.row_count, sizeof(want) / sizeof(*want));
		for (size_t i = 0; i < stats.row_count; i++) {
			const struct mptcp_stats_row *got = &stats.rows[i];

			assert_int_equal(got->mptcpstream, want[i].mptcpstream);
			assert_int_equal(got->dest, want[i].dest);
			assert_int_equal(got->total, want[i].tcpstream == TOTAL);
			if (!got->total)
				assert_int_equal(got->tcpstream, want[i].tcpstream);
		}
	}
}

/* What goes on keeps its round-trip times, though what stood before it in the arrays is gone. */
static void forgetting_a_connection_leaves_the_others_as_they_are(void **state)
{
	struct mptcp_packet old = build_mptcp(0, 7, MPTCP_SERVER, MPTCP_ACK);
	struct mptcp_error error;

	(void)state;
	old.mptcpstream = 9;
	add(old);
	clock_now += 2 * MPTCP_STORY_FORGET_SILENT;
	data(0, 1, 1, 100);
	data(1, 1, 101, 100);
	assert_int_equal(settle(&error), 0);
	assert_int_equal(mptcp_story_forget(&stats.story, &error), 0);
	assert_int_equal(stats.story.roster.connection_count, 1);
	assert_int_equal(stats.story.roster.subflow_count, 2);
	data(1, 101, 201, 100);
	acknowledge(0, 101, 301);
	assert_int_equal(row(0)->rtt.count, 1);
	assert_int_equal(row(0)->rtt.min, 3000);
	assert_int_equal(row(1)->rtt.count, 2);
	assert_int_equal(row(1)->rtt.max, 2000);
	assert_int_equal(row(TOTAL)->switches, 1);
}

static uint32_t random_below(uint32_t bound)
{
	static uint64_t random = 1;

	random = random * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (uint32_t)(random >> 33) % bound;
}

/* A packet of any numbers, near one another or far apart. */
static struct mptcp_packet random_packet(void)
{
	struct mptcp_packet packet =
		build_mptcp(0, random_below(4), random_below(2) ? MPTCP_SERVER : MPTCP_CLIENT,
			random_below(9) ? MPTCP_ACK : random_below(32));
	bool wild = !random_below(20);

	packet.mptcpdest = (uint8_t)random_below(2);
	packet.tcpseq = wild ? random_below(UINT32_MAX) : random_below(5000);
	packet.tcplen = random_below(3) ? random_below(300) : 0;
	packet.dsn =
		wild ? (uint64_t)random_below(UINT32_MAX) << random_below(33) : random_below(5000);
	if (!random_below(50)) /* ends at the far end of the sets */
		packet.dsn = (UINT64_C(1) << 63) - 100;
	packet.tcpack = random_below(6000);
	packet.dack = wild ? (uint64_t)packet.tcpack << 40 : random_below(6000);
	packet.dss_ssn = packet.tcpseq;
	packet.dss_length = random_below(3) ? random_below(400) : 0;
	packet.datafin = !random_below(10);
	packet.subtype = (uint16_t)random_below(64);
	packet.present |= random_below(4) ? MPTCP_HAS(dsn) : 0;
	packet.present |= random_below(2) ? MPTCP_HAS(dack) | MPTCP_HAS(tcpack) : 0;
	packet.present |= random_below(2) ? MPTCP_HAS(subtype) | MPTCP_HAS(dss_dsn) |
			MPTCP_HAS(dss_ssn) | MPTCP_HAS(dss_length) | MPTCP_HAS(datafin)
					  : 0;
	return packet;
}

static void the_sums_hold_for_any_input(void **state)
{
	struct mptcp_error error;

	(void)state;
	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 200; i++)
			add(random_packet());
		uint64_t first = 0, sent = 0;

		assert_int_equal(settle(&error), 0);
		for (size_t i = 0; i < stats.row_count; i++) {
			const struct mptcp_stats_row *got = &stats.rows[i];

			assert_true(got->sent_bytes ==
				got->first_copy_bytes + got->retransmitted_bytes +
					got->reinjected_bytes + got->probe_bytes +
					got->unmapped_bytes);
			if (!got->total) {
				assert_true(got->unique_bytes ==
					got->sent_bytes - got->retransmitted_bytes);
				first += got->first_copy_bytes;
				sent += got->sent_bytes;
				continue;
			}
			assert_true(got->unique_bytes == got->first_copy_bytes);
			assert_true(got->first_copy_bytes == first);
			assert_true(got->sent_bytes == sent);
			first = sent = 0;
		}
		mptcp_stats_clear(&stats);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_copy_on_the_same_subflow_is_a_retransmission),
		TEST(a_copy_on_another_subflow_is_reinjected_byte_by_byte),
		TEST(each_byte_under_new_sequence_numbers_is_reinjected_anew),
		TEST(a_probe_is_neither_a_copy_nor_new),
		TEST(data_sequence_numbers_wrap),
		TEST(sequence_numbers_and_32_bit_dsns_wrap),
		TEST(nothing_transferred_is_zeros_and_no_rates),
		TEST(one_byte_and_the_data_fin_that_is_none),
		TEST(a_data_fin_behind_the_data_is_no_byte_acknowledged),
		TEST(sent_is_not_acknowledged),
		TEST(data_captured_behind_its_data_ack_is_acknowledged),
		TEST(payload_without_a_dsn_counts_by_sequence_number),
		TEST(payload_without_a_dsn_is_unmapped_while_mptcp_is_on),
		TEST(an_infinite_mapping_is_counted_once_and_acknowledged_by_tcp),
		TEST(payload_of_a_syn_is_no_fallback),
		TEST(a_payload_of_several_pieces_counts_each),
		TEST(a_mapping_announced_again_is_the_same),
		TEST(the_mapping_in_mp_capable_counts),
		TEST(begun_in_the_middle_data_counts_from_the_lowest_number),
		TEST(data_above_a_hole_is_out_of_order_on_the_level_of_the_hole),
		TEST(shares_jain_index_and_switches),
		TEST(round_trip_times_are_of_the_subflow_that_sent_the_only_copy),
		TEST(rows_are_in_the_order_of_numbers),
		TEST(forgetting_a_connection_leaves_the_others_as_they_are),
		TEST(the_sums_hold_for_any_input),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
