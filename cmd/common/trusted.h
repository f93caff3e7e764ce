/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trusted: whether a program or a plot of the user's folders may be run: see trust.h. */
#ifndef TRUSTED_H
#define TRUSTED_H

#include "error.h"

#include <stdbool.h>

/* 0, or -1 with MPTCP_PROGRAM where something speaks against it and the user is not trusted. */
int trusted_file(const char *path, bool trust_user, struct mptcp_error *error);

#endif
