/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * captures_parts: what the parts of captures.c know of each other: where captures come from
 * (captures_source.c, captures_divide.c), the process that works on one (captures_work.c), what
 * becomes of its rows and messages (captures_rows.c).
 *
 * Functions return 0 or -1 with the error in run->error; they do not report it.
 */
#ifndef CAPTURES_PARTS_H
#define CAPTURES_PARTS_H

#include "captures.h"
#include "captures_labels.h"

#include <sys/types.h>

#define CAPTURES_AHEAD 256 /* captures that were begun and whose rows are not out yet */

/* A capture whose work was begun. */
struct capture {
	char *name;               /* the cell `capture` */
	char *shown;              /* what messages call it, where that is not its path; NULL */
	char *path;               /* what to open */
	struct mptcp_argv labels; /* cells */
	int packets;              /* of a CSV of several: its packets, -1 for none */
	unsigned long long line;  /* ... and where they begin */
	struct mptcp_error late;  /* an error behind its last packet; MPTCP_DONE for none */
	pid_t pid;                /* 0 where no process runs */
	int ended;                /* as from waitpid */
	int rows, messages;       /* what it writes, -1 for none */
	struct tool_outcome *outcome;
	int64_t began, took; /* nanoseconds */
	struct capture *next;
};

/* An operand. */
struct captures_file {
	char *name;
	int copy;                  /* of what can be read only once, -1 for none */
	bool divided;              /* a CSV of several captures */
	struct mptcp_input *input; /* where that is open already */
};

/* A CSV of several captures that is being divided. */
struct captures_division {
	struct mptcp_input *input; /* NULL where there is none */
	struct mptcp_rows_reader *rows;
	const char *name;
	size_t capture;           /* which column has the capture */
	size_t labels;            /* how many behind it are labels */
	const char *const *names; /* of all columns */
	size_t count;
	const struct mptcp_text *cells; /* of a row that was read and belongs to the next capture */
	struct captures_seen *seen;     /* captures that are over */
	bool any;                       /* it has had a capture */
};

struct captures {
	struct tool_run *run;
	captures_body *body;
	void *context;
	struct captures_file *files;
	size_t file_count, file_capacity, next_file;
	char *list; /* the text of --files-from */
	struct captures_division division;
	struct labels labels;
	/* the tool's columns, then `capture`, then the labels */
	struct mptcp_table_column *columns;
	bool shown;                    /* those of the capture are in the result */
	struct mptcp_layout recorded;  /* those of the tool that are shown: what processes write */
	struct mptcp_output status;    /* --status-file */
	struct mptcp_table *statuses;  /* NULL for none */
	struct tool_outcome *outcomes; /* shared with the processes */
	size_t begun, running, waiting;
	struct capture *first, *last; /* begun, in order */
	struct mptcp_buffer header;   /* of packets: the header line without labels */
	uint64_t rows;
	int worst;    /* the highest status of a capture that failed */
	bool stopped; /* no further capture is begun */
};

/* captures_source.c */

/* The operands and --files-from, and the names of the labels they have. */
int captures_list(struct captures *captures);
/* A CSV of several captures that is open already. */
int captures_list_open(struct captures *captures, struct mptcp_input *input);
/* The next capture with its labels, not begun yet, NULL at the end. Errors of the captures
 * themselves are in its `late`, with no path. NULL also on an error, with *failed. */
struct capture *captures_next(struct captures *captures, bool *failed);
void captures_list_clear(struct captures *captures);

/* captures_divide.c */

/* One that is not begun, by its name. NULL when memory ran out. */
struct capture *capture_new(const char *name, size_t length, struct mptcp_error *error);
/* What its process opens, and what messages call it (NULL: the same). */
int capture_set_path(struct capture *capture, const char *path, const char *shown,
	struct mptcp_error *error);
void capture_free(struct capture *capture);
/* Begins to divide a CSV of several captures, which is taken over. */
void captures_divide(struct captures_division *division, struct mptcp_input *input);
/* The labels that the CSV has, with the cells of the row that was read, if there is one. */
int captures_carried(const struct captures_division *division, struct labels_carried *carried,
	struct mptcp_error *error);
/* As captures_next, for the CSV that is being divided. */
struct capture *captures_next_part(struct captures *captures, bool *failed);
void captures_end_division(struct captures_division *division);

/* captures_work.c */

/* How many are worked on at once. */
unsigned captures_at_once(const struct captures *captures);
/* Begins the work in a process of its own. */
int captures_begin(struct captures *captures, struct capture *capture);
/* Waits until a process ends. */
int captures_wait(struct captures *captures);
/* Ends the process, if there is one. */
void captures_kill(struct captures *captures, struct capture *capture);

/* captures_rows.c */

/* Opens the output, the table and the status file. */
int captures_open_result(struct captures *captures);
/* Puts out the rows and messages of a capture whose work has ended; errors are reported. */
void captures_put(struct captures *captures, struct capture *capture);
/* Of one that was not begun. */
void captures_put_unread(struct captures *captures, const struct capture *capture);
int captures_close_result(struct captures *captures);

#endif
