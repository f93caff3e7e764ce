/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys that were made to meet in one bucket do not. */
#include "hashed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define KEYS 4096
#define BUCKETS 1024 /* in which uthash's own function puts all of them together */
#define CHAIN_MOST 24

struct item {
	uint64_t key;
	UT_hash_handle hh;
};

static unsigned longest_chain(const struct item *table)
{
	unsigned longest = 0;

	for (unsigned i = 0; i < table->hh.tbl->num_buckets; i++)
		if (table->hh.tbl->buckets[i].count > longest)
			longest = table->hh.tbl->buckets[i].count;
	return longest;
}

static void keys_that_collide_without_a_seed_are_spread(void **state)
{
	static struct item items[KEYS];
	struct item *table = NULL;
	uint64_t key = 0;

	(void)state;
	for (size_t i = 0; i < KEYS; key++) {
		unsigned hash;

		HASH_JEN(&key, sizeof(key), hash);
		if (hash % BUCKETS)
			continue;
		items[i].key = key;
		HASH_ADD(hh, table, key, sizeof(key), &items[i]);
		i++;
	}
	assert_in_range(longest_chain(table), 1, CHAIN_MOST);
	HASH_CLEAR(hh, table);
}

static void equal_bytes_have_one_hash_and_every_byte_counts(void **state)
{
	unsigned char bytes[40] = {0};
	const uint32_t of_zeros = mptcp_hashed(bytes, sizeof(bytes));
	unsigned same = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bytes[i] = 1;
		same += mptcp_hashed(bytes, sizeof(bytes)) == of_zeros;
		bytes[i] = 0;
	}
	for (size_t length = 0; length < sizeof(bytes); length++)
		same += mptcp_hashed(bytes, length) == of_zeros;
	assert_in_range(same, 0, 1); /* one in 2^32 of each */
	assert_int_equal(mptcp_hashed(bytes, sizeof(bytes)), of_zeros);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_that_collide_without_a_seed_are_spread),
		cmocka_unit_test(equal_bytes_have_one_hash_and_every_byte_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
