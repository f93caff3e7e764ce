/* SPDX-License-Identifier: GPL-2.0-or-later */
/* owd: fills the series `owd` from the operand and --peer. */
#ifndef OWD_H
#define OWD_H

#include "series.h"
#include "tool.h"

/* After mptcp_series_init. Offset and skew of the clocks are removed. 0 or -1 (reported). */
int owd_read(struct tool_run *run, struct mptcp_series *series);

#endif
