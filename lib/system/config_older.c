/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config_older.h"

#include <string.h>

bool mptcp_config_older_section(const char *section)
{
	return !strcmp(section, "DEFAULT") || !strcmp(section, "mptcpanalyzer");
}

const char *mptcp_config_older_name(const char *name)
{
	return strcmp(name, "tshark_bin") ? name : "tshark_binary";
}

/* A line of matplotlib: an optional letter of a colour, of a marker, and -, --, -. or : ("r--"). A
 * word of gnuplot, such as lp, has none of the last. */
static bool is_matplotlib(const char *style)
{
	static const char *const lines[] = {"-", "--", "-.", ":"};

	if (*style && strchr("bgrcmykw", *style))
		style++;
	if (*style && strchr(".,ov^<>1234sp*hH+xDd|_", *style))
		style++;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!strcmp(style, lines[i]))
			return true;
	return false;
}

const char *mptcp_config_older_advice(const char *name, const char *value)
{
	if (!strcmp(name, "history") || !strcmp(name, "history_size"))
		return "the history is $XDG_STATE_HOME/mptcp/history, always";
	if (!strcmp(name, "cache") && strpbrk(value, "/~"))
		return "write yes or no; the cache is $XDG_CACHE_HOME/mptcp";
	if (!strncmp(name, "style", 5) && is_matplotlib(value))
		return "write a style of gnuplot, such as \"lines lw 2\"";
	return NULL;
}

void mptcp_config_older_quote(char *line, size_t size)
{
	static const char key[] = "delimiter", quoted[] = "\";\"";
	char *at = line + strlen(key);

	if (strncmp(line, key, strlen(key)) != 0)
		return;
	at += strspn(at, " \t");
	if (*at != '=' && *at != ':')
		return;
	at++;
	at += strspn(at, " \t");
	if (*at == ';' && !at[1 + strspn(at + 1, " \t\r")] &&
		(size_t)(at - line) + sizeof(quoted) <= size)
		memcpy(at, quoted, sizeof(quoted));
}
