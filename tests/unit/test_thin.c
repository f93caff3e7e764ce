/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thin: a thinned curve covers the same pixels. */
#include "thin.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define POINTS 10000
#define COLUMNS 100
#define ROWS 50

static struct mptcp_point points[POINTS], thinned[POINTS];
static const struct mptcp_grid grid = {{0, 0}, {POINTS - 1, 1000}, COLUMNS, ROWS};

static unsigned next_random(unsigned *state)
{
	*state = *state * 1103515245u + 12345u;
	return *state >> 16;
}

static void fill(void)
{
	unsigned state = 1;

	for (int i = 0; i < POINTS; i++)
		thinned[i] = points[i] =
			(struct mptcp_point){i, next_random(&state) % 1001, NAN, 0};
}

static size_t thin(size_t count, enum mptcp_thin how)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_thin(thinned, &count, how, &grid, &error), 0);
	return count;
}

/* First, lowest, highest and last y of a column. */
struct column {
	double first, lowest, highest, last;
};

static struct column column_of(const struct mptcp_point *list, size_t count, int number)
{
	struct column column = {NAN, NAN, NAN, NAN};

	for (size_t i = 0; i < count; i++) {
		if ((int)fmin(list[i].x / (POINTS - 1) * COLUMNS, COLUMNS - 1) != number)
			continue;
		if (isnan(column.first))
			column.first = list[i].y;
		column.lowest = fmin(column.lowest, list[i].y);
		column.highest = fmax(column.highest, list[i].y);
		column.last = list[i].y;
	}
	return column;
}

static void a_curve_keeps_first_lowest_highest_and_last_of_each_column(void **state)
{
	(void)state;
	fill();
	size_t count = thin(POINTS, MPTCP_THIN_COLUMN);
	assert_in_range(count, COLUMNS, 4 * COLUMNS);
	for (int c = 0; c < COLUMNS; c++) {
		struct column before = column_of(points, POINTS, c),
			      after = column_of(thinned, count, c);
		assert_true(before.first == after.first && before.lowest == after.lowest);
		assert_true(before.highest == after.highest && before.last == after.last);
	}
	for (size_t i = 1; i < count; i++)
		assert_true(thinned[i - 1].x < thinned[i].x);
}

static void thinning_twice_gives_what_thinning_once_gives(void **state)
{
	(void)state;
	fill();
	size_t count = thin(POINTS, MPTCP_THIN_COLUMN);
	assert_int_equal(thin(count, MPTCP_THIN_COLUMN), count);
}

static void points_keep_one_for_each_pixel(void **state)
{
	static unsigned char before[COLUMNS][ROWS], after[COLUMNS][ROWS];
	size_t pixels = 0;

	(void)state;
	fill();
	size_t count = thin(POINTS, MPTCP_THIN_PIXEL);
	for (int i = 0; i < POINTS; i++)
		before[(int)fmin(points[i].x / (POINTS - 1) * COLUMNS, COLUMNS - 1)]
		      [(int)fmin(points[i].y / 1000 * ROWS, ROWS - 1)] = 1;
	for (size_t i = 0; i < count; i++)
		after[(int)fmin(thinned[i].x / (POINTS - 1) * COLUMNS, COLUMNS - 1)]
		     [(int)fmin(thinned[i].y / 1000 * ROWS, ROWS - 1)] = 1;
	for (int c = 0; c < COLUMNS; c++)
		for (int r = 0; r < ROWS; r++) {
			assert_int_equal(before[c][r], after[c][r]);
			pixels += before[c][r];
		}
	assert_int_equal(count, pixels);
}

static void segments_of_different_ends_stay(void **state)
{
	(void)state;
	thinned[0] = (struct mptcp_point){0, 0, 500, 0};
	thinned[1] = (struct mptcp_point){0, 0, 900, 0};
	thinned[2] = (struct mptcp_point){0, 0, 901, 0};
	assert_int_equal(thin(3, MPTCP_THIN_PIXEL), 2);
	assert_true(thinned[1].y2 == 900);
}

static void a_rising_curve_keeps_the_ends_of_each_row(void **state)
{
	(void)state;
	for (int i = 0; i < POINTS; i++)
		thinned[i] = (struct mptcp_point){i, 1000.0 * i / (POINTS - 1), NAN, 0};
	size_t count = thin(POINTS, MPTCP_THIN_ROW);
	assert_int_equal(count, 2 * ROWS);
	assert_true(thinned[0].x == 0 && thinned[count - 1].x == POINTS - 1);
}

static void gaps_and_points_with_a_text_stay(void **state)
{
	(void)state;
	for (enum mptcp_thin how = MPTCP_THIN_NO; how <= MPTCP_THIN_PIXEL; how++) {
		for (int i = 0; i < 10; i++)
			thinned[i] = (struct mptcp_point){0, 0, NAN, 0};
		thinned[4].label = 7;
		thinned[6].y = NAN;
		size_t count = thin(10, how), labels = 0, gaps = 0;
		for (size_t i = 0; i < count; i++) {
			labels += thinned[i].label == 7 ? 1 : 0;
			gaps += isnan(thinned[i].y) ? 1 : 0;
		}
		assert_int_equal(labels, 1);
		assert_int_equal(gaps, 1);
		assert_true(how == MPTCP_THIN_NO ? count == 10 : count < 10);
	}
}

static void points_beside_the_picture_are_thinned_as_well(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++)
		thinned[i] = (struct mptcp_point){i < 50 ? -1 - i : 1e9 + i, 5, NAN, 0};
	assert_in_range(thin(100, MPTCP_THIN_COLUMN), 2, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_curve_keeps_first_lowest_highest_and_last_of_each_column),
		cmocka_unit_test(thinning_twice_gives_what_thinning_once_gives),
		cmocka_unit_test(points_keep_one_for_each_pixel),
		cmocka_unit_test(segments_of_different_ends_stay),
		cmocka_unit_test(a_rising_curve_keeps_the_ends_of_each_row),
		cmocka_unit_test(gaps_and_points_with_a_text_stay),
		cmocka_unit_test(points_beside_the_picture_are_thinned_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
