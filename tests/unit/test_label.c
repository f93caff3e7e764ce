/* SPDX-License-Identifier: GPL-2.0-or-later */
/* label: templates and the paths that they match. */
#include "label.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 8

static struct mptcp_label_template *new_template(const char *text)
{
	struct mptcp_error error;
	struct mptcp_label_template *template = mptcp_label_template_new(text, &error);

	assert_non_null(template);
	return template;
}

/* "name=value|..." of a match, NULL and the error for none. */
static const char *match(const char *text, const char *path, struct mptcp_error *error)
{
	static char result[512];
	struct mptcp_label_template *template = new_template(text);
	struct mptcp_text values[MOST];
	size_t used = 0;
	int failed = mptcp_label_match(template, path, values, error);

	*result = '\0';
	for (size_t i = 0; !failed && i < mptcp_label_count(template); i++)
		used += (size_t)snprintf(result + used, sizeof(result) - used, "%s=%.*s|",
			mptcp_label_name(template, i), (int)values[i].length, values[i].bytes);
	mptcp_label_template_free(template);
	return failed ? NULL : result;
}

static void the_end_of_the_path_gives_the_labels(void **state)
{
	static const char spec[] = "{scheduler}/{cc}-{loss}pct-{run:d}.pcap";
	static const struct {
		const char *template, *path, *labels;
	} cases[] = {
		{spec, "blest/cubic-0.5pct-3.pcap", "scheduler=blest|cc=cubic|loss=0.5|run=3|"},
		{spec, "/a/b/blest/cubic-0.5pct-3.pcap",
			"scheduler=blest|cc=cubic|loss=0.5|run=3|"},
		{spec, "a//blest///cubic-0pct-007.pcap",
			"scheduler=blest|cc=cubic|loss=0|run=007|"},
		/* the shortest text, the longest number, and what the rest needs */
		{"{a}-{b}.pcap", "x-y-z.pcap", "a=x|b=y-z|"},
		{"{a}.pcap", "x.pcap.pcap", "a=x.pcap|"},
		{"{a}{b}", "xyz", "a=x|b=yz|"},
		{"{a:d}{b}", "123x", "a=123|b=x|"},
		{"{a:d}{b:d}", "123", "a=12|b=3|"},
		{"{a}{b:d}.pcap", "run12.pcap", "a=run|b=12|"},
		{"run{a:d}", "run3", "a=3|"},
		/* no label, and all of the path */
		{"", "any/thing", ""},
		{"x.pcap", "folder/x.pcap", ""},
		{"/{a}/{b}", "/x/y", "a=x|b=y|"},
		{"/{a}", "//x", "a=x|"},
		/* odd names */
		{"{a} {b}.pcap", "one two  three.pcap", "a=one|b=two  three|"},
		{"{a}.pcap", "line\nend.pcap", "a=line\nend|"},
		{"{a}-{b}", "-x-y", "a=-x|b=y|"},
		{"-{a}", "-x", "a=x|"},
		{"{a}.pcap", "\xff\xfe,\"'.pcap", "a=\xff\xfe,\"'|"},
		{"{{{a}}}", "{x}", "a=x|"},
		{"{a}*?[{b}]", "x*?[y]", "a=x|b=y|"},
		{"./{a}", "./x", "a=x|"},
		{"{f}/{a}", "../x", "f=..|a=x|"},
	};
	struct mptcp_error error;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *labels = match(cases[i].template, cases[i].path, &error);

		if (!labels)
			fail_msg("%s: %s", cases[i].template, error.text);
		assert_string_equal(labels, cases[i].labels);
	}
}

static void a_path_that_does_not_match_is_told_from_where_on(void **state)
{
	static const struct {
		const char *template, *path, *text;
	} cases[] = {
		{"{s}/{cc}-{loss}pct-{run:d}.pcap", "runs/blest/cubic-0.5-3.pcap",
			"'runs/blest/cubic-0.5-3.pcap' does not match from 'pct-{run:d}.pcap' on"},
		{"{a}-{run:d}.pcap", "x-y.pcap",
			"'x-y.pcap' does not match from '{run:d}.pcap' on"},
		{"{a}.pcap", ".pcap", "'.pcap' does not match from '.pcap' on"},
		{"x{a}", "y", "'y' does not match from 'x{a}' on"},
		{"x-{a}", "folder-x/x-", "'folder-x/x-' does not match from '{a}' on"},
		{"{a}/{b}.pcap", "x.pcap", "'x.pcap' has fewer folders than '{a}/{b}.pcap'"},
		{"/{a}", "x", "'x' does not match from '/{a}' on"},
		{"/{a}", "/x/y", "'/x/y' has more after '{a}'"},
		{"{a:d}", "3.pcap", "'3.pcap' has more after '{a:d}'"},
		{"{a}/", "x/y", "'x/y' has more after '/'"},
		{"{a}.pcap", "line\nend", "'line?end' does not match from '.pcap' on"},
	};
	struct mptcp_error error;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_null(match(cases[i].template, cases[i].path, &error));
		assert_string_equal(error.text, cases[i].text);
		assert_int_equal(error.status, MPTCP_USAGE);
	}
}

static void a_wrong_template_is_refused(void **state)
{
	static const char *const cases[][2] = {
		{"{a", "'{a' lacks its '}' ('{{' is a brace)"},
		{"{a/b}", "'{a' lacks its '}' ('{{' is a brace)"},
		{"{a{b}", "'{a' lacks its '}' ('{{' is a brace)"},
		{"x}y", "'}y' has no '{' before it ('}}' is a brace)"},
		{"{}", "'{}' is not a name of letters, digits and _"},
		{"{1a}", "'{1a}' is not a name of letters, digits and _"},
		{"{a b}", "'{a b}' is not a name of letters, digits and _"},
		{"{:d}", "'{:d}' is not a name of letters, digits and _"},
		{"{a:x}", "'{a:x}': only ':d' may follow a name"},
		{"{a:}", "'{a:}': only ':d' may follow a name"},
		{"{a:dd}", "'{a:dd}': only ':d' may follow a name"},
		{"{a}/{a:d}", "label 'a' is there twice"},
	};
	struct mptcp_error error;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_null(mptcp_label_template_new(cases[i][0], &error));
		assert_string_equal(error.text, cases[i][1]);
		assert_int_equal(error.status, MPTCP_USAGE);
	}
}

static void a_label_of_digits_is_a_number(void **state)
{
	struct mptcp_label_template *template = new_template("{a}/{b:d}-{cc_2}");

	(void)state;
	assert_int_equal(mptcp_label_count(template), 3);
	assert_string_equal(mptcp_label_name(template, 0), "a");
	assert_string_equal(mptcp_label_name(template, 1), "b");
	assert_string_equal(mptcp_label_name(template, 2), "cc_2");
	assert_false(mptcp_label_is_number(template, 0));
	assert_true(mptcp_label_is_number(template, 1));
	assert_false(mptcp_label_is_number(template, 2));
	mptcp_label_template_free(template);
}

/* The same by trying all lengths: no memory of what was tried, no places counted from the end. */
static int simple_match(const char *template, const char *path, char *values)
{
	if (!*template)
		return *path ? -1 : 0;
	if (*template != '{')
		return *template == *path ? simple_match(template + 1, path + 1, values) : -1;
	const char *end = strchr(template, '}') + 1;
	size_t digits = strspn(path, "0123456789"), text = strcspn(path, "/");
	int number = end[-2] == 'd';

	for (size_t i = 1; i <= (number ? digits : text); i++) {
		size_t length = number ? digits + 1 - i : i;
		int used = sprintf(values, "%.*s|", (int)length, path);

		if (!simple_match(end, path + length, values + used))
			return 0;
	}
	*values = '\0';
	return -1;
}

/* Templates and names made of few different characters, so that many match in several ways. */
static void random_names_match_as_a_simple_matcher_says(void **state)
{
	static const char *const parts[] = {"{a}", "{b:d}", "{c}", "1", "x", "-", "x-"};
	size_t matched = 0;

	(void)state;
	srand(1);
	for (int round = 0; round < 20000; round++) {
		char text[64] = "", path[16] = "", expected[128] = "", labels[128] = "";
		struct mptcp_text values[MOST];
		struct mptcp_error error;
		unsigned used = 0;

		for (int i = rand() % 5; i >= 0; i--) {
			int part = rand() % 7;

			if (part < 3 && used & 1u << part)
				continue;
			used |= part < 3 ? 1u << part : 0;
			strcat(text, parts[part]);
		}
		for (int i = rand() % 12; i >= 0; i--)
			strncat(path, &"1x-2"[rand() % 4], 1);
		if (!*text)
			continue;
		struct mptcp_label_template *template = new_template(text);
		int result = mptcp_label_match(template, path, values, &error);
		assert_int_equal(result, simple_match(text, path, expected));
		for (size_t i = 0; !result && i < mptcp_label_count(template); i++)
			sprintf(labels + strlen(labels), "%.*s|", (int)values[i].length,
				values[i].bytes);
		if (!result)
			assert_string_equal(labels, expected);
		matched += !result;
		mptcp_label_template_free(template);
	}
	assert_true(matched > 1000);
}

/* Every part may begin and end almost everywhere: tried again and again, it would not end. */
static void a_name_that_matches_in_many_ways_takes_no_time(void **state)
{
	char path[4001];
	struct mptcp_error error;

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_null(match("{a}x{b}x{c}x{d}x{e}x{f}x{g}x{h}y", path, &error));
}

static const char *pairs(const char *path)
{
	static char result[256];
	struct mptcp_text name, value;

	*result = '\0';
	while (mptcp_label_next(&path, &name, &value))
		sprintf(result + strlen(result), "%.*s=%.*s|", (int)name.length, name.bytes,
			(int)value.length, value.bytes);
	return result;
}

static void a_path_may_name_its_labels(void **state)
{
	(void)state;
	assert_string_equal(pairs("sched=blest,rtt=20,run=3.pcap"), "sched=blest|rtt=20|run=3|");
	assert_string_equal(pairs("runs/sched=blest/loss=0.5.pcapng.gz"), "sched=blest|loss=0.5|");
	assert_string_equal(pairs("a,b=c d,e.pcap"), "b=c d|");
	assert_string_equal(pairs("x=1.csv"), "x=1|");
	assert_string_equal(pairs("x=1.2"), "x=1.2|");
	assert_string_equal(pairs("x=.pcap"), "x=|");
	assert_string_equal(pairs("1x=2.pcap"), "");
	assert_string_equal(pairs("=2.pcap"), "");
	assert_string_equal(pairs("-x=2"), "");
	assert_string_equal(pairs("x=a=b"), "x=a=b|");
	assert_string_equal(pairs("plain.pcap"), "");
	assert_string_equal(pairs(""), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_of_the_path_gives_the_labels),
		cmocka_unit_test(a_path_that_does_not_match_is_told_from_where_on),
		cmocka_unit_test(a_wrong_template_is_refused),
		cmocka_unit_test(a_label_of_digits_is_a_number),
		cmocka_unit_test(random_names_match_as_a_simple_matcher_says),
		cmocka_unit_test(a_name_that_matches_in_many_ways_takes_no_time),
		cmocka_unit_test(a_path_may_name_its_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
