/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * again: the export of a capture whose entry in the cache turns out to be damaged while it is read.
 */
#ifndef MPTCP_AGAIN_H
#define MPTCP_AGAIN_H

#include "export.h"
#include "store.h"

/*
 * Says that the entry is damaged, removes and closes it (*store is NULL then), and exports the file
 * `path`, called `name` in messages, without the packets that the store has handed on already. NULL
 * with an error; so, too, where the capture has not so many any more. `options` is borrowed; it
 * becomes that of the entry's export.
 */
struct mptcp_export *mptcp_again_export(struct mptcp_store **store, const char *path,
	const char *name, struct mptcp_input_options *options, struct mptcp_error *error);

#endif
