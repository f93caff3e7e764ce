/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * opt: the options of a tool: one table gives the parser, --help and the completions.
 *
 * A tool has its own table and names the groups of common options that it takes, so that an option
 * means the same everywhere. Parsed with getopt_long. Prints nothing: texts go into a buffer.
 */
#ifndef MPTCP_OPT_H
#define MPTCP_OPT_H

#include "buffer.h"
#include "config.h"
#include "error.h"
#include "input.h"
#include "packet.h"
#include "selection.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>

/* What may follow an option or be an operand, for the completions. */
enum mptcp_completion {
	MPTCP_COMPLETE_NONE,
	MPTCP_COMPLETE_FILE,
	MPTCP_COMPLETE_FOLDER,
	MPTCP_COMPLETE_PROGRAM,
	MPTCP_COMPLETE_ROLE,
	MPTCP_COMPLETE_FORMAT,
	MPTCP_COMPLETE_COLUMN,
	MPTCP_COMPLETE_MPTCP_STREAM,
	MPTCP_COMPLETE_TCP_STREAM,
	MPTCP_COMPLETE_INTERFACE,
	MPTCP_COMPLETE_SERIES,
	MPTCP_COMPLETE_PLOT,
	MPTCP_COMPLETE_LIST, /* `words`, several of them separated by commas */
	MPTCP_COMPLETE_WORDS /* the words of `words`; NULL: the columns of the result */
};

/* The letter of an option without a short form: 256 and above. */
#define MPTCP_OPT_LONG 256

struct mptcp_option {
	int letter;           /* 'o', or a number of the tool's own from MPTCP_OPT_LONG on */
	const char *name;     /* "output" */
	const char *argument; /* "FILE", NULL for none */
	const char *meaning;  /* one line for --help */
	enum mptcp_completion completion;
	const char *words; /* space-separated, for MPTCP_COMPLETE_LIST and _WORDS */
};

/* Groups of common options. Every tool has -h, --help, --version, -v, -q, -c; one with `nothing`
 * has --allow-empty. */
enum {
	/* -j --jobs, --chunk, --tshark, -C --profile, --keep-duplicates, --no-cache, --regen,
	 * --delimiter */
	MPTCP_GROUP_INPUT = 1,
	/* those of MPTCP_GROUP_OUTPUT, -f --format, --head, --no-header, -H --human, --columns,
	 * --no-pager, --sort */
	MPTCP_GROUP_TABLE = 2,
	MPTCP_GROUP_STREAM = 4, /* -m --mptcpstream ID, -t --tcpstream ID, --skip TCPSTREAM */
	/* those of MPTCP_GROUP_STREAM, -d --destination client|server, --from S, --to S */
	MPTCP_GROUP_SELECTION = 8,
	MPTCP_GROUP_PEER = 16,   /* --peer FILE */
	MPTCP_GROUP_OUTPUT = 32, /* -o --output, --force */
	MPTCP_GROUP_TIME = 64,   /* --time */
	/* -J --at-once, --files-from, -0 --null, --status-file, --fail-fast */
	MPTCP_GROUP_BATCH = 128,
	/* those of MPTCP_GROUP_BATCH, --with-capture, --label, --label-file, --label-optional */
	MPTCP_GROUP_CAPTURES = 256,
	MPTCP_GROUP_DELIMITER = 512, /* --delimiter alone of MPTCP_GROUP_INPUT */
	MPTCP_GROUP_LIVE = 1024,     /* -i --interface IFACE, --filter BPF, --duration S */
	MPTCP_GROUP_TCP = 2048       /* --tcp */
};

/* The result of a sub-command with columns of its own. */
struct mptcp_tool_result {
	const char *operand; /* the first operand that asks for it */
	const struct mptcp_table_column *columns;
	size_t column_count;
};

struct mptcp_tool {
	const char *name;    /* "mptcp-ls" */
	const char *purpose; /* one line: "list the subflows of MPTCP connections" */
	/* what it says of an empty result: "no subflow"; NULL: it has none, or it judges, and
	 * status 1 is a verdict */
	const char *nothing;
	const char *status_one; /* what status 1 means, for --help; NULL: "nothing found" */
	const char *operands;   /* "[ID] [CAPTURE|CSV]" */
	bool takes_id;          /* one of them is the ID of an MPTCP connection */
	unsigned groups;
	const struct mptcp_option *options; /* its own, ended by a zeroed one; NULL for none */
	const struct mptcp_table_column *columns; /* of its result; NULL for none */
	size_t column_count;
	enum mptcp_time time; /* of tables on a terminal where --time does not say it */
	const struct mptcp_tool_result *results; /* others, ended by a zeroed one; NULL: none */
	/*
	 * Takes an option of its own; returns 0 or -1 with MPTCP_USAGE. One that makes a text to
	 * print (the --list of mptcp-series) puts it into the buffer that mptcp_opt_parse
	 * was given (run->text of tool.h) and returns MPTCP_OPT_TEXT.
	 */
	int (*take)(int letter, const char *value, void *context, struct mptcp_error *error);
};

/* What the options about several captures said. */
struct mptcp_opt_captures {
	uint32_t at_once;        /* -J; 0: as many as there are CPUs */
	const char *files_from;  /* names of captures, "-" for standard input; NULL for none */
	bool null;               /* which end with NUL bytes, not with lines */
	const char *status_file; /* NULL for none */
	bool fail_fast;
	bool with_capture;
	const char *label;      /* template; NULL for none */
	const char *label_file; /* NULL for none */
	bool label_optional;
};

/* What the common options said. Strings live as long as the settings and argv. */
struct mptcp_settings {
	struct mptcp_input_options input;
	struct mptcp_table_options table;
	struct mptcp_layout layout; /* the columns of the result; those of --columns are shown */
	bool columns_given;
	bool format_given; /* otherwise: table on a terminal, csv elsewhere */
	const char *time;  /* --time, NULL: as the tool and the output have it */
	const char *sort;  /* --sort, NULL for none */
	bool no_pager;
	const char *output; /* -o, NULL for none */
	bool schema;        /* --schema */
	bool force;         /* -o may overwrite a capture */
	const char *peer;   /* --peer, NULL for none */
	int verbose;        /* counts -v */
	bool quiet;
	bool allow_empty;        /* --allow-empty: status 0 for an empty result */
	const char *config_file; /* -c, NULL for none */
	const char *caller;      /* --caller: the program that runs this one, NULL for none */
	struct mptcp_selection selection;
	struct mptcp_opt_captures captures;
	const char *columns; /* a --columns that may name columns of MPTCP_GROUP_CAPTURES */
	char **operands;
	size_t operand_count;
	struct mptcp_config *config;
	struct mptcp_buffer warnings; /* of options and the configuration, one per line */
};

enum mptcp_opt_result {
	MPTCP_OPT_RUN = 0, /* go on */
	MPTCP_OPT_TEXT = 1 /* print the text and end with 0: --help, --version, --columns help */
};

/* What to parse. */
struct mptcp_opt_line {
	int argc;
	char **argv;
	void *context; /* of mptcp_tool.take */
};

/*
 * Parses argv over the configuration. Returns an mptcp_opt_result, or -1: MPTCP_USAGE (the tool
 * adds "try 'mptcp-ls --help'"). Three hidden options are for completions, the shell and tests:
 * --caller NAME puts another program's name before messages, and drops the warnings of the
 * configuration, which that program has printed;
 * --list-options gives the table, one line per option: letter TAB name TAB argument TAB completion
 * TAB words TAB meaning; "-" where there is none. --list-operands gives the operands of the usage,
 * and the purpose in the next line. A configuration value that is invalid for its key is MPTCP_DATA
 * and names file and line. Settings have to be released whatever the result. A tool's own option
 * hides the common one of the same name or letter.
 */
int mptcp_opt_parse(const struct mptcp_tool *tool, const struct mptcp_opt_line *line,
	struct mptcp_settings *settings, struct mptcp_buffer *text, struct mptcp_error *error);
/* --sort, once the columns of the result are known. 0 or -1. */
int mptcp_opt_take_sort(struct mptcp_settings *settings, struct mptcp_error *error);
/*
 * From operand `at` on: names of columns that are no files come first, then the first operand of
 * digits, then all others, each in their order.
 */
void mptcp_opt_columns_first(struct mptcp_settings *settings, size_t at);
/*
 * Moves the operand of digits, wherever it stands, the connection's ID (the older form, `mptcp-ls 0
 * x.pcap`), from the operands to -m.
 */
int mptcp_opt_take_id(struct mptcp_settings *settings, struct mptcp_error *error);
/* The one remaining operand, or NULL for standard input. MPTCP_USAGE if there are more. */
int mptcp_opt_take_input(struct mptcp_settings *settings, const char **operand,
	struct mptcp_error *error);
/* Once the ID is taken: contradictions of the options of a live capture are MPTCP_USAGE. */
int mptcp_opt_check_live(const struct mptcp_settings *settings, struct mptcp_error *error);
/* MPTCP_USAGE: "option --NAME: 'VALUE' is not WANTED". Returns -1. */
int mptcp_opt_bad_value(const char *name, const char *value, const char *wanted,
	struct mptcp_error *error);
/* MPTCP_USAGE: there is an operand too many. Returns -1. */
int mptcp_opt_unexpected(const char *operand, struct mptcp_error *error);
/* A value of --format. 0, or -1 with MPTCP_USAGE. */
int mptcp_opt_take_format(struct mptcp_settings *settings, const char *value,
	struct mptcp_error *error);
/* --schema: the result as a table of SQL, its columns those of the layout. 0, or -1 when
 * memory ran out. */
int mptcp_opt_text_schema(const struct mptcp_tool *tool, const struct mptcp_settings *settings,
	struct mptcp_buffer *text);
void mptcp_settings_clear(struct mptcp_settings *settings);
/* The line of --columns help about a column: its name, padded to `width`, unit and meaning. 0, or
 * -1 when memory ran out. */
int mptcp_opt_text_column(struct mptcp_buffer *text, int width,
	const struct mptcp_table_column *column);

#endif
