/* SPDX-License-Identifier: GPL-2.0-or-later */
/* api: marks what the shared library exports. Nothing else in it can be linked with. */
#ifndef MPTCP_PUBLIC_API_H
#define MPTCP_PUBLIC_API_H

#ifdef __GNUC__
#define MPTCP_API __attribute__((visibility("default")))
#else
#define MPTCP_API
#endif

#endif
