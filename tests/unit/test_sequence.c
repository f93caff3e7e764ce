/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sequence arithmetic at its wraps. */
#include "sequence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void extension_gives_the_nearest_number_across_the_wrap(void **state)
{
	(void)state;
	assert_true(mptcp_sequence_extend(0x1fffffff0, 0x00000010) == 0x200000010);
	assert_true(mptcp_sequence_extend(0x200000010, 0xfffffff0) == 0x1fffffff0);
	assert_true(mptcp_sequence_extend(0x500000000, 0x7fffffff) == 0x57fffffff);
	assert_true(mptcp_sequence_extend(0x500000000, 0x80000001) == 0x480000001);
	assert_true(mptcp_sequence_extend(0x512345678, 0x12345678) == 0x512345678);
	assert_true(mptcp_sequence_extend(UINT64_MAX, 5) == 5);
	assert_true(mptcp_sequence_extend(5, 0xfffffffb) == UINT64_MAX - 4);
}

static void ahead_is_signed_across_the_wrap(void **state)
{
	(void)state;
	assert_int_equal(mptcp_sequence_ahead(3, UINT64_MAX), 4);
	assert_int_equal(mptcp_sequence_ahead(UINT64_MAX, 3), -4);
	assert_int_equal(mptcp_sequence_ahead32(3, UINT32_MAX), 4);
	assert_int_equal(mptcp_sequence_ahead32(UINT32_MAX, 3), -4);
}

static void a_reference_follows_the_highest_number(void **state)
{
	struct mptcp_reference reference = {0};

	(void)state;
	mptcp_reference_see(&reference, 1000);
	assert_true(reference.known && reference.highest == 1000);
	mptcp_reference_see(&reference, 2000);
	mptcp_reference_see(&reference, 1500);
	assert_true(reference.highest == 2000);
	mptcp_reference_see(&reference, 2000 + 0x70000000);
	assert_true(reference.highest == 2000 + 0x70000000);
}

static void one_damaged_number_does_not_move_a_reference_two_do(void **state)
{
	struct mptcp_reference reference = {0};

	(void)state;
	mptcp_reference_see(&reference, 1000);
	mptcp_reference_see(&reference, 1000 + (UINT64_C(1) << 40));
	assert_true(reference.highest == 1000);
	mptcp_reference_see(&reference, 3000);
	assert_true(reference.highest == 3000);
	mptcp_reference_see(&reference, 1400 + (UINT64_C(1) << 40));
	assert_true(reference.highest == 1400 + (UINT64_C(1) << 40));
}

static void damaged_numbers_near_zero_count_as_any_other(void **state)
{
	struct mptcp_reference reference = {0};

	(void)state;
	/* `stray` must not be taken for seen before one was */
	mptcp_reference_see(&reference, UINT64_C(1) << 60);
	mptcp_reference_see(&reference, 7);
	assert_true(reference.highest == UINT64_C(1) << 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(extension_gives_the_nearest_number_across_the_wrap),
		cmocka_unit_test(ahead_is_signed_across_the_wrap),
		cmocka_unit_test(a_reference_follows_the_highest_number),
		cmocka_unit_test(one_damaged_number_does_not_move_a_reference_two_do),
		cmocka_unit_test(damaged_numbers_near_zero_count_as_any_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
