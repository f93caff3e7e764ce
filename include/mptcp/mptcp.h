/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libmptcp: packets of Multipath TCP captures with their state, as the mptcp tools see them.
 * This header has all of it; libmptcp(3) is the manual.
 */
#ifndef MPTCP_PUBLIC_MPTCP_H
#define MPTCP_PUBLIC_MPTCP_H

#include <mptcp/api.h>
#include <mptcp/error.h>
#include <mptcp/key.h>
#include <mptcp/reader.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that runs: "0.1.0". */
MPTCP_API const char *mptcp_version(void);

#ifdef __cplusplus
}
#endif

#endif
