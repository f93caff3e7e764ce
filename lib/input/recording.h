/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording: the finished export of a capture, as it is found in the cache or put there while it
 * is made.
 *
 * The cache never decides whether a tool works: without one, or when it fails, an export goes on
 * without it, and a message at MPTCP_LOG_INFO says so.
 */
#ifndef MPTCP_RECORDING_H
#define MPTCP_RECORDING_H

#include "buffer.h"
#include "cache.h"
#include "error.h"
#include "input_options.h"
#include "output.h"
#include "packet.h"
#include "store.h"

/* An entry being made. A zeroed struct records nothing. */
struct mptcp_recording {
	const struct mptcp_input_options *options; /* borrowed */
	char *path;
	bool on; /* there is an entry, and packets go into it */
	struct mptcp_cache cache;
	struct mptcp_cache_entry entry;
	struct mptcp_output file;
	struct mptcp_store_writer *writer;
	uint64_t packets; /* in it */
	struct mptcp_buffer key;
	struct mptcp_store *other; /* made by another process while we waited for it */
};

/*
 * The finished export of the file `path` in the cache, or NULL when there is none (not an error:
 * then it has to be made).
 */
struct mptcp_store *mptcp_recording_find(const char *path,
	const struct mptcp_input_options *options);
/* Whether it is an export of MPTCP packets only. */
bool mptcp_recording_is_part(const struct mptcp_store *store);
/* Removes the damaged entry that the store is read from, and says so. */
void mptcp_recording_discard(const struct mptcp_store *store, const char *path,
	const struct mptcp_input_options *options);
/* Begins an entry for the file, or finds that another process has just made it (`other`). */
void mptcp_recording_begin(struct mptcp_recording *recording, const char *path,
	const struct mptcp_input_options *options);
/* The next packet of the export. */
void mptcp_recording_add(struct mptcp_recording *recording, const struct mptcp_packet *packet);
/* Gives the entry up. */
void mptcp_recording_abandon(struct mptcp_recording *recording);
/* The export ended: the entry is put into the cache, unless it is incomplete or the capture changed
 * meanwhile. `notes`: as of mptcp_store_finish. */
void mptcp_recording_commit(struct mptcp_recording *recording, const struct mptcp_error *ending,
	const char *notes);
void mptcp_recording_clear(struct mptcp_recording *recording);

#endif
