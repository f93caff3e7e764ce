/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "older.h"

#include "decimal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* How its operands differ. */
enum {
	OLDER_TCP = 1,      /* the first number is a TCP connection: -t */
	OLDER_PEER = 2,     /* the second file is the other end: --peer */
	OLDER_ONE_ID = 4,   /* numbers after the first are of the other capture: found anyway */
	OLDER_ONE_FILE = 8, /* so is the second file */
	OLDER_BOTH = OLDER_PEER | OLDER_ONE_ID
};

struct older {
	const char *name;
	const char *today; /* words, with blanks between them */
	unsigned shape;
};

/* mptcpanalyzer has both list_subflows and list-subflows. */
static const struct older commands[] = {
	{"?", "help", 0},
	{"checkhealth", "doctor", 0},
	{"clean_cache", "cache clean", 0},
	{"exit", "quit", 0},
	{"list_available_plots", "plot --list", 0},
	{"list_connections", "lc", 0},
	{"list_mptcp", "lc", 0},
	{"list_mptcp_connections", "lc", 0},
	{"list_reinjections", "lr", 0},
	{"list_subflows", "ls", 0},
	{"list_tcp", "lt", 0},
	{"list_tcp_connections", "lt", 0},
	{"lm", "lc", 0},
	{"load_csv", "load", 0},
	{"load_pcap", "load", 0},
	{"map_mptcp", "map", OLDER_ONE_ID},
	{"map_mptcp_connection", "map", OLDER_ONE_ID},
	{"map_tcp", "map", OLDER_TCP | OLDER_ONE_ID},
	{"map_tcp_connection", "map", OLDER_TCP | OLDER_ONE_ID},
	{"mptcp_summary", "stat", 0},
	{"plot_mptcp", "plot", 0},
	{"plot_tcp", "plot", OLDER_TCP},
	{"print_owds", "merge", OLDER_TCP | OLDER_ONE_ID},
	{"qualify_reinjections", "lr", OLDER_BOTH},
	{"stats", "stat", 0},
	{"summary_extended", "stat", OLDER_BOTH},
	{"tcp_summary", "stat", OLDER_TCP},
	{"tocsv", "export -o", 0},
};
static const struct older plots[] = {
	{"mptcp_attr", "attr", 0},
	{"mptcp_gput", "gput", OLDER_ONE_FILE | OLDER_ONE_ID},
	{"mptcp_tput", "tput", OLDER_ONE_ID},
	{"owd", "owd", OLDER_BOTH},
	{"reinject", "reinject", OLDER_ONE_FILE | OLDER_ONE_ID},
	{"tcp_attr", "attr", OLDER_TCP},
	{"tcp_tput", "tput", OLDER_TCP | OLDER_ONE_ID},
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Equal, where - and _ are the same. */
static bool is_name(const char *word, const char *name)
{
	while (*name && (*word == *name || (*word == '-' && *name == '_'))) {
		word++;
		name++;
	}
	return !*word && !*name;
}

static const struct older *find(const struct older *table, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (is_name(word, table[i].name))
			return &table[i];
	return NULL;
}

static void add_today(struct mptcp_argv *today, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, " ");

		mptcp_argv_add_part(today, words, length);
		words += length + (words[length] == ' ');
	}
}

/* Operands being rewritten. */
struct rewriting {
	struct mptcp_argv *today;
	unsigned shape;
	size_t numbers, files; /* so far */
	bool roles;            /* Client and Server are values of -d */
};

static void add_pair(struct mptcp_argv *today, const char *option, const char *value)
{
	mptcp_argv_add(today, option);
	mptcp_argv_add(today, value);
}

static bool is_role(const char *word)
{
	return !strcasecmp(word, "client") || !strcasecmp(word, "server");
}

static void add_operand(struct rewriting *rewriting, const char *word)
{
	unsigned shape = rewriting->shape;
	bool number = mptcp_decimal_is(word);
	bool file = !number && (shape & (OLDER_PEER | OLDER_ONE_FILE)) && !access(word, F_OK);
	size_t before = number ? rewriting->numbers++ : file ? rewriting->files++ : 0;

	if (rewriting->roles && is_role(word) && access(word, F_OK))
		add_pair(rewriting->today, "-d", strcasecmp(word, "client") ? "server" : "client");
	else if (number && !before && (shape & OLDER_TCP))
		add_pair(rewriting->today, "-t", word);
	else if (file && before && (shape & OLDER_PEER))
		add_pair(rewriting->today, "--peer", word);
	else if (!before || (number ? !(shape & OLDER_ONE_ID) : !(shape & OLDER_ONE_FILE)))
		mptcp_argv_add(rewriting->today, word);
}

/* The name of a plot, and the word after it in `plot owd tcp ...`. Returns how many words. */
static size_t add_plot(struct rewriting *rewriting, char **words, size_t count)
{
	const struct older *plot = count ? find(plots, COUNT(plots), words[0]) : NULL;

	if (!plot)
		return 0;
	rewriting->shape |= plot->shape;
	mptcp_argv_add(rewriting->today, plot->today);
	if (strcmp(plot->name, "owd") || count < 2 ||
		(strcmp(words[1], "tcp") && strcmp(words[1], "mptcp")))
		return 1;
	if (!strcmp(words[1], "tcp"))
		rewriting->shape |= OLDER_TCP;
	return 2;
}

static void add_words(struct rewriting *rewriting, const struct tool_help *tool_help, char **words,
	size_t count)
{
	struct option_line option;
	bool all = false;
	size_t i = 1;

	if (!strcmp(tool_help->name, "plot"))
		i += add_plot(rewriting, words + 1, count - 1);
	for (; i < count; i++) {
		if (all || words[i][0] != '-' || !words[i][1]) {
			add_operand(rewriting, words[i]);
			continue;
		}
		mptcp_argv_add(rewriting->today, words[i]);
		all = !strcmp(words[i], "--");
		if (!all && i + 1 < count && shell_find_option(tool_help, words[i], &option) &&
			option_takes_value(&option) && !shell_option_has_value(tool_help, words[i]))
			mptcp_argv_add(rewriting->today, words[++i]);
	}
}

int older_words(struct shell *shell, char **words, size_t count, struct mptcp_argv *today)
{
	const struct older *older = shell_is_command(shell, words[0])
		? NULL
		: find(commands, COUNT(commands), words[0]);
	struct rewriting rewriting = {.today = today, .shape = older ? older->shape : 0};
	struct option_line option;

	if (older)
		add_today(today, older->today);
	else
		mptcp_argv_add(today, words[0]);
	const struct tool_help *tool_help =
		today->failed ? NULL : shell_tool_help(shell, today->items[0]);
	if (tool_help) {
		rewriting.roles = shell_find_option(tool_help, "--destination", &option);
		add_words(&rewriting, tool_help, words, count);
	} else {
		for (size_t i = 1; i < count; i++)
			mptcp_argv_add(today, words[i]);
	}
	return today->failed ? -1 : 0;
}
