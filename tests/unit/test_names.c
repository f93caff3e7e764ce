/* SPDX-License-Identifier: GPL-2.0-or-later */
/* names: the nearest one, and lists of them. */
#include "names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *nearest(const char *name)
{
	static const char *const list[] = {"export", "lc", "ls", "stat", "help"};

	return mptcp_names_nearest(&(struct mptcp_names){list, 5}, name, strlen(name));
}

static void the_nearest_name(void **state)
{
	char endless[100];

	(void)state;
	assert_string_equal(nearest("exprot"), "export");
	assert_string_equal(nearest("lx"), "lc");
	assert_string_equal(nearest("state"), "stat");
	assert_string_equal(nearest("hepl"), "help");
	assert_string_equal(nearest("LC"), "lc");
	assert_string_equal(nearest("cl"), "lc");
	assert_null(nearest("zzz"));
	assert_null(nearest("heoooo"));
	assert_null(nearest(""));
	memset(endless, 'l', sizeof(endless));
	assert_null(mptcp_names_nearest(&(struct mptcp_names){NULL, 0}, "lc", 2));
	assert_null(mptcp_names_nearest(&(struct mptcp_names){(const char *const[]){"l"}, 1},
		endless, sizeof(endless)));
}

static int choose(const char *list, size_t chosen[3], struct mptcp_error *error)
{
	static const char *const names[] = {"start", "duration", "status"};

	return mptcp_names_choose(&(struct mptcp_names){names, 3}, list, chosen, error);
}

static void a_list_gives_the_indices_in_its_order(void **state)
{
	struct mptcp_error error;
	size_t chosen[3];

	(void)state;
	assert_int_equal(choose("status,start,duration", chosen, &error), 3);
	assert_true(chosen[0] == 2 && chosen[1] == 0 && chosen[2] == 1);
	assert_int_equal(choose("duration", chosen, &error), 1);
	assert_int_equal(chosen[0], 1);
}

static void assert_refused(const char *list, const char *text)
{
	struct mptcp_error error;
	size_t chosen[3];

	assert_int_equal(choose(list, chosen, &error), -1);
	assert_int_equal(error.status, MPTCP_USAGE);
	assert_string_equal(error.text, text);
}

static void what_is_wrong_with_a_list_is_named(void **state)
{
	static const char missing[] = "missing name of a column; --columns help lists them";

	(void)state;
	assert_refused("start,durration", "unknown column 'durration'; did you mean 'duration'?");
	assert_refused("starting,status", "unknown column 'starting'; did you mean 'start'?");
	assert_refused("xy,start", "unknown column 'xy'; --columns help lists them");
	assert_refused("start,status,start", "column 'start' appears twice");
	assert_refused("", missing);
	assert_refused("start,", missing);
	assert_refused("start,,status", missing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_name),
		cmocka_unit_test(a_list_gives_the_indices_in_its_order),
		cmocka_unit_test(what_is_wrong_with_a_list_is_named),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
