/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * process: starting other programs (tshark, editcap, gnuplot) and ending with them.
 *
 * Argument vectors only, never a shell. The child dies with us (PR_SET_PDEATHSIG), has default
 * signals, and only the descriptors it was given. That a program cannot be executed is reported by
 * start, not by a status 127 later: errno comes back over a pipe. Standard error goes into a file
 * in memory (memfd) of which the last part is kept: a program that writes one line per packet never
 * blocks.
 */
#ifndef MPTCP_PROCESS_H
#define MPTCP_PROCESS_H

#include "buffer.h"
#include "error.h"
#include "log.h"

#include <stdbool.h>
#include <sys/types.h>

struct mptcp_process {
	pid_t pid;   /* 0: none runs */
	int in;      /* our end of its standard input, -1 for none */
	int out;     /* our end of its standard output, -1 for none */
	int err;     /* its standard error, a memfd; -1 for none; stays until mptcp_process_clear */
	int status;  /* as from waitpid, once it ended */
	int refused; /* errno for which it is root although it was to be unprivileged; 0: it is not
		      */
};

/* A struct in which nothing runs and nothing is open. */
#define MPTCP_PROCESS_NONE ((struct mptcp_process){.in = -1, .out = -1, .err = -1})

struct mptcp_process_options {
	int in;  /* a descriptor to give it as standard input; -1: /dev/null; MPTCP_PROCESS_PIPE: a
		    pipe,  our end in process->in */
	int out; /* likewise as standard output; -1: /dev/null */
	bool keep_err;  /* its standard error is ours; otherwise kept for mptcp_process_message */
	bool own_group; /* what a terminal sends to our process group (Ctrl-C) does not reach it */
	bool unprivileged; /* started by root it is nobody, if it can be: see unprivileged.h */
	const struct mptcp_log *log;    /* is told the command; NULL: nobody */
	const char *const *environment; /* "NAME=value" to set, "NAME" to unset; NULL-terminated,
					   NULL for none */
};
#define MPTCP_PROCESS_PIPE (-2)

/*
 * Starts argv[0] (looked up in PATH). MPTCP_PROGRAM "tshark: not found ..." when it cannot be
 * executed; nothing is open then. Our ends are close-on-exec.
 */
int mptcp_process_start(struct mptcp_process *process, const char *const argv[],
	const struct mptcp_process_options *options, struct mptcp_error *error);
/*
 * Starts a child of our own that writes `length` bytes and then everything that comes from `fd`
 * (borrowed) into process->out. For a program that has to read a stream of which we have taken the
 * first bytes.
 */
int mptcp_process_feed(struct mptcp_process *process, const void *bytes, size_t length, int fd,
	struct mptcp_error *error);
/* write(2) into its standard input; a program that is gone gives -1 and EPIPE, not SIGPIPE. */
ssize_t mptcp_process_write(struct mptcp_process *process, const void *bytes, size_t length);
/* Drops all but the last part of what it wrote on standard error. For long runs. */
void mptcp_process_trim(struct mptcp_process *process);
/*
 * Closes our ends of its pipes and waits; process->status is set. Returns its exit status, or 128 +
 * signal. Where none runs (any more), the same from process->status.
 */
int mptcp_process_wait(struct mptcp_process *process);
/* Closes our ends, ends it (SIGTERM, then SIGKILL) and waits. Does nothing where none runs. */
void mptcp_process_kill(struct mptcp_process *process);
/* Kills what runs and closes what is open; the struct is MPTCP_PROCESS_NONE then. */
void mptcp_process_clear(struct mptcp_process *process);
/* Whether a line on standard error is what the program says even when all is well. */
typedef bool mptcp_process_noise(const char *line, size_t length);
/*
 * The last message on its standard error that says something, in one line: indented lines and lines
 * in parentheses belong to the one before. `is_noise` (or NULL) tells what to leave out. "" for
 * none.
 */
void mptcp_process_message(const struct mptcp_process *process, mptcp_process_noise *is_noise,
	struct mptcp_buffer *message);
/* The same, but the first line that says something: of a program that explains at length. */
void mptcp_process_first_line(const struct mptcp_process *process, mptcp_process_noise *is_noise,
	struct mptcp_buffer *message);
/* Asks it to end, with SIGTERM; what it still has to write can be read. */
void mptcp_process_end(const struct mptcp_process *process);
/* Finds a program in PATH (or checks the path given): its resolved path. MPTCP_PROGRAM if there is
 * none. */
int mptcp_process_find(const char *program, struct mptcp_buffer *path, struct mptcp_error *error);

#endif
