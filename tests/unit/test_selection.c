/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a selection takes. */
#include "selection.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_zeroed_selection_takes_everything(void **state)
{
	const struct mptcp_selection selection = {0};

	(void)state;
	assert_false(mptcp_selection_chooses(&selection));
	assert_true(mptcp_selection_takes_subflow(&selection, 3, 4));
	assert_true(mptcp_selection_takes_direction(&selection, MPTCP_CLIENT));
	assert_true(mptcp_selection_takes_moment(&selection, -5));
	assert_true(mptcp_selection_columns(&selection) == 0);
}

static void streams_are_chosen_and_left_out(void **state)
{
	struct mptcp_selection selection = {.has_mptcpstream = true, .mptcpstream = 3};

	(void)state;
	assert_true(mptcp_selection_takes_connection(&selection, 3));
	assert_true(mptcp_selection_takes_subflow(&selection, 3, 4));
	assert_false(mptcp_selection_takes_subflow(&selection, 2, 4));
	selection.has_mptcpstream = false;
	selection.has_tcpstream = true;
	selection.tcpstream = 4;
	assert_true(mptcp_selection_takes_subflow(&selection, 3, 4));
	assert_false(mptcp_selection_takes_subflow(&selection, 3, 5));
	for (uint32_t stream = 4; stream < 40; stream += 3)
		assert_int_equal(mptcp_selection_skip(&selection, stream), 0);
	assert_false(mptcp_selection_takes_stream(&selection, 4));
	selection.has_tcpstream = false;
	assert_true(mptcp_selection_takes_stream(&selection, 5));
	assert_false(mptcp_selection_takes_stream(&selection, 37));
	assert_true(mptcp_selection_chooses(&selection));
	mptcp_selection_clear(&selection);
}

static void a_direction_is_chosen(void **state)
{
	const struct mptcp_selection selection = {.has_destination = true,
		.destination = MPTCP_SERVER};

	(void)state;
	assert_true(mptcp_selection_takes_direction(&selection, MPTCP_SERVER));
	assert_false(mptcp_selection_takes_direction(&selection, MPTCP_CLIENT));
}

static void a_period_has_its_first_moment_and_not_its_last(void **state)
{
	struct mptcp_selection selection = {.has_from = true, .has_to = true, .from = 10, .to = 20};

	(void)state;
	assert_true(mptcp_selection_columns(&selection) == MPTCP_HAS(reltime));
	assert_false(mptcp_selection_takes_moment(&selection, 9));
	assert_true(mptcp_selection_takes_moment(&selection, 10));
	assert_true(mptcp_selection_takes_moment(&selection, 19));
	assert_false(mptcp_selection_takes_moment(&selection, 20));
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
		cmocka_unit_test(a_direction_is_chosen),
		cmocka_unit_test(a_period_has_its_first_moment_and_not_its_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
