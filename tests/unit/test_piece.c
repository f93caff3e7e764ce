/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pieces of a payload, from dsn and dsn_split. */
#include "piece.h"
#include "packet_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void assert_pieces(const struct mptcp_packet *packet, const struct mptcp_piece *want,
	size_t count)
{
	struct mptcp_piece piece;
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		assert_true(mptcp_piece_next(packet, &at, &piece));
		assert_int_equal(piece.offset, want[i].offset);
		assert_true(piece.dsn == want[i].dsn);
		assert_int_equal(piece.length, want[i].length);
	}
	assert_false(mptcp_piece_next(packet, &at, &piece));
}

static void a_payload_with_a_dsn_is_one_piece(void **state)
{
	struct mptcp_packet packet = {.present = MPTCP_HAS(tcplen) | MPTCP_HAS(dsn),
		.tcplen = 1400,
		.dsn = 77};

	(void)state;
	assert_pieces(&packet, (struct mptcp_piece[]){{0, 77, 1400}}, 1);
}

static void a_payload_without_a_dsn_and_no_payload_have_no_piece(void **state)
{
	struct mptcp_packet packet = {.present = MPTCP_HAS(tcplen), .tcplen = 1400};

	(void)state;
	assert_pieces(&packet, NULL, 0);
	packet.present |= MPTCP_HAS(dsn);
	packet.tcplen = 0;
	assert_pieces(&packet, NULL, 0);
}

static void a_split_payload_has_the_pieces_it_names(void **state)
{
	struct mptcp_packet packet =
		build_split("0:1:100;100:501:200;350:18446744073709551615:50", 400);

	(void)state;
	assert_pieces(&packet,
		(struct mptcp_piece[]){{0, 1, 100}, {100, 501, 200}, {350, UINT64_MAX, 50}}, 3);
	packet = build_split("10:1:5", 100);
	packet.present |= MPTCP_HAS(dsn);
	packet.dsn = 9;
	assert_pieces(&packet, (struct mptcp_piece[]){{10, 1, 5}}, 1);
}

static void pieces_that_do_not_fit_the_payload_end_the_list(void **state)
{
	static const char *const texts[] = {"0:1:101", "101:1:1", "100:1:1", "0:1:0", "0:1", "0",
		"x:1:1", "0:x:1", "0:1:x", ":1:1", "4294967296:1:1", "18446744073709551616:1:1",
		"0:1:4294967297", "0:1:18446744073709551617"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct mptcp_packet packet = build_split(texts[i], 100);
		struct mptcp_piece piece;
		size_t at = 0;

		if (mptcp_piece_next(&packet, &at, &piece))
			fail_msg("'%s' was taken for a piece", texts[i]);
	}
}

static void sack_blocks_come_in_their_order(void **state)
{
	static const char text[] = "1-101;4294967200-50";
	struct mptcp_packet packet = {.sack = {text, sizeof(text) - 1}};
	uint32_t left, right;
	size_t at = 0;

	(void)state;
	assert_false(mptcp_sack_next(&packet, &at, &left, &right));
	packet.present = MPTCP_HAS(sack);
	assert_true(mptcp_sack_next(&packet, &at, &left, &right));
	assert_true(left == 1 && right == 101);
	assert_true(mptcp_sack_next(&packet, &at, &left, &right));
	assert_true(left == 4294967200 && right == 50);
	assert_false(mptcp_sack_next(&packet, &at, &left, &right));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payload_with_a_dsn_is_one_piece),
		cmocka_unit_test(a_payload_without_a_dsn_and_no_payload_have_no_piece),
		cmocka_unit_test(a_split_payload_has_the_pieces_it_names),
		cmocka_unit_test(pieces_that_do_not_fit_the_payload_end_the_list),
		cmocka_unit_test(sack_blocks_come_in_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
