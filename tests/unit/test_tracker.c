/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames in, packets out: which stream, which side, which data (RFC 8684, RFC 6824). */
#include "scenario.h"

#include <stdlib.h>

static void a_v1_handshake_tells_keys_tokens_and_idsn(void **state)
{
	(void)state;
	open_v1(&path_a);
	size_t up = data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	size_t down = data(&path_a, LISTENER, 1, 50, SERVER_IDSN_V1 + 1);
	size_t ack = segment(&path_a, OPENER, MPTCP_ACK, 101, 51, 0);
	data_ack(SERVER_IDSN_V1 + 51, 8);
	play();
	assert_one_connection();
	for (size_t i = 0; i < frame_count; i++) {
		assert_column(i, mptcpversion, 1);
		assert_column(i, tcpstream, 0);
	}
	assert_no_column(0, sendkey);
	assert_column(1, sendkey, SERVER_KEY);
	assert_column(1, expected_token, SERVER_TOKEN_V1);
	assert_column(2, sendkey, CLIENT_KEY);
	assert_column(2, recvkey, SERVER_KEY);
	assert_column(2, expected_token, CLIENT_TOKEN_V1);
	assert_column(0, mptcpdest, MPTCP_SERVER);
	assert_column(1, mptcpdest, MPTCP_CLIENT);
	assert_column(up, dsn, 1);
	assert_column(up, dsn_raw, CLIENT_IDSN_V1 + 1);
	assert_column(down, dsn, 1);
	assert_column(ack, dack, 51);
	assert_column(ack, dack_raw, SERVER_IDSN_V1 + 51);
}

static void a_v0_handshake_tells_keys_tokens_and_idsn(void **state)
{
	(void)state;
	open_v0(&path_a);
	size_t up = segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 100);
	map32((uint32_t)(CLIENT_IDSN_V0 + 1), 1, 100);
	size_t ack = segment(&path_a, LISTENER, MPTCP_ACK, 1, 101, 0);
	data_ack((uint32_t)(CLIENT_IDSN_V0 + 101), 4);
	play();
	assert_one_connection();
	assert_column(0, mptcpversion, 0);
	assert_column(0, expected_token, CLIENT_TOKEN_V0);
	assert_column(1, expected_token, SERVER_TOKEN_V0);
	assert_column(up, dsn, 1);
	assert_column(up, dsn_raw, CLIENT_IDSN_V0 + 1);
	assert_column(up, dss_dsn, (uint32_t)(CLIENT_IDSN_V0 + 1));
	assert_column(ack, dack, 101);
	assert_column(ack, dack_raw, CLIENT_IDSN_V0 + 101);
	assert_column(ack, dss_rawack, (uint32_t)(CLIENT_IDSN_V0 + 101));
}

static void streams_are_numbered_in_order_and_plain_tcp_has_no_mptcpstream(void **state)
{
	static const struct path plain = {3, {40002, 80}, {5000000, 6000000}};

	(void)state;
	segment(&plain, OPENER, MPTCP_SYN, 0, 0, 0);
	open_v1(&path_b);
	segment(&plain, OPENER, MPTCP_ACK, 1, 1, 7);
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	play();
	assert_column(0, tcpstream, 0);
	assert_no_column(0, mptcpstream);
	assert_no_column(4, mptcpstream);
	assert_column(1, tcpstream, 1);
	assert_column(1, mptcpstream, 0);
	assert_column(5, tcpstream, 2);
	assert_column(5, mptcpstream, 1);
}

static void every_packet_of_a_subflow_has_its_mptcpstream(void **state)
{
	(void)state;
	size_t before = segment(&path_a, LISTENER, MPTCP_ACK, 1, 1, 0);
	open_v1(&path_a);
	size_t plain = segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 10);
	size_t reset = segment(&path_a, LISTENER, MPTCP_RST, 1, 0, 0);
	play();
	assert_one_connection();
	assert_column(before, mptcpdest, MPTCP_CLIENT);
	assert_no_column(plain, dsn);
	assert_column(reset, mptcpdest, MPTCP_CLIENT);
	assert_no_column(reset, tcpack);
}

static void a_syn_captured_after_its_data_explains_it(void **state)
{
	(void)state;
	size_t early = data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	open_v1(&path_a);
	play();
	assert_one_connection();
	assert_column(early, tcpstream, 0);
	assert_column(early, tcpseq, 1);
	assert_column(early, dsn, 1);
	assert_column(early, mptcpdest, MPTCP_SERVER);
}

/* The guess from the ports, before a SYN is there, must leave nothing behind that is wrong. */
static void a_late_syn_from_the_lower_port_turns_everything_round(void **state)
{
	static const struct path low = {1, {1024, 50000}, {1000000, 2000000}};

	(void)state;
	size_t early = data(&low, OPENER, 1, 100, CLIENT_IDSN_V0 + 1);
	size_t answer = data(&low, LISTENER, 1, 100, SERVER_IDSN_V0 + 1);
	open_v0(&low);
	size_t up = segment(&low, OPENER, MPTCP_ACK, 101, 1, 100);
	map32((uint32_t)(CLIENT_IDSN_V0 + 101), 101, 100);
	size_t down = segment(&low, LISTENER, MPTCP_ACK, 101, 1, 100);
	put_dss(last_frame(),
		(struct dss){.ack_size = 4,
			.ack = (uint32_t)(CLIENT_IDSN_V0 + 201),
			.dsn_size = 4,
			.dsn = (uint32_t)(SERVER_IDSN_V0 + 101),
			.ssn = 101,
			.length = 100});
	play();
	assert_one_connection();
	assert_column(early, mptcpdest, MPTCP_SERVER);
	assert_column(early, dsn, 1);
	assert_column(answer, dsn, 1);
	assert_column(up, dsn_raw, CLIENT_IDSN_V0 + 101);
	assert_column(down, dsn_raw, SERVER_IDSN_V0 + 101);
	assert_column(down, dack_raw, CLIENT_IDSN_V0 + 201);
}

static void a_mapping_captured_after_its_data_explains_it(void **state)
{
	(void)state;
	open_v1(&path_a);
	size_t first = segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 100);
	size_t second = segment(&path_a, OPENER, MPTCP_ACK, 101, 1, 100);
	segment(&path_a, OPENER, MPTCP_ACK, 201, 1, 100);
	map(CLIENT_IDSN_V1 + 1, 1, 300);
	play();
	assert_column(first, dsn, 1);
	assert_column(second, dsn, 101);
	assert_no_column(first, dss_dsn);
}

static void a_mapping_repeated_over_many_segments_numbers_each(void **state)
{
	(void)state;
	open_v1(&path_a);
	for (uint32_t i = 0; i < 30; i++) {
		segment(&path_a, OPENER, MPTCP_ACK, 1 + i * 1400, 1, 1400);
		map(CLIENT_IDSN_V1 + 1, 1, 42000);
	}
	play();
	for (uint32_t i = 0; i < 30; i++) {
		assert_column(3 + i, dsn, 1 + i * 1400);
		assert_column(3 + i, dss_length, 42000);
		assert_no_column(3 + i, dsn_split);
	}
}

static void a_segment_over_two_mappings_names_both_pieces(void **state)
{
	(void)state;
	open_v1(&path_a);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	map(CLIENT_IDSN_V1 + 1, 1, 100);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	map(CLIENT_IDSN_V1 + 501, 101, 100);
	size_t both = segment(&path_a, OPENER, MPTCP_ACK, 51, 1, 100);
	size_t tail = segment(&path_a, OPENER, MPTCP_ACK, 151, 1, 100);
	play();
	assert_column(both, dsn, 51);
	assert_string_equal(rows[both].dsn_split, "0:51:50;50:501:50");
	assert_column(tail, dsn, 551);
	assert_string_equal(rows[tail].dsn_split, "0:551:50");
}

static void thirty_two_bit_numbers_extend_over_their_wrap(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(0, WRAP_KEY_V0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(0, SERVER_KEY, 0, 0);
	for (uint32_t i = 0; i < 4; i++) {
		segment(&path_a, OPENER, MPTCP_ACK, 1 + i * 1000, 1, 1000);
		map32((uint32_t)(WRAP_IDSN_V0 + 1 + i * 1000), 1 + i * 1000, 1000);
		segment(&path_a, LISTENER, MPTCP_ACK, 1, 1001 + i * 1000, 0);
		data_ack((uint32_t)(WRAP_IDSN_V0 + 1001 + i * 1000), 4);
	}
	play();
	for (uint32_t i = 0; i < 4; i++) {
		assert_column(2 + 2 * i, dsn, 1 + i * 1000);
		assert_column(2 + 2 * i, dsn_raw, WRAP_IDSN_V0 + 1 + i * 1000);
		assert_column(3 + 2 * i, dack, 1001 + i * 1000);
		assert_column(3 + 2 * i, dack_raw, WRAP_IDSN_V0 + 1001 + i * 1000);
	}
}

static void a_data_fin_alone_and_with_data_takes_no_byte(void **state)
{
	(void)state;
	open_v1(&path_a);
	size_t with = segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 10);
	put_dss(last_frame(),
		(struct dss){.dsn_size = 8,
			.dsn = CLIENT_IDSN_V1 + 1,
			.ssn = 1,
			.length = 11,
			.data_fin = 1});
	size_t alone = segment(&path_a, LISTENER, MPTCP_ACK, 1, 11, 0);
	put_dss(last_frame(),
		(struct dss){.dsn_size = 8,
			.dsn = SERVER_IDSN_V1 + 1,
			.ssn = 0,
			.length = 1,
			.data_fin = 1});
	size_t behind = segment(&path_a, OPENER, MPTCP_ACK, 11, 1, 1);
	play();
	assert_column(with, datafin, 1);
	assert_column(with, dsn, 1);
	assert_no_column(with, dsn_split);
	assert_column(alone, datafin, 1);
	assert_column(alone, dss_length, 1);
	assert_no_column(alone, dsn);
	assert_no_column(behind, dsn);
}

static void an_infinite_mapping_covers_all_that_follows(void **state)
{
	(void)state;
	open_v1(&path_a);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	size_t first = segment(&path_a, OPENER, MPTCP_ACK, 101, 1, 100);
	map(CLIENT_IDSN_V1 + 101, 101, 0);
	size_t later = segment(&path_a, OPENER, MPTCP_ACK, 100201, 1, 100);
	play();
	assert_column(first, dsn, 101);
	assert_column(first, dss_length, 0);
	assert_column(later, dsn, 100201);
}

static void mp_capable_with_data_is_a_mapping(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, SERVER_KEY, 0, 0);
	size_t first = segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 100);
	capable(1, CLIENT_KEY, SERVER_KEY, 100);
	size_t second = data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
	play();
	assert_column(first, dsn, 1);
	assert_column(second, dsn, 101);
}

/* Segmentation offload repeats the options in each segment of a large send: RFC 8684 section 3.1
 * has the mapping begin at the first. */
static void mp_capable_repeated_on_each_segment_of_the_first_send_is_one_mapping(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, SERVER_KEY, 0, 0);
	for (uint32_t i = 0; i < 3; i++) {
		segment(&path_a, OPENER, MPTCP_ACK, 1 + i * 1000, 1, 1000);
		capable(1, CLIENT_KEY, SERVER_KEY, 3000);
	}
	size_t after = data(&path_a, OPENER, 3001, 1000, CLIENT_IDSN_V1 + 3001);
	play();
	for (uint32_t i = 0; i < 3; i++)
		assert_column(2 + i, dsn, 1 + i * 1000);
	assert_column(after, dsn, 3001);
}

static void fast_open_data_in_the_syn_has_no_dsn_and_shifts_nothing(void **state)
{
	(void)state;
	size_t syn = segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 50);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 51, 0);
	capable(1, SERVER_KEY, 0, 0);
	size_t first = segment(&path_a, OPENER, MPTCP_ACK, 51, 1, 100);
	capable(1, CLIENT_KEY, SERVER_KEY, 100);
	size_t second = data(&path_a, OPENER, 151, 100, CLIENT_IDSN_V1 + 101);
	play();
	assert_no_column(syn, dsn);
	assert_column(syn, tcpseq, 0);
	assert_column(syn, retransmission, 0);
	assert_column(first, dsn, 1);
	assert_column(first, retransmission, 0);
	assert_column(second, dsn, 101);
}

static void a_segment_with_any_byte_sent_before_is_a_retransmission(void **state)
{
	(void)state;
	open_v1(&path_a);
	size_t first = data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	size_t hole = data(&path_a, OPENER, 201, 100, CLIENT_IDSN_V1 + 201);
	size_t fill = data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
	size_t again = data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	size_t partly = data(&path_a, OPENER, 291, 100, CLIENT_IDSN_V1 + 291);
	size_t ack = segment(&path_a, LISTENER, MPTCP_ACK, 1, 391, 0);
	play();
	assert_column(first, retransmission, 0);
	assert_column(hole, retransmission, 0);
	assert_column(fill, retransmission, 0);
	assert_column(again, retransmission, 1);
	assert_column(again, dsn, 1);
	assert_column(partly, retransmission, 1);
	assert_no_column(ack, retransmission);
	for (size_t i = first; i <= partly; i++)
		assert_no_column(i, reinjection_of);
}

static void data_sent_before_is_a_reinjection_of_all_that_carried_it_in_part_too(void **state)
{
	(void)state;
	open_v1(&path_a);
	join(&path_b, SERVER_TOKEN_V1);
	size_t first = data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
	size_t whole = data(&path_b, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	size_t partly = data(&path_b, OPENER, 101, 100, CLIENT_IDSN_V1 + 51);
	size_t fresh = data(&path_b, OPENER, 201, 100, CLIENT_IDSN_V1 + 201);
	size_t back = data(&path_a, OPENER, 201, 20, CLIENT_IDSN_V1 + 91);
	size_t other_way = data(&path_b, LISTENER, 1, 100, SERVER_IDSN_V1 + 1);
	play();
	assert_int_equal(rows[first].packet.packetid, 7);
	assert_no_column(first, reinjection_of);
	assert_string_equal(rows[whole].reinjection_of, "7");
	assert_string_equal(rows[partly].reinjection_of, "7;8;9");
	assert_string_equal(rows[fresh].reinjection_of, "");
	assert_string_equal(rows[back].reinjection_of, "7;8;9;10");
	assert_string_equal(rows[other_way].reinjection_of, "");
	assert_column(whole, retransmission, 0);
}

static void data_under_new_sequence_numbers_of_its_own_subflow_is_reinjected(void **state)
{
	(void)state;
	open_v1(&path_a);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1); /* 4 */
	size_t again = data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 1);
	size_t half = data(&path_a, OPENER, 201, 100, CLIENT_IDSN_V1 + 51);
	play();
	assert_string_equal(rows[again].reinjection_of, "4");
	assert_string_equal(rows[half].reinjection_of, "4;5");
	assert_column(again, retransmission, 0);
}

static void a_retransmission_is_no_reinjection_whoever_carried_its_data(void **state)
{
	(void)state;
	open_v1(&path_a);
	join(&path_b, SERVER_TOKEN_V1);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1); /* 7 */
	data(&path_b, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	size_t back = data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	size_t again = data(&path_b, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	size_t both = data(&path_b, OPENER, 51, 100, CLIENT_IDSN_V1 + 51);
	play();
	assert_column(back, retransmission, 1);
	assert_string_equal(rows[back].reinjection_of, "");
	assert_column(again, retransmission, 1);
	assert_string_equal(rows[again].reinjection_of, "");
	assert_column(both, retransmission, 1);
	assert_string_equal(rows[both].reinjection_of, "");
}

static void a_zero_window_probe_is_no_reinjection(void **state)
{
	(void)state;
	open_v1(&path_a);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	segment(&path_a, LISTENER, MPTCP_ACK, 1, 101, 0);
	data_ack(CLIENT_IDSN_V1 + 101, 8);
	size_t probe = data(&path_a, OPENER, 101, 1, CLIENT_IDSN_V1 + 100);
	size_t other = data(&path_a, OPENER, 102, 1, CLIENT_IDSN_V1 + 99);
	play();
	assert_column(probe, dsn, 100);
	assert_column(probe, retransmission, 0);
	assert_string_equal(rows[probe].reinjection_of, "");
	assert_string_equal(rows[other].reinjection_of, "4");
}

/* Each earlier packet is named once, in order, whatever the pieces. */
static void a_reinjection_in_two_pieces_names_each_original_once(void **state)
{
	(void)state;
	open_v1(&path_a);
	join(&path_b, SERVER_TOKEN_V1);
	data(&path_a, OPENER, 1, 200, CLIENT_IDSN_V1 + 101); /* 7 */
	data(&path_a, OPENER, 201, 100, CLIENT_IDSN_V1 + 1); /* 8 */
	segment(&path_b, OPENER, MPTCP_ACK, 1, 1, 0);
	map(CLIENT_IDSN_V1 + 251, 1, 50);
	segment(&path_b, OPENER, MPTCP_ACK, 1, 1, 0);
	map(CLIENT_IDSN_V1 + 51, 51, 100);
	size_t both = segment(&path_b, OPENER, MPTCP_ACK, 1, 1, 150);
	play();
	assert_string_equal(rows[both].dsn_split, "0:251:50;50:51:100");
	assert_string_equal(rows[both].reinjection_of, "7;8");
}

/* Subflow sequence numbers near 2^31 from the place where the capture begins. */
static void a_capture_from_the_middle_maps_at_any_subflow_sequence_number(void **state)
{
	static const uint32_t begin[] = {0x7ffffc00, 0x80000000, 0x80000400, 0xfffffc00,
		3000000000};
	const uint64_t up = UINT64_C(0x1234567800001000);

	for (size_t n = 0; n < sizeof(begin) / sizeof(begin[0]); n++) {
		begin_scenario(state);
		for (uint32_t i = 0; i < 20; i++)
			if (i % 4) /* some were lost by whoever captured */
				data(&path_a, OPENER, begin[n] + i * 100, 100, up + i * 100);
		play();
		for (size_t i = 1; i < frame_count; i++) {
			if (!mptcp_packet_has(&rows[i].packet, MPTCP_COLUMN_dsn))
				fail_msg("subflow sequence number %u has no DSN",
					(unsigned)rows[i].packet.dss_ssn);
			assert_column(i, dsn_raw, up + (rows[i].packet.dss_ssn - begin[n]));
		}
	}
}

static void ports_used_again_with_another_isn_are_another_stream(void **state)
{
	static const struct path again = {1, {40000, 443}, {91000000, 92000000}};

	(void)state;
	open_v1(&path_a);
	segment(&path_a, OPENER, MPTCP_RST, 1, 0, 0);
	segment(&again, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&again, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, OTHER_SERVER_KEY, 0, 0);
	segment(&again, OPENER, MPTCP_ACK, 1, 1, 0);
	play();
	for (size_t i = 0; i < frame_count; i++) {
		assert_column(i, tcpstream, i < 4 ? 0 : 1);
		assert_column(i, mptcpstream, i < 4 ? 0 : 1);
	}
	assert_column(6, tcpseq, 1);
	assert_column(6, tcpack, 1);
}

static void windows_are_scaled_if_both_ends_asked_for_it_and_never_in_a_syn(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	window_scale(7);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	window_scale(3);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	segment(&path_a, LISTENER, MPTCP_ACK, 1, 1, 0);
	segment(&path_b, OPENER, MPTCP_SYN, 0, 0, 0);
	window_scale(7);
	segment(&path_b, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	segment(&path_b, OPENER, MPTCP_ACK, 1, 1, 0);
	play();
	assert_column(0, rwnd, 1000);
	assert_column(1, rwnd, 1000);
	assert_column(2, rwnd, 128000);
	assert_column(3, rwnd, 8000);
	assert_column(6, rwnd, 1000);
}

static void sequence_numbers_wrap_at_32_bits(void **state)
{
	static const struct path wrapping = {1, {40000, 443}, {0xffffff00, 0xfffffffe}};

	(void)state;
	open_v1(&wrapping);
	for (uint32_t i = 0; i < 5; i++)
		data(&wrapping, OPENER, 1 + i * 100, 100, CLIENT_IDSN_V1 + 1 + i * 100);
	size_t again = data(&wrapping, OPENER, 201, 100, CLIENT_IDSN_V1 + 201);
	size_t ack = segment(&wrapping, LISTENER, MPTCP_ACK, 1, 501, 0);
	play();
	for (uint32_t i = 0; i < 5; i++) {
		assert_column(3 + i, tcpseq, 1 + i * 100);
		assert_column(3 + i, tcpseq_raw, 0xffffff00 + 1 + i * 100);
		assert_column(3 + i, dsn, 1 + i * 100);
		assert_column(3 + i, retransmission, 0);
	}
	assert_column(again, retransmission, 1);
	assert_column(ack, tcpack, 501);
}

static void malformed_options_leave_the_packet_in_its_stream(void **state)
{
	static const uint8_t bad[][4] = {{30, 0, 0x20, 1}, {30, 1, 0x20, 1}, {30, 255, 0x20, 1},
		{30, 8, 0x20, 5}, {30, 4, 0xa0, 0}, {30, 3, 0x20, 0x0d}};

	(void)state;
	open_v1(&path_a);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
		memcpy(last_frame()->options, bad[i], 4);
		last_frame()->options_length = 4;
	}
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0); /* cut off after the kind */
	last_frame()->options[0] = 30;
	last_frame()->options_length = 1;
	play();
	assert_one_connection();
}

static void several_options_of_one_packet_keep_their_values(void **state)
{
	(void)state;
	open_v1(&path_a);
	size_t at = segment(&path_a, LISTENER, MPTCP_ACK, 1, 1, 0);
	put(last_frame(), 0x1e044007, 4);
	data_ack(CLIENT_IDSN_V1 + 1, 8);
	put(last_frame(), 0x1e0351, 3);
	play();
	assert_column(at, subtype, 1 << MPTCP_DSS | 1 << MPTCP_REMOVE_ADDR | 1 << MPTCP_MP_PRIO);
	assert_string_equal(rows[at].addrid, "7");
	assert_string_equal(rows[at].options, "1e044007;1e0351");
	assert_column(at, backup, 1);
	assert_column(at, dack, 1);
}

/* Random frames with few addresses, tokens, keys and DSNs, so that all ways of merging meet. */
static void random_handshakes_and_data_in_any_order_are_survived(void **state)
{
	static const uint64_t keys[] = {CLIENT_KEY, SERVER_KEY, OTHER_CLIENT_KEY, OTHER_SERVER_KEY};
	static const uint32_t tokens[] = {CLIENT_TOKEN_V1, SERVER_TOKEN_V1, CLIENT_TOKEN_V0,
		0xccad45ac, 0x66840dda, 1, 2};

	srand(1);
	for (int run = 0; run < 3000; run++) {
		begin_scenario(state);
		for (int i = 0; i < 60; i++) {
			struct path path = {(uint8_t)(rand() % 5), {rand() % 2 ? 40000 : 400, 443},
				{1000, 2000}};
			uint64_t dsn = (UINT64_C(0x1111111100000000) << rand() % 3) +
				(uint64_t)rand() % 3000 - 1500;
			unsigned from = (unsigned)rand() % 2;
			uint32_t sequence = (uint32_t)rand() % 2000;

			switch (rand() % 6) {
			case 0:
				segment(&path, from, MPTCP_SYN, (uint32_t)rand() % 2, 0,
					(uint32_t)rand() % 2 * 100);
				join_syn((unsigned)rand() % 8, tokens[rand() % 7]);
				break;
			case 1:
				segment(&path, from, rand() % 2 ? MPTCP_ACK : MPTCP_SYN | MPTCP_ACK,
					0, 1, 0);
				capable((unsigned)rand() % 2, keys[rand() % 4],
					rand() % 2 ? keys[rand() % 4] : 0, 0);
				break;
			case 2:
				segment(&path, from, MPTCP_ACK, sequence, 1, 100);
				map32((uint32_t)dsn, sequence - (uint32_t)rand() % 100,
					(unsigned)rand() % 200);
				break;
			case 3:
				segment(&path, from, MPTCP_ACK, sequence, sequence, 0);
				data_ack(dsn, rand() % 2 ? 8 : 4);
				break;
			default:
				data(&path, from, sequence, 100, dsn);
			}
		}
		play();
	}
}

static void what_explains_a_packet_may_come_a_window_later(void **state)
{
	struct mptcp_error error;
	struct mptcp_tracker *tracker = mptcp_tracker_new(&error);
	struct mptcp_packet packet;

	(void)state;
	assert_non_null(tracker);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 100);
	assert_int_equal(mptcp_tracker_take(tracker, &frames[0], 0, &error), 0);
	for (uint32_t i = 2; i <= MPTCP_TRACKER_WINDOW; i++) {
		struct mptcp_frame other = make_frame(&path_b, OPENER, MPTCP_ACK, 1, 1, 0);

		other.number = i;
		assert_int_equal(mptcp_tracker_take(tracker, &other, 0, &error), 0);
		assert_int_equal(mptcp_tracker_next(tracker, false, &packet, &error), 0);
	}
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1); /* sent again, with its mapping */
	assert_int_equal(mptcp_tracker_take(tracker, &frames[1], 0, &error), 0);
	assert_int_equal(mptcp_tracker_next(tracker, false, &packet, &error), 1);
	assert_int_equal(packet.packetid, 1);
	assert_true(mptcp_packet_has(&packet, MPTCP_COLUMN_mptcpstream));
	assert_true(mptcp_packet_has(&packet, MPTCP_COLUMN_dsn_raw));
	assert_true(packet.dsn_raw == CLIENT_IDSN_V1 + 1);
	assert_int_equal(mptcp_tracker_next(tracker, false, &packet, &error), 0);
	mptcp_tracker_free(tracker);
}

static void values_of_additional_fields_stay_with_their_packet(void **state)
{
	char first[] = "one", second[] = "";
	struct mptcp_text texts[] = {{first, 3}, {second, 0}};
	struct mptcp_error error;
	struct mptcp_tracker *tracker = mptcp_tracker_new(&error);
	struct mptcp_packet packet;

	(void)state;
	assert_non_null(tracker);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	frames[0].extra = texts;
	frames[0].extras = 2;
	assert_int_equal(mptcp_tracker_take(tracker, &frames[0], 0, &error), 0);
	assert_int_equal(mptcp_tracker_take(tracker, &frames[0], 0, &error), 0);
	memset(first, 'x', 3);
	assert_int_equal(mptcp_tracker_next(tracker, true, &packet, &error), 1);
	assert_int_equal(packet.extras, 2);
	assert_int_equal(packet.extra[0].length, 3);
	assert_memory_equal(packet.extra[0].bytes, "one", 3);
	assert_int_equal(packet.extra[1].length, 0);
	mptcp_tracker_free(tracker); /* with one held back */
}

#define SCENARIO(test) cmocka_unit_test_setup(test, begin_scenario)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENARIO(a_v1_handshake_tells_keys_tokens_and_idsn),
		SCENARIO(a_v0_handshake_tells_keys_tokens_and_idsn),
		SCENARIO(streams_are_numbered_in_order_and_plain_tcp_has_no_mptcpstream),
		SCENARIO(every_packet_of_a_subflow_has_its_mptcpstream),
		SCENARIO(a_syn_captured_after_its_data_explains_it),
		SCENARIO(a_late_syn_from_the_lower_port_turns_everything_round),
		SCENARIO(a_mapping_captured_after_its_data_explains_it),
		SCENARIO(a_mapping_repeated_over_many_segments_numbers_each),
		SCENARIO(a_segment_over_two_mappings_names_both_pieces),
		SCENARIO(thirty_two_bit_numbers_extend_over_their_wrap),
		SCENARIO(a_data_fin_alone_and_with_data_takes_no_byte),
		SCENARIO(an_infinite_mapping_covers_all_that_follows),
		SCENARIO(mp_capable_with_data_is_a_mapping),
		SCENARIO(mp_capable_repeated_on_each_segment_of_the_first_send_is_one_mapping),
		SCENARIO(fast_open_data_in_the_syn_has_no_dsn_and_shifts_nothing),
		SCENARIO(a_segment_with_any_byte_sent_before_is_a_retransmission),
		SCENARIO(data_sent_before_is_a_reinjection_of_all_that_carried_it_in_part_too),
		SCENARIO(data_under_new_sequence_numbers_of_its_own_subflow_is_reinjected),
		SCENARIO(a_retransmission_is_no_reinjection_whoever_carried_its_data),
		SCENARIO(a_zero_window_probe_is_no_reinjection),
		SCENARIO(a_reinjection_in_two_pieces_names_each_original_once),
		SCENARIO(a_capture_from_the_middle_maps_at_any_subflow_sequence_number),
		SCENARIO(ports_used_again_with_another_isn_are_another_stream),
		SCENARIO(windows_are_scaled_if_both_ends_asked_for_it_and_never_in_a_syn),
		SCENARIO(sequence_numbers_wrap_at_32_bits),
		SCENARIO(malformed_options_leave_the_packet_in_its_stream),
		SCENARIO(several_options_of_one_packet_keep_their_values),
		SCENARIO(what_explains_a_packet_may_come_a_window_later),
		SCENARIO(values_of_additional_fields_stay_with_their_packet),
		SCENARIO(random_handshakes_and_data_in_any_order_are_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
