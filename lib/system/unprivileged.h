/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unprivileged: root's children that read what strangers wrote (tshark, editcap) do so as nobody.
 *
 * User and group 65534 (the kernel's overflow user, "nobody" on Linux), no other groups, and no
 * new privileges by programs that are set-user-ID or have capabilities. Where the kernel refuses,
 * as in a container that does not map that user, they go on as they are.
 */
#ifndef MPTCP_UNPRIVILEGED_H
#define MPTCP_UNPRIVILEGED_H

#include <stdbool.h>

/* True if this process is root, so that its children have something to give up. */
bool mptcp_unprivileged_needed(void);
/*
 * In a child, between fork and exec: gives up what it has of privileges, for good; of one that is
 * not root only those that it might acquire. 0, or the errno with which the kernel refused.
 */
int mptcp_unprivileged_become(void);
/*
 * Whether a program that was started so can read this folder and what is in it: 0, or the errno
 * with which nobody, or the change to nobody, was refused. Forks where this process is root.
 */
int mptcp_unprivileged_reads(const char *folder);

#endif
