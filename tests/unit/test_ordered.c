/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ordered items in chunks: against a plain sorted array. */
#include "ordered.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 3000

struct item {
	uint64_t number;
	char rest[9]; /* an odd size */
};

/* What the set should have. */
struct model {
	uint64_t numbers[MOST];
	size_t count;
};

static bool is_below(const void *item, uint64_t number)
{
	return ((const struct item *)item)->number < number;
}

static bool is_odd(const void *item, const void *context)
{
	const uint64_t *modulus = context;

	return ((const struct item *)item)->number % *modulus != 0;
}

static struct item *at(const struct mptcp_ordered *set, struct mptcp_place place)
{
	return mptcp_ordered_at(set, place, sizeof(struct item));
}

static struct mptcp_place find(const struct mptcp_ordered *set, uint64_t number)
{
	return mptcp_ordered_find(set, sizeof(struct item), is_below, number);
}

static void add(struct mptcp_ordered *set, struct model *model, uint64_t number)
{
	struct mptcp_place place = find(set, number);
	struct item *item = mptcp_ordered_insert(set, &place, sizeof(*item));
	size_t i = model->count++;

	assert_non_null(item);
	assert_ptr_equal(item, at(set, place));
	item->number = number;
	for (; i && model->numbers[i - 1] > number; i--)
		model->numbers[i] = model->numbers[i - 1];
	model->numbers[i] = number;
}

/* Removes the first item from `number` on. */
static void take(struct mptcp_ordered *set, struct model *model, uint64_t number)
{
	struct mptcp_place place = find(set, number);
	size_t i = 0;

	while (i < model->count && model->numbers[i] < number)
		i++;
	assert_int_equal(at(set, place) == NULL, i == model->count);
	if (i == model->count)
		return;
	mptcp_ordered_erase(set, &place, sizeof(struct item));
	model->count--;
	memmove(model->numbers + i, model->numbers + i + 1,
		(model->count - i) * sizeof(*model->numbers));
	/* the place is that of the next one */
	assert_int_equal(at(set, place) == NULL, i == model->count);
	if (i < model->count)
		assert_int_equal(at(set, place)->number, model->numbers[i]);
}

static void assert_equal(const struct mptcp_ordered *set, const struct model *model)
{
	struct mptcp_place place = mptcp_ordered_begin(set);
	const struct item *last = mptcp_ordered_last(set, sizeof(*last));

	assert_int_equal(set->count, model->count);
	for (size_t i = 0; i < model->count; i++, place = mptcp_ordered_next(set, place))
		assert_int_equal(at(set, place)->number, model->numbers[i]);
	assert_null(at(set, place));
	assert_int_equal(last == NULL, model->count == 0);
	for (size_t i = model->count; i--;) {
		assert_true(mptcp_ordered_back(set, &place));
		assert_int_equal(at(set, place)->number, model->numbers[i]);
	}
	assert_false(mptcp_ordered_back(set, &place));
	for (size_t i = 0; i < set->lower_count; i++)
		assert_true(set->lower[i].count > 0);
}

static void items_stay_in_order_wherever_they_come_and_go(void **state)
{
	(void)state;
	srand(1);
	for (int run = 0; run < 40; run++) {
		struct mptcp_ordered set = {0};
		struct model *model = calloc(1, sizeof(*model));
		unsigned growing = (unsigned)run % 4; /* none, mostly, half, mostly away */

		assert_non_null(model);
		for (int i = 0; i < 2 * MOST && model->count < MOST; i++) {
			uint64_t number = (uint64_t)rand() % 5000;

			if (growing && (unsigned)rand() % 4 < growing - 1)
				take(&set, model, number);
			else
				add(&set, model, number);
			if (i % 500 == 0)
				assert_equal(&set, model);
		}
		assert_equal(&set, model);
		while (model->count)
			take(&set, model, (uint64_t)rand() % 2 ? 0 : model->numbers[0]);
		assert_equal(&set, model);
		mptcp_ordered_clear(&set);
		free(model);
	}
}

/* As a queue: the lowest goes, others come at the end or anywhere. */
static void the_lowest_items_go_one_by_one(void **state)
{
	(void)state;
	srand(2);
	for (unsigned window = 1; window < 1000; window = 2 * window + 1) {
		struct mptcp_ordered set = {0};
		struct model *model = calloc(1, sizeof(*model));

		assert_non_null(model);
		for (uint64_t i = 0; i < 4000; i++) {
			uint64_t back = (uint64_t)rand() % 4 ? 0 : (uint64_t)rand() % window;

			add(&set, model, 5000 + i - back);
			while (model->count > window || (model->count && rand() % 100 == 0)) {
				assert_int_equal(at(&set, mptcp_ordered_begin(&set))->number,
					model->numbers[0]);
				mptcp_ordered_pop(&set);
				memmove(model->numbers, model->numbers + 1,
					--model->count * sizeof(*model->numbers));
			}
			if (i % 400 == 0)
				assert_equal(&set, model);
		}
		assert_true(set.lower_count <= window / 32 + 1);
		take(&set, model, 0);
		uint64_t modulus = 3;
		mptcp_ordered_keep(&set, sizeof(struct item), is_odd, &modulus);
		size_t kept = 0;
		for (size_t i = 0; i < model->count; i++)
			if (model->numbers[i] % 3)
				model->numbers[kept++] = model->numbers[i];
		model->count = kept;
		assert_equal(&set, model);
		mptcp_ordered_clear(&set);
		free(model);
	}
}

static void what_is_unwanted_goes(void **state)
{
	(void)state;
	for (uint64_t modulus = 1; modulus < 400; modulus += 57) {
		struct mptcp_ordered set = {0};
		struct model *model = calloc(1, sizeof(*model));
		size_t kept = 0;

		assert_non_null(model);
		mptcp_ordered_keep(&set, sizeof(struct item), is_odd, &modulus); /* of nothing */
		for (uint64_t i = 0; i < 1000; i++)
			add(&set, model, i / 200 * modulus + i % 3);
		mptcp_ordered_keep(&set, sizeof(struct item), is_odd, &modulus);
		for (size_t i = 0; i < model->count; i++)
			if (model->numbers[i] % modulus)
				model->numbers[kept++] = model->numbers[i];
		model->count = kept;
		assert_equal(&set, model);
		add(&set, model, 7);
		assert_equal(&set, model);
		mptcp_ordered_clear(&set);
		free(model);
	}
}

static void a_small_set_is_one_small_array(void **state)
{
	struct mptcp_ordered set = {0};
	struct model *model = calloc(1, sizeof(*model));

	(void)state;
	assert_non_null(model);
	add(&set, model, 5);
	assert_int_equal(set.last.capacity, 1);
	assert_null(set.lower);
	mptcp_ordered_clear(&set);
	assert_null(set.last.items);
	free(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_stay_in_order_wherever_they_come_and_go),
		cmocka_unit_test(the_lowest_items_go_one_by_one),
		cmocka_unit_test(what_is_unwanted_goes),
		cmocka_unit_test(a_small_set_is_one_small_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
