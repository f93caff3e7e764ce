/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replacement: a file that takes the place of another one once it is whole.
 *
 * It is written in the folder where it will be, without a name (O_TMPFILE), so that nothing is left
 * of it whatever ends the process, and the old file is what it was until commit. Only where the
 * file system has no files without a name is it called ".NAME.XXXXXX" meanwhile, and a process that
 * is killed leaves that behind. The new file has the mode of the old one, and its owner where that
 * is allowed; without an old one the usual mode.
 */
#ifndef MPTCP_REPLACEMENT_H
#define MPTCP_REPLACEMENT_H

#include <stdbool.h>

struct mptcp_replacement {
	int fd;          /* to write to; stays valid until commit or close */
	char *path;      /* what it replaces, symbolic links followed; NULL where none is open */
	char *temporary; /* its name meanwhile, NULL for none */
};

/*
 * Begins the replacement of `path`, a regular file or none. Returns 0 or -1 with errno. Anything
 * else that `path` may be (a device, a pipe, what standard output is, a folder) is not for
 * replacing: 0 too, but replacement->path is NULL.
 */
int mptcp_replacement_open(struct mptcp_replacement *replacement, const char *path);
/* Puts the file in its place and closes it. Returns 0, or -1 with errno; the old file is still
 * there then. */
int mptcp_replacement_commit(struct mptcp_replacement *replacement);
/* Gives the file up: the old one stays. Nothing where none is open. */
void mptcp_replacement_close(struct mptcp_replacement *replacement);
/* Gives a file without a name one that must not exist yet. Returns 0 or -1 with errno. */
int mptcp_replacement_link(int fd, const char *name);

#endif
