/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worker: one tshark process: packets go in, one line per packet comes out, or one row of our
 * plugin (plugin_row.h). Internal to tshark.c.
 *
 * Neither direction blocks: bytes wait in `input` and `output` until mptcp_worker_write and
 * mptcp_worker_read find the pipes ready.
 */
#ifndef MPTCP_WORKER_H
#define MPTCP_WORKER_H

#include "buffer.h"
#include "capture.h"
#include "error.h"
#include "process.h"

#include <stdbool.h>
#include <stdint.h>

/* How tshark is called: the same for all workers of a capture. Everything is borrowed. */
struct mptcp_worker_call {
	const char *program;
	const char *profile;       /* NULL: the user's set-up is kept out */
	const char *const *fields; /* additional ones */
	size_t field_count;
	bool state;          /* analysis on, MPTCP dissected */
	bool at_once;        /* every line at once, for a stream */
	const char *plugins; /* the folder of our plugin; NULL: -T fields; set so where it fails */
	bool lean; /* without the options that an older tshark does not know; set when it says so */
	const struct mptcp_log *log; /* is told the command of the first; NULL: nobody */
	bool told;
};

struct mptcp_worker {
	struct mptcp_process process;
	struct mptcp_worker_call *call;
	struct mptcp_buffer input;
	size_t written; /* of input */
	struct mptcp_buffer output;
	size_t taken;      /* of output */
	size_t searched;   /* of output, in which there is no end of a line */
	size_t headers;    /* length of the capture's headers that it has */
	uint64_t fed;      /* packets */
	uint64_t answered; /* lines taken */
	bool parted;       /* a packet of ours stands among its headers: its line is not taken */
	bool lean;         /* it was called so */
	bool rows;         /* it was called with the plugin */
	uint32_t numbered; /* rows taken */
	bool heard;        /* it has written something */
	bool last;  /* there is no more input: its pipe is closed as soon as all is written */
	bool ended; /* it has closed its output */
	struct mptcp_worker *next;
};

struct mptcp_worker *mptcp_worker_new(struct mptcp_worker_call *call, struct mptcp_error *error);
/* Queues a packet, at most `limit` bytes of it (0: all), after the headers it needs. */
int mptcp_worker_feed(struct mptcp_worker *worker, const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record, uint32_t limit);
/* Bytes queued and not yet written. */
static inline size_t mptcp_worker_pending(const struct mptcp_worker *worker)
{
	return worker->process.in < 0 ? 0 : worker->input.length - worker->written;
}
/* Writes what the pipe takes; closes it after the last byte. */
void mptcp_worker_write(struct mptcp_worker *worker);
/* Reads what is there. -1: out of memory, or the process could not be started again. */
int mptcp_worker_read(struct mptcp_worker *worker, struct mptcp_error *error);
/* The next whole line, without its newline, or the next whole row, valid until the next read; NULL
 * if there is none yet. */
const char *mptcp_worker_line(struct mptcp_worker *worker, size_t *length);
/*
 * After its end: 0 if it answered all packets and found no fault, otherwise -1: MPTCP_DATA if it
 * found fault with the capture `name`, MPTCP_PROGRAM for all else.
 */
int mptcp_worker_verdict(struct mptcp_worker *worker, const char *name, struct mptcp_error *error);
/* Ends it at once. */
void mptcp_worker_free(struct mptcp_worker *worker);

#endif
