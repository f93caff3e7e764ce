/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a selection takes. */
#include "selection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct mptcp_packet packet_of(uint32_t mptcpstream, uint32_t tcpstream, int64_t reltime)
{
	return (struct mptcp_packet){.present = MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) |
			MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest) | MPTCP_HAS(reltime),
		.mptcpstream = mptcpstream,
		.tcpstream = tcpstream,
		.tcpdest = MPTCP_CLIENT,
		.mptcpdest = MPTCP_SERVER,
		.reltime = reltime};
}

static void a_zeroed_selection_takes_everything(void **state)
{
	const struct mptcp_selection selection = {0};
	struct mptcp_packet packet = packet_of(3, 4, -5);

	(void)state;
	assert_false(mptcp_selection_chooses(&selection));
	assert_true(mptcp_selection_takes_packet(&selection, &packet));
	packet.present = 0; /* what is not there is not asked for */
	assert_true(mptcp_selection_takes_packet(&selection, &packet));
	assert_true(mptcp_selection_columns(&selection) == 0);
}

static void streams_are_chosen_and_left_out(void **state)
{
	struct mptcp_selection selection = {.has_mptcpstream = true, .mptcpstream = 3};
	struct mptcp_packet packet = packet_of(3, 4, 0), other = packet_of(2, 4, 0);

	(void)state;
	assert_true(mptcp_selection_takes_packet(&selection, &packet));
	assert_false(mptcp_selection_takes_packet(&selection, &other));
	packet.present &= ~MPTCP_HAS(mptcpstream); /* plain TCP is of no connection */
	assert_false(mptcp_selection_takes_packet(&selection, &packet));
	selection.has_mptcpstream = false;
	selection.has_tcpstream = true;
	selection.tcpstream = 4;
	assert_true(mptcp_selection_takes_packet(&selection, &packet));
	assert_false(mptcp_selection_takes_subflow(&selection, 3, 5));
	for (uint32_t stream = 4; stream < 40; stream += 3)
		assert_int_equal(mptcp_selection_skip(&selection, stream), 0);
	assert_false(mptcp_selection_takes_stream(&selection, 4));
	selection.has_tcpstream = false;
	assert_true(mptcp_selection_takes_stream(&selection, 5));
	assert_false(mptcp_selection_takes_stream(&selection, 37));
	assert_true(mptcp_selection_chooses(&selection));
	mptcp_selection_release(&selection);
}

static void a_direction_is_by_mptcp_role_and_without_one_by_tcp_role(void **state)
{
	const struct mptcp_selection selection = {.has_destination = true,
		.destination = MPTCP_SERVER};
	struct mptcp_packet packet = packet_of(3, 4, 0);

	(void)state;
	assert_true(mptcp_selection_takes_packet(&selection, &packet));
	packet.present &= ~MPTCP_HAS(mptcpdest);
	assert_false(mptcp_selection_takes_packet(&selection, &packet));
	packet.tcpdest = MPTCP_SERVER;
	assert_true(mptcp_selection_takes_packet(&selection, &packet));
	packet.present &= ~MPTCP_HAS(tcpdest);
	assert_false(mptcp_selection_takes_packet(&selection, &packet));
}

static void a_period_has_its_first_moment_and_not_its_last(void **state)
{
	struct mptcp_selection selection = {.has_from = true, .has_to = true, .from = 10, .to = 20};
	struct mptcp_packet packet = packet_of(3, 4, 10);

	(void)state;
	assert_true(mptcp_selection_columns(&selection) == MPTCP_HAS(reltime));
	assert_false(mptcp_selection_takes_moment(&selection, 9));
	assert_true(mptcp_selection_takes_moment(&selection, 10));
	assert_true(mptcp_selection_takes_moment(&selection, 19));
	assert_false(mptcp_selection_takes_moment(&selection, 20));
	assert_true(mptcp_selection_takes_packet(&selection, &packet));
	packet.present &= ~MPTCP_HAS(reltime);
	assert_false(mptcp_selection_takes_packet(&selection, &packet));
	selection.has_to = false;
	assert_true(mptcp_selection_takes_moment(&selection, INT64_MAX));
	selection.has_from = false;
	selection.has_to = true;
	assert_true(mptcp_selection_takes_moment(&selection, INT64_MIN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zeroed_selection_takes_everything),
		cmocka_unit_test(streams_are_chosen_and_left_out),
		cmocka_unit_test(a_direction_is_by_mptcp_role_and_without_one_by_tcp_role),
		cmocka_unit_test(a_period_has_its_first_moment_and_not_its_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
