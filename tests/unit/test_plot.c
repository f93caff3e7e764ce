/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plot, plot_options: comments of a plot's file, ranges, sizes. */
#include "plot.h"
#include "plot_options.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[] = "/tmp/test_plot.XXXXXX";

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static void put(const char *name, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s.gp", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int load(struct mptcp_plot *plot, const char *name, struct mptcp_error *error)
{
	struct mptcp_plot_places places;

	assert_int_equal(mptcp_plot_places(&places, folder, error), 0);
	int result = mptcp_plot_load(plot, &places, name, error);
	mptcp_plot_places_clear(&places);
	return result;
}

static int tear_down(void **state)
{
	static const char *const names[] = {"full", "bare", "bad"};
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s.gp", folder, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

static void comments_say_what_is_drawn(void **state)
{
	struct mptcp_error error;
	struct mptcp_plot plot;

	(void)state;
	put("full",
		"#! gnuplot\n# only words\n# series: rtt\n#title:  A: title \t\n# xunit: s\r\n"
		"# thin: row\n# drawn: steps\n# yrange: 0:10M\n# unknown: x\n\n# title: too late\nplot x");
	assert_int_equal(load(&plot, "full", &error), 0);
	assert_string_equal(plot.series, "rtt");
	assert_string_equal(plot.title, "A: title");
	assert_string_equal(plot.xunit, "s");
	assert_string_equal(plot.yunit, "");
	assert_string_equal(plot.drawn, "steps");
	assert_int_equal(plot.thin, MPTCP_THIN_ROW);
	assert_true(plot.ylow == 0 && plot.yhigh == 10e6);
	assert_non_null(strstr(plot.text, "plot x\n"));
	mptcp_plot_clear(&plot);
}

static void a_plot_without_comments_draws_the_series_of_its_name(void **state)
{
	struct mptcp_error error;
	struct mptcp_plot plot;

	(void)state;
	put("bare", "plot x\n");
	assert_int_equal(load(&plot, "bare", &error), 0);
	assert_string_equal(plot.series, "bare");
	assert_string_equal(plot.drawn, "lines");
	assert_true(isnan(plot.ylow) && isnan(plot.yhigh));
	mptcp_plot_clear(&plot);
}

static void a_comment_that_is_nonsense_is_told_with_the_file(void **state)
{
	static const char *const texts[] = {"# series: ../x\n", "# series: --help\n",
		"# thin: much\n", "# drawn: lines; exit\n", "# yrange: 2:1\n"};
	struct mptcp_plot plot;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct mptcp_error error = {0};

		put("bad", texts[i]);
		assert_int_equal(load(&plot, "bad", &error), -1);
		assert_int_equal(error.status, MPTCP_DATA);
		assert_non_null(strstr(error.text, "/bad.gp: "));
	}
}

static void a_name_cannot_be_a_path(void **state)
{
	(void)state;
	assert_true(mptcp_plot_is_name("rtt"));
	assert_true(mptcp_plot_is_name("my_plot-2.1"));
	assert_false(mptcp_plot_is_name(""));
	assert_false(mptcp_plot_is_name(".."));
	assert_false(mptcp_plot_is_name("a/b"));
	assert_false(mptcp_plot_is_name("-a"));
	assert_false(mptcp_plot_is_name("a b"));
}

static void ranges_have_prefixes_and_open_ends(void **state)
{
	static const char *const bad[] = {"", "1", "1:1", "2:1", "a:", "1x:", "1kk:", ":1:2",
		"0x10:", "nan:", "inf:", "1e999:", " 1:2", "1;:"};
	struct mptcp_error error;
	double low, high;

	(void)state;
	assert_int_equal(mptcp_plot_range("1.5:2k", &low, &high, &error), 0);
	assert_true(low == 1.5 && high == 2000);
	assert_int_equal(mptcp_plot_range("-10m:*", &low, &high, &error), 0);
	assert_true(fabs(low + 0.01) < 1e-12 && isnan(high));
	assert_int_equal(mptcp_plot_range(":", &low, &high, &error), 0);
	assert_true(isnan(low) && isnan(high));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(mptcp_plot_range(bad[i], &low, &high, &error), -1);
}

static void a_size_is_two_numbers(void **state)
{
	unsigned width, height;
	struct mptcp_error error;

	(void)state;
	assert_int_equal(mptcp_plot_size("640x480", &width, &height, &error), 0);
	assert_true(width == 640 && height == 480);
	assert_int_equal(mptcp_plot_size("20000,1", &width, &height, &error), 0);
	assert_int_equal(mptcp_plot_size("20001x1", &width, &height, &error), -1);
	assert_int_equal(mptcp_plot_size("0x1", &width, &height, &error), -1);
	assert_int_equal(mptcp_plot_size("640", &width, &height, &error), -1);
	assert_int_equal(mptcp_plot_size("", &width, &height, &error), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_say_what_is_drawn),
		cmocka_unit_test(a_plot_without_comments_draws_the_series_of_its_name),
		cmocka_unit_test(a_comment_that_is_nonsense_is_told_with_the_file),
		cmocka_unit_test(a_name_cannot_be_a_path),
		cmocka_unit_test(ranges_have_prefixes_and_open_ends),
		cmocka_unit_test(a_size_is_two_numbers),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
