/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hashed: uthash as this project uses it: include this instead of <uthash.h>.
 *
 * Keys come from captures, whose sender must not be able to choose them so that they all meet in
 * one bucket: they are hashed with SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012) under a key that is drawn once a process. So the order of a table differs
 * from run to run; output never follows it. A failed allocation is reported, instead of exit().
 */
#ifndef MPTCP_HASHED_H
#define MPTCP_HASHED_H

#include <stddef.h>
#include <stdint.h>

/* What nobody outside the process knows, and the same until its end. */
uint64_t mptcp_hashed_seed(void);
/* The same for equal bytes, within a process. */
uint32_t mptcp_hashed(const void *key, size_t length);

#define HASH_FUNCTION(key, length, hash) ((hash) = mptcp_hashed((key), (length)))
#ifndef HASH_NONFATAL_OOM
#define HASH_NONFATAL_OOM 1
#endif
#include <uthash.h>

#endif
