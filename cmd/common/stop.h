/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stop: SIGINT (Ctrl-C) and SIGTERM end a live capture, not the tool: what was captured is still
 * written. Another one, half a second later or more, ends the tool.
 */
#ifndef STOP_H
#define STOP_H

#include <signal.h>

/* From now on, unless the caller of the tool had them ignored. Returns what becomes 1 then. */
const volatile sig_atomic_t *stop_catch(void);

#endif
