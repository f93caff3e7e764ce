/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opt_table: the common options of all tools, a table for each group; see opt_table.h. */
#include "opt_table.h"

#include <stdlib.h>
#include <string.h>

static const struct mptcp_option stream_options[] = {
	{'m', "mptcpstream", "ID", "only this MPTCP connection", MPTCP_COMPLETE_MPTCP_STREAM, NULL},
	{MPTCP_LETTER_SKIP, "skip", "TCPSTREAM", "leave out this TCP connection; may be repeated",
		MPTCP_COMPLETE_TCP_STREAM, NULL},
	{'t', "tcpstream", "ID", "only this TCP connection", MPTCP_COMPLETE_TCP_STREAM, NULL},
	{0},
};

static const struct mptcp_option part_options[] = {
	{'d', "destination", "ROLE", "only what goes to this end: client or server",
		MPTCP_COMPLETE_ROLE, NULL},
	{MPTCP_LETTER_FROM, "from", "SECONDS",
		"only what happens from this time on, counted from the first packet",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_TO, "to", "SECONDS", "only what happens before this time",
		MPTCP_COMPLETE_NONE, NULL},
	{0},
};

static const struct mptcp_option tcp_options[] = {
	{MPTCP_LETTER_TCP, "tcp", NULL, "TCP connections without MPTCP, too", MPTCP_COMPLETE_NONE,
		NULL},
	{0},
};

static const struct mptcp_option empty_options[] = {
	{MPTCP_LETTER_ALLOW_EMPTY, "allow-empty", NULL, "status 0, not 1, for an empty result",
		MPTCP_COMPLETE_NONE, NULL},
	{0},
};

static const struct mptcp_option table_options[] = {
	{MPTCP_LETTER_COLUMNS, "columns", "LIST",
		"show only these columns, separated by commas; 'all' shows every one, 'help' "
		"lists them",
		MPTCP_COMPLETE_LIST, NULL},
	{'f', "format", "FORMAT",
		"csv, table or json (default: table on a terminal, csv elsewhere)",
		MPTCP_COMPLETE_FORMAT, NULL},
	{MPTCP_LETTER_HEAD, "head", "N", "only the first N rows", MPTCP_COMPLETE_NONE, NULL},
	{'H', "human", NULL, "short numbers in tables, with their units: 12 ms, 1.2 MB, 35 %",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_NO_HEADER, "no-header", NULL, "leave out the header line",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_NO_PAGER, "no-pager", NULL,
		"print a table that is longer than the terminal without $PAGER",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_SCHEMA, "schema", NULL,
		"print the result's table for a database (SQL) instead of a result",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_SORT, "sort", "COLUMN[:desc]",
		"sort the rows by this column, from the largest with :desc", MPTCP_COMPLETE_WORDS,
		NULL},
	{0},
};

static const struct mptcp_option time_options[] = {
	{MPTCP_LETTER_TIME, "time", "FROM",
		"times count from the first packet of the connection or of the capture, or are "
		"dates (utc), or seconds since 1970 (epoch)",
		MPTCP_COMPLETE_WORDS, "connection capture utc epoch"},
	{0},
};

static const struct mptcp_option output_options[] = {
	{MPTCP_LETTER_FORCE, "force", NULL, "with -o: overwrite FILE even if it is a capture",
		MPTCP_COMPLETE_NONE, NULL},
	{'o', "output", "FILE", "write the result to FILE instead of standard output",
		MPTCP_COMPLETE_FILE, NULL},
	{0},
};

static const struct mptcp_option peer_options[] = {
	{MPTCP_LETTER_PEER, "peer", "FILE",
		"capture of the same traffic at the other end, for results that need both",
		MPTCP_COMPLETE_FILE, NULL},
	{0},
};

static const struct mptcp_option delimiter_options[] = {
	{MPTCP_LETTER_DELIMITER, "delimiter", "CHAR",
		"separator of the cells of CSV; tab or \\t for a tab", MPTCP_COMPLETE_NONE, NULL},
	{0},
};

static const struct mptcp_option live_options[] = {
	{'i', "interface", "IFACE", "capture live from a network interface, until Ctrl-C",
		MPTCP_COMPLETE_INTERFACE, NULL},
	{MPTCP_LETTER_FILTER, "filter", "BPF", "with -i: capture only what this filter passes",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_DURATION, "duration", "S", "with -i: stop after S seconds",
		MPTCP_COMPLETE_NONE, NULL},
	{0},
};

static const struct mptcp_option input_options[] = {
	{MPTCP_LETTER_CHUNK, "chunk", "PACKETS", "packets handed to a tshark process at a time",
		MPTCP_COMPLETE_NONE, NULL},
	{'j', "jobs", "N", "number of tshark processes (default: number of CPUs)",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_KEEP_DUPLICATES, "keep-duplicates", NULL,
		"treat packets that were captured twice like any others", MPTCP_COMPLETE_NONE,
		NULL},
	{MPTCP_LETTER_NO_CACHE, "no-cache", NULL, "neither read nor write the cache",
		MPTCP_COMPLETE_NONE, NULL},
	{'C', "profile", "PROFILE", "Wireshark profile to dissect with", MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_REGEN, "regen", NULL, "export the capture again and replace its cache entry",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_TSHARK, "tshark", "PROGRAM", "tshark program to use", MPTCP_COMPLETE_PROGRAM,
		NULL},
	{0},
};

static const struct mptcp_option batch_options[] = {
	{'J', "at-once", "N", "captures to work on at once (default: number of CPUs)",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_FAIL_FAST, "fail-fast", NULL, "stop at the first capture that fails",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_FILES_FROM, "files-from", "LIST",
		"read captures that LIST names, too, one per line; - is standard input",
		MPTCP_COMPLETE_FILE, NULL},
	{'0', "null", NULL, "with --files-from: names end with a NUL byte, not a line",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_STATUS_FILE, "status-file", "FILE",
		"write a row per capture as CSV: its status, rows, seconds, message",
		MPTCP_COMPLETE_FILE, NULL},
	{0},
};

static const struct mptcp_option label_options[] = {
	{MPTCP_LETTER_LABEL, "label", "TEMPLATE",
		"add columns from the path, such as {scheduler}/run-{run:d}.pcap",
		MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_LABEL_FILE, "label-file", "CSV",
		"add the columns of this table, joined on its column 'capture'",
		MPTCP_COMPLETE_FILE, NULL},
	{MPTCP_LETTER_LABEL_OPTIONAL, "label-optional", NULL,
		"leave labels empty where a capture has none", MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_WITH_CAPTURE, "with-capture", NULL,
		"begin each row with its capture, even if there is only one", MPTCP_COMPLETE_NONE,
		NULL},
	{0},
};

static const struct mptcp_option general_options[] = {
	{'c', "config", "FILE", "read this configuration file instead of the usual ones",
		MPTCP_COMPLETE_FILE, NULL},
	{'h', "help", NULL, "print this text", MPTCP_COMPLETE_NONE, NULL},
	{'q', "quiet", NULL, "no warnings, no progress", MPTCP_COMPLETE_NONE, NULL},
	{'v', "verbose", NULL, "be more verbose; may be repeated", MPTCP_COMPLETE_NONE, NULL},
	{MPTCP_LETTER_VERSION, "version", NULL, "print the version", MPTCP_COMPLETE_NONE, NULL},
	{0},
};

static const struct {
	const char *heading;
	unsigned groups; /* the tool has to take one of these; 0: always there */
	bool nothing;    /* only of a tool whose result may be empty */
	const struct mptcp_option *options;
} groups[] = {
	{"selection", MPTCP_GROUP_STREAM | MPTCP_GROUP_SELECTION, false, stream_options},
	{"selection", MPTCP_GROUP_SELECTION, false, part_options},
	{"selection", MPTCP_GROUP_TCP, false, tcp_options},
	{"result", 0, true, empty_options},
	{"result", MPTCP_GROUP_TABLE, false, table_options},
	{"result", MPTCP_GROUP_TIME, false, time_options},
	{"result", MPTCP_GROUP_TABLE | MPTCP_GROUP_OUTPUT, false, output_options},
	{"input", MPTCP_GROUP_PEER, false, peer_options},
	{"input", MPTCP_GROUP_INPUT | MPTCP_GROUP_DELIMITER, false, delimiter_options},
	{"input", MPTCP_GROUP_LIVE, false, live_options},
	{"input", MPTCP_GROUP_INPUT, false, input_options},
	{"captures", MPTCP_GROUP_BATCH | MPTCP_GROUP_CAPTURES, false, batch_options},
	{"captures", MPTCP_GROUP_CAPTURES, false, label_options},
	{"general", 0, false, general_options},
};

#define GROUPS (sizeof(groups) / sizeof(groups[0]))

static size_t count_options(const struct mptcp_option *options)
{
	size_t count = 0;

	while (options && options[count].name)
		count++;
	return count;
}

static bool group_applies(const struct mptcp_tool *tool, size_t group)
{
	if (groups[group].nothing && !tool->nothing)
		return false;
	return !groups[group].groups || tool->groups & groups[group].groups;
}

/* A tool's own option replaces the common one with its name or letter. */
static bool is_hidden(const struct mptcp_tool *tool, const struct mptcp_option *common)
{
	for (size_t i = 0; i < count_options(tool->options); i++)
		if (!strcmp(tool->options[i].name, common->name) ||
			tool->options[i].letter == common->letter)
			return true;
	return false;
}

int mptcp_opt_entries(const struct mptcp_tool *tool, struct mptcp_opt_entries *entries,
	struct mptcp_error *error)
{
	size_t own = count_options(tool->options), room = own;

	for (size_t g = 0; g < GROUPS; g++)
		room += count_options(groups[g].options);
	entries->count = 0;
	entries->items = calloc(room, sizeof(*entries->items));
	if (!entries->items)
		return mptcp_error_memory(error);
	for (size_t i = 0; i < own; i++)
		entries->items[entries->count++] =
			(struct mptcp_opt_entry){tool->options[i], "options", true};
	for (size_t g = 0; g < GROUPS; g++) {
		if (!group_applies(tool, g))
			continue;
		for (const struct mptcp_option *common = groups[g].options; common->name; common++)
			if (!is_hidden(tool, common))
				entries->items[entries->count++] =
					(struct mptcp_opt_entry){*common, groups[g].heading, false};
	}
	return 0;
}
