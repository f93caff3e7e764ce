/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tool: what every executable does around its own work: options, messages, opening and closing of
 * input and output, exit status.
 *
 * The only code that prints messages. A filter reads
 *
 *	static void list(struct tool_run *run, void *context) {
 *		if (tool_open_input(run, NEEDED, WANTED) == 0 && tool_open_table(run) == 0) {
 *			while (tool_next(run, &packet) == MPTCP_ROW)
 *				...
 *			...rows into run->table...
 *		}
 *	}
 *
 *	int main(int argc, char **argv) {
 *		struct tool_run run;
 *		if (!tool_start(&run, &tool, argc, argv, NULL))
 *			return run.status;
 *		return captures_run(&run, list, NULL);
 *	}
 *
 * and captures.h says what becomes of several captures. A tool that is about none, or about two of
 * the same traffic, does its work in main and ends with tool_finish.
 */
#ifndef TOOL_H
#define TOOL_H

#include "beginnings.h"
#include "census.h"
#include "input.h"
#include "opt.h"
#include "output.h"
#include "page.h"
#include "protect.h"
#include "table.h"

/* What a process that works on one capture of several tells the one that began it (captures.h). */
struct tool_outcome {
	int rows_to; /* the descriptor to which its result goes */
	bool finished;
	int status;
	uint64_t rows;
	char message[1024]; /* of what made the status; "" for none */
};

struct tool_run {
	const struct mptcp_tool *tool;
	struct mptcp_settings settings;
	struct mptcp_error error; /* of the call that failed last */
	int status;               /* the exit status so far */
	struct mptcp_input *input;
	struct mptcp_output output;
	bool output_open;
	bool output_direct;     /* -o is written as it goes, not put in place at the end */
	struct protect protect; /* what -o must not be */
	bool result_stands;     /* what is written is the result, whatever the status is */
	struct mptcp_table *table;
	struct page page; /* where a table for a terminal is made */
	/* for --help and the like; then free for the tool's own use, released by tool_finish */
	struct mptcp_buffer text;
	bool progress_wanted;         /* standard error is a terminal that nothing else writes to */
	int64_t progress_at;          /* when to show it next, nanoseconds of the monotonic clock */
	int64_t began;                /* nanoseconds of the monotonic clock */
	bool progress_shown;          /* the line is on the screen and has to be erased */
	uint64_t packets_read;        /* by tool_next */
	struct census census;         /* of what tool_next gave */
	const char *input_name;       /* what is empty, for messages; NULL: nothing was read */
	const char *nothing;          /* why the result is empty, where not the census says it */
	bool nothing_said;            /* that the result is empty */
	uint64_t rows;                /* of a result that is no table */
	const char *alone;            /* an option that takes one capture, NULL for none */
	bool divided;                 /* the input is of several captures: nothing was read of it */
	struct tool_outcome *outcome; /* NULL: the result is this process's own */
	bool begins; /* some moment may count from the beginning of its connection */
	struct mptcp_beginnings beginnings;
	/* the first packet's abstime - reltime, as far as it has them: where --from and --to count
	 * from */
	int64_t origin;
};

/*
 * Parses the options (SIGPIPE at its default, C locale). False: nothing is left to do (help was
 * printed, or a usage error reported); return run->status.
 */
bool tool_start(struct tool_run *run, const struct mptcp_tool *tool, int argc, char **argv,
	void *context);
/* Opens the last operand as packets, which -o cannot be (tool_protect); the columns that the
 * selection reads are added. 0 or -1: reported, status set; or the input is of several captures,
 * which captures_run hands out one by one (run->divided). */
int tool_open_input(struct tool_run *run, uint64_t needed, uint64_t wanted);
/* A --columns or --sort with unknown names is refused: nothing adds such columns. 0 or -1
 * (reported). */
int tool_check_columns(struct tool_run *run);
/* Says what the result is made of (NULL or "-": standard input), so that -o cannot be that; once
 * for each file. Checked here already, before the work is done. 0 or -1 (reported, status set). */
int tool_protect(struct tool_run *run, const char *input);
/* Opens -o or standard output; for tools without a table. A file is written beside and put in place
 * by tool_finish, unless the tool failed. */
int tool_open_output(struct tool_run *run);
/* The result's table, in the layout and format asked for, on the output (which it opens). */
int tool_open_table(struct tool_run *run);
/* What tool_open_table decides about settings.table: on a terminal a table that fits it, with
 * colours, csv elsewhere. The output has to be open. */
void tool_choose_format(struct tool_run *run);
/*
 * The next packet. MPTCP_END also once the output cannot be written, as there is no use in going
 * on. An error was reported and is in the status; after MPTCP_DATA what was read before stays
 * valid. While a live capture or a pipe brings nothing, what was written so far is flushed. Shows
 * progress on a terminal after a second.
 */
enum mptcp_result tool_next(struct tool_run *run, struct mptcp_packet *packet);
/* The same, for callers that have something to do meanwhile: MPTCP_IDLE when nothing came for a
 * second. */
enum mptcp_result tool_next_or_idle(struct tool_run *run, struct mptcp_packet *packet);
/* When nothing comes at the moment: up to when all packets of a live capture are there, in
 * nanoseconds since the epoch; 0 where none is read. */
int64_t tool_live_time(const struct tool_run *run);
/* What the row that is built next is about: an MPTCP connection, or a TCP connection without one.
 * Moments in it count from the beginning of that with --time connection. */
void tool_about_connection(struct tool_run *run, uint32_t mptcpstream);
void tool_about_stream(struct tool_run *run, uint32_t tcpstream);
/* True after an error that leaves no result worth printing (all but MPTCP_DATA). */
bool tool_failed(const struct tool_run *run);
/* Prints run->text on standard output, instead of a result. 0 or -1 (reported, status set). */
int tool_print_text(struct tool_run *run);
/* Reports run->error after the tool's name (usage errors with a hint to --help) and takes over its
 * status; of several the highest is kept. Returns -1. */
int tool_report(struct tool_run *run);
/* A message at a level of log.h, after the tool's name. */
void tool_say(struct tool_run *run, enum mptcp_log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The result is empty though all went well: says what there was instead, and sets MPTCP_NOTHING
 * unless --allow-empty was given. */
void tool_nothing(struct tool_run *run);
/* Closes table, output and input, reports what only closing shows, calls tool_nothing where a table
 * has no row and all went well, releases. Returns the exit status. */
int tool_finish(struct tool_run *run);

#endif
