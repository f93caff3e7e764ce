/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words: lines as sh reads them, complete ones and those still being typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "shell_words.h"

#include "escape.h"

static struct mptcp_error failure;

/* The words of a line, each in < >, and the rest after a tab. */
static void splits(const char *line, const char *expected)
{
	struct shell_words words;
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	assert_int_equal(shell_words_split(&words, line, &failure), 0);
	for (size_t i = 0; i < words.argv.count; i++)
		mptcp_buffer_format(&text, "<%s>", words.argv.items[i]);
	if (*words.rest)
		mptcp_buffer_format(&text, "\t%s", words.rest);
	mptcp_buffer_add(&text, "", 0);
	assert_string_equal(text.bytes, expected);
	assert_true(!words.argv.count || !words.argv.items[words.argv.count]);
	mptcp_buffer_clear(&text);
	shell_words_clear(&words);
}

static void blanks_separate_words(void **state)
{
	(void)state;
	splits("lc x.pcap", "<lc><x.pcap>");
	splits("  lc \t x.pcap  ", "<lc><x.pcap>");
	splits("", "");
	splits("   ", "");
}

static void quotes_and_backslashes_keep_a_word_together(void **state)
{
	(void)state;
	splits("load 'a b' \"c d\" e\\ f", "<load><a b><c d><e f>");
	splits("a'b'\"c\"\\d", "<abcd>");
	splits("'it'\\''s'", "<it's>");
	splits("\"say \\\"x\\\" \\n\"", "<say \"x\" \\n>");
	splits("'' \"\"", "<><>");
	splits("''a b\"\" '''' \"\"'c'", "<a><b><><c>");
	splits("'two\nlines'", "<two\nlines>");
	splits("'$HOME' '`x`' '*'", "<$HOME><`x`><*>");
}

static void a_comment_ends_the_line_but_not_inside_of_a_word(void **state)
{
	(void)state;
	splits("lc # x | y > z", "<lc>");
	splits("# all of it", "");
	splits("lc a#b '#c' \\#d", "<lc><a#b><#c><#d>");
}

static void from_the_first_operator_on_it_is_for_sh(void **state)
{
	(void)state;
	splits("lc | sort -t, 'a|b'", "<lc>\t| sort -t, 'a|b'");
	splits("lc>x", "<lc>\t>x");
	splits("lc 2>x y", "<lc>\t2>x y");
	splits("lc a2>x", "<lc><a2>\t>x");
	splits("lc '2'>x", "<lc><2>\t>x");
	splits("lc && ls", "<lc>\t&& ls");
	splits("lc 'a|b' \"c>d\" e\\;f ; g", "<lc><a|b><c>d><e;f>\t; g");
	splits("| sort", "\t| sort");
	splits("lc | # not a comment of ours", "<lc>\t| # not a comment of ours");
}

static void variables_are_replaced_and_no_command_is_run(void **state)
{
	struct shell_words words;

	(void)state;
	setenv("WORDS_TEST", "a b", 1);
	splits("x \"$WORDS_TEST\"", "<x><a b>");
	splits("x $WORDS_TEST", "<x><a><b>");
	assert_int_equal(shell_words_split(&words, "x $(id)", &failure), -1);
	assert_int_equal(failure.status, MPTCP_USAGE);
	assert_int_equal(shell_words_split(&words, "x `id`", &failure), -1);
	assert_int_equal(shell_words_split(&words, "x (y", &failure), -1);
}

static void an_open_quote_is_refused_and_told(void **state)
{
	static const char *const lines[] = {"a 'b", "a \"b", "a \\", "a \"b\\\"", "'a\" b"};
	struct shell_words words;
	struct shell_words_end end;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		assert_int_equal(shell_words_split(&words, lines[i], &failure), -1);
		shell_words_look(lines[i], strlen(lines[i]), &end);
		assert_true(end.quote || end.escape);
	}
}

static void the_last_word_is_found_while_it_is_typed(void **state)
{
	static const struct {
		const char *line;
		size_t word, index;
	} cases[] = {
		{"", 0, 0},
		{"lo", 0, 0},
		{"  lo", 2, 0},
		{"load ", 5, 1},
		{"load a", 5, 1},
		{"load 'a b", 5, 1},
		{"load a\\ b", 5, 1},
		{"load 'a b' c", 11, 2},
		{"load \"a\" ", 9, 2},
	};
	struct shell_words_end end;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		shell_words_look(cases[i].line, strlen(cases[i].line), &end);
		assert_int_equal(end.word, cases[i].word);
		assert_int_equal(end.index, cases[i].index);
	}
}

static void unquoting_an_incomplete_word(void **state)
{
	static const char *const pairs[][2] = {{"'a b", "a b"}, {"a\\ b", "a b"}, {"\"a'", "a'"},
		{"'it'\\''s", "it's"}, {"a\\", "a"}, {"\"\\n\\\"", "\\n\""}, {"", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct mptcp_buffer text = MPTCP_BUFFER_INIT;

		mptcp_buffer_add(&text, "", 0);
		shell_words_unquote(&text, pairs[i][0], strlen(pairs[i][0]));
		assert_string_equal(text.bytes, pairs[i][1]);
		mptcp_buffer_clear(&text);
	}
}

/* Any bytes but NUL, quoted, are one word again: for us and for sh. */
static void a_quoted_word_is_read_as_it_was(void **state)
{
	char word[16], line[256];

	(void)state;
	srand(1);
	for (int round = 0; round < 2000; round++) {
		struct mptcp_buffer text = MPTCP_BUFFER_INIT;
		struct shell_words words;
		size_t length = (size_t)(rand() % 15);

		for (size_t i = 0; i < length; i++)
			word[i] = " '\"\\$`*\n|&;<>#~()ab-0"[rand() % 21];
		word[length] = '\0';
		assert_int_equal(mptcp_escape_word(&text, word), 0);
		snprintf(line, sizeof(line), "x %s | y", text.bytes);
		assert_int_equal(shell_words_split(&words, line, &failure), 0);
		assert_int_equal(words.argv.count, 2);
		assert_string_equal(words.argv.items[1], word);
		assert_string_equal(words.rest, "| y");
		shell_words_clear(&words);
		mptcp_buffer_clear(&text);
	}
}

static void a_plain_word_is_not_quoted(void **state)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	(void)state;
	mptcp_escape_word(&text, "/tmp/x-1.pcap");
	assert_string_equal(text.bytes, "/tmp/x-1.pcap");
	mptcp_buffer_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blanks_separate_words),
		cmocka_unit_test(quotes_and_backslashes_keep_a_word_together),
		cmocka_unit_test(a_comment_ends_the_line_but_not_inside_of_a_word),
		cmocka_unit_test(from_the_first_operator_on_it_is_for_sh),
		cmocka_unit_test(variables_are_replaced_and_no_command_is_run),
		cmocka_unit_test(an_open_quote_is_refused_and_told),
		cmocka_unit_test(the_last_word_is_found_while_it_is_typed),
		cmocka_unit_test(unquoting_an_incomplete_word),
		cmocka_unit_test(a_quoted_word_is_read_as_it_was),
		cmocka_unit_test(a_plain_word_is_not_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
