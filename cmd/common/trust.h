/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trust: what root runs. Programs and plots are looked for in folders of whoever is at work; with
 * the HOME of another user, as sudo may leave it, root would run that user's.
 */
#ifndef TRUST_H
#define TRUST_H

#include "error.h"

#include <stdbool.h>

/*
 * Whether this process may run the file: as root only one of root, in a folder of root, neither of
 * which others can write, unless the user is trusted; otherwise any. 0, or -1 with MPTCP_PROGRAM.
 */
int trust_file(const char *path, bool trust_user, struct mptcp_error *error);

#endif
