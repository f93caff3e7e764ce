/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interned.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void a_text_is_kept_once(void **state)
{
	struct mptcp_interned *set = NULL;
	char name[32] = "eth0 and more";
	const char *kept = mptcp_interned_add(&set, (struct mptcp_text){name, 4});
	const char *longer = mptcp_interned_add(&set, (struct mptcp_text){name, 5});

	(void)state;
	assert_string_equal(kept, "eth0");
	assert_string_equal(longer, "eth0 ");
	strcpy(name, "eth0");
	assert_ptr_equal(mptcp_interned_add(&set, (struct mptcp_text){name, 4}), kept);
	mptcp_interned_free(set);
	mptcp_interned_free(NULL);
}

static void texts_with_a_0_byte_are_texts(void **state)
{
	struct mptcp_interned *set = NULL;
	const char *first = mptcp_interned_add(&set, (struct mptcp_text){"a\0b", 3});

	(void)state;
	assert_memory_equal(first, "a\0b", 4);
	assert_ptr_not_equal(mptcp_interned_add(&set, (struct mptcp_text){"a", 1}), first);
	assert_ptr_equal(mptcp_interned_add(&set, (struct mptcp_text){"a\0b", 3}), first);
	mptcp_interned_free(set);
}

static void what_was_kept_stays_where_it_is(void **state)
{
	struct mptcp_interned *set = NULL;
	const char *kept[2000];
	char name[32];

	(void)state;
	for (int i = 0; i < 2000; i++) {
		size_t length = (size_t)snprintf(name, sizeof(name), "eth%d", i);

		kept[i] = mptcp_interned_add(&set, (struct mptcp_text){name, length});
	}
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "eth%d", i);
		assert_string_equal(kept[i], name);
	}
	mptcp_interned_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_kept_once),
		cmocka_unit_test(texts_with_a_0_byte_are_texts),
		cmocka_unit_test(what_was_kept_stays_where_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
