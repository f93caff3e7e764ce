/* SPDX-License-Identifier: GPL-2.0-or-later */
/* counters: the counters MPTcpExt that Linux keeps (`nstat -az 'MPTcp*'`), by name, and in which of
 * its versions they exist. counters.def has the rule of each. */
#ifndef MPTCP_COUNTERS_H
#define MPTCP_COUNTERS_H

#include "buffer.h"
#include "names.h"

#include <stdbool.h>
#include <stddef.h>

/* A version of Linux, to be compared; the newest is what 0 stands for. */
#define MPTCP_KERNEL(major, minor) ((major)*1000U + (minor))

/* The newest one whose list of counters is known. */
#define MPTCP_COUNTER_KERNEL MPTCP_KERNEL(6, 18)

enum mptcp_counter {
#define COUNTER(name, worth, since, until, place, rule) MPTCP_COUNTER_##name,
#include "counters.def"
#undef COUNTER
	MPTCP_COUNTERS /* how many there are */
};

/* What a prediction is worth. */
enum mptcp_counter_class {
	MPTCP_COUNTER_EXACT,        /* the packets say it */
	MPTCP_COUNTER_BOUNDED,      /* they say between what it lies */
	MPTCP_COUNTER_HINT,         /* a guess */
	MPTCP_COUNTER_UNPREDICTABLE /* nothing on the wire says it */
};
/* "exact", "bounded", "hint", "unpredictable". */
const char *mptcp_counter_class_name(enum mptcp_counter_class worth);

struct mptcp_counter_rule {
	const char *name; /* without MPTcpExt */
	enum mptcp_counter_class worth;
	unsigned since;    /* MPTCP_KERNEL, 0: all have it; 6.19: newer than 6.18 */
	unsigned until;    /* the last one that had it before that; 0: none */
	const char *place; /* in net/mptcp of the kernel */
	const char *rule;
};

extern const struct mptcp_counter_rule mptcp_counter_rules[MPTCP_COUNTERS];
/* All names, for names.h; and each followed by a space. */
extern const struct mptcp_names mptcp_counter_names;
extern const char mptcp_counter_words[];

/* The counter of that name (`length` characters; MPTcpExt before it is skipped), or -1. */
int mptcp_counter_find(const char *name, size_t length);
/* Whether that version of Linux has it, as its first release had: stable ones may have more. */
bool mptcp_counter_exists(enum mptcp_counter counter, unsigned kernel);
/* "6.12", "6.18.44-rc1": its MPTCP_KERNEL. 0 or -1. */
int mptcp_counter_kernel(unsigned *kernel, const char *version);
/* --list: a line per counter, with its class; --explain: everything about one. 0, or -1 when memory
 * ran out. */
int mptcp_counters_list(struct mptcp_buffer *text);
int mptcp_counter_explain(struct mptcp_buffer *text, enum mptcp_counter counter);

#endif
