/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * export: a capture becomes packets: tshark dissects, the tracker keeps the state, the cache keeps
 * the result.
 *
 * The cache never decides whether a tool works: without one, or when it fails, the packets are the
 * same.
 */
#ifndef MPTCP_EXPORT_H
#define MPTCP_EXPORT_H

#include "capture.h"
#include "error.h"
#include "input_options.h"
#include "packet.h"

struct mptcp_export;

/*
 * Packets of a capture that is open already (taken over). `path` is its file for the cache, NULL
 * where it has none (standard input).
 */
struct mptcp_export *mptcp_export_open(struct mptcp_capture *capture, const char *name,
	const char *path, const struct mptcp_input_options *options, struct mptcp_error *error);
/* Packets of a network interface, as options say. */
struct mptcp_export *mptcp_export_live(const struct mptcp_input_options *options,
	struct mptcp_error *error);
/* As mptcp_input_next. What a user has to know of the capture is reported before the end. */
enum mptcp_result mptcp_export_next(struct mptcp_export *exporter, struct mptcp_packet *packet,
	struct mptcp_error *error);
void mptcp_export_progress(const struct mptcp_export *exporter, uint64_t *read, uint64_t *total);
void mptcp_export_close(struct mptcp_export *exporter);

/* Packets that the program that captured says it lost, as mptcp_input_lost; from the notes of a
 * store (NULL for none). */
uint64_t mptcp_export_lost(const struct mptcp_export *exporter);
uint64_t mptcp_export_lost_of(const char *notes);

/* Says each line of the notes that a store has (NULL for none) as a warning about `name`. */
void mptcp_export_say_notes(const struct mptcp_log *log, const char *name, const char *notes);

#endif
