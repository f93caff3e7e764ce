/* SPDX-License-Identifier: GPL-2.0-or-later */
/* layout: which columns are shown. */
#include "layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct mptcp_table_column columns[] = {
	{"worth", MPTCP_CELL_TEXT | MPTCP_CELL_WITH_PEER, 1, "", ""},
	{"id", MPTCP_CELL_NUMBER, 1, "", ""},
	{"secret", MPTCP_CELL_NUMBER | MPTCP_CELL_ON_REQUEST, 1, "", ""},
	{"name", MPTCP_CELL_TEXT, 1, "", ""},
};

/* The names that are shown, with a space after each. */
static const char *shown(const struct mptcp_layout *layout)
{
	static char names[64];

	*names = '\0';
	for (size_t i = 0; i < mptcp_layout_shown(layout); i++)
		strcat(strcat(names, columns[mptcp_layout_at(layout, i)].name), " ");
	return names;
}

static void the_default_depends_on_the_peer(void **state)
{
	struct mptcp_layout layout = {.columns = columns, .count = 4};
	struct mptcp_error error;

	(void)state;
	assert_string_equal(shown(&layout), "worth id secret name ");
	assert_int_equal(mptcp_layout_default(&layout, false, &error), 0);
	assert_string_equal(shown(&layout), "id name ");
	assert_int_equal(mptcp_layout_default(&layout, true, &error), 0);
	assert_string_equal(shown(&layout), "worth id name ");
	mptcp_layout_clear(&layout);
}

static void a_list_shows_what_it_names(void **state)
{
	struct mptcp_layout layout = {.columns = columns, .count = 4};
	struct mptcp_error error;

	(void)state;
	assert_int_equal(mptcp_layout_choose(&layout, "secret,worth", &error), 0);
	assert_string_equal(shown(&layout), "secret worth ");
	assert_int_equal(mptcp_layout_choose(&layout, "name", &error), 0);
	assert_string_equal(shown(&layout), "name ");
	assert_int_equal(mptcp_layout_choose(&layout, "all", &error), 0);
	assert_string_equal(shown(&layout), "worth id secret name ");
	assert_int_equal(mptcp_layout_choose(&layout, "name,nam", &error), -1);
	assert_string_equal(error.text, "unknown column 'nam'; did you mean 'name'?");
	mptcp_layout_clear(&layout);
}

static void a_column_is_found_by_its_name(void **state)
{
	struct mptcp_layout layout = {.columns = columns, .count = 4};
	struct mptcp_error error;
	size_t column;

	(void)state;
	assert_int_equal(mptcp_layout_find(&layout, "name:desc", 4, &column, &error), 0);
	assert_int_equal(column, 3);
	assert_int_equal(mptcp_layout_find(&layout, "nane", 4, &column, &error), -1);
	assert_string_equal(error.text, "unknown column 'nane'; did you mean 'name'?");
	assert_int_equal(mptcp_layout_find(&layout, "id,name", 7, &column, &error), -1);
	assert_int_equal(error.status, MPTCP_USAGE);
	assert_int_equal(mptcp_layout_find(&layout, "", 0, &column, &error), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_default_depends_on_the_peer),
		cmocka_unit_test(a_list_shows_what_it_names),
		cmocka_unit_test(a_column_is_found_by_its_name),
	};

	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
