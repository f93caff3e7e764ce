/* SPDX-License-Identifier: GPL-2.0-or-later */
/* units: all times are int64_t nanoseconds. */
#ifndef MPTCP_UNITS_H
#define MPTCP_UNITS_H

#include <stdint.h>

#define MPTCP_SECOND INT64_C(1000000000) /* nanoseconds */

#endif
