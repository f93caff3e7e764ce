/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * finding: what mptcp-check(1) can find in a capture, and one such finding.
 *
 * All findings are described in findings.def and nowhere else.
 */
#ifndef MPTCP_FINDING_H
#define MPTCP_FINDING_H

#include "buffer.h"
#include "error.h"
#include "role.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mptcp_finding_id {
#define GROUP(title)
#define FINDING(name, id, severity, needs, section, text, explanation) MPTCP_FINDING_##name,
#include "findings.def"
#undef FINDING
#undef GROUP
	MPTCP_FINDINGS /* how many there are */
};

enum mptcp_severity {
	MPTCP_SEVERITY_USUAL, /* of a finding: the one in findings.def */
	MPTCP_SEVERITY_INFO,
	MPTCP_SEVERITY_NOTE,
	MPTCP_SEVERITY_WARNING,
	MPTCP_SEVERITY_ERROR
};
/* "info", "note", "warning", "error". */
const char *mptcp_severity_name(enum mptcp_severity severity);
/* USUAL for a word that is none. */
enum mptcp_severity mptcp_severity_find(const char *name);

/* What a finding needs of the capture: without it, it is not evaluated. */
enum {
	MPTCP_NEEDS_SYN = 1,      /* SYN and SYN/ACK of the subflow, and of the initial one */
	MPTCP_NEEDS_KEYS = 2,     /* the keys of both hosts */
	MPTCP_NEEDS_BOTH = 4,     /* both directions of the subflow */
	MPTCP_NEEDS_UNCUT = 8,    /* no options of the subflow that the snap length cut off */
	MPTCP_NEEDS_WHOLE = 16,   /* no packet of the connection that the capture lacks */
	MPTCP_NEEDS_MPTCP = 32,   /* a connection, and subflow, that has not fallen back; silent */
	MPTCP_NEEDS_PAYLOAD = 64, /* the column payload_sum; silent */
	MPTCP_NEEDS_PEER = 128    /* a capture of the other end; silent */
};
#define MPTCP_NEEDS 8 /* how many bits */
/* "syn", "keys", "both", "options", "whole", "mptcp", "payload", "peer". */
const char *mptcp_need_name(unsigned bit);

struct mptcp_finding_info {
	const char *id;
	enum mptcp_severity severity;
	unsigned needs; /* MPTCP_NEEDS_... */
	const char *section, *text, *explanation;
};
extern const struct mptcp_finding_info mptcp_findings[MPTCP_FINDINGS];

/* A set of them. */
struct mptcp_finding_set {
	bool has[MPTCP_FINDINGS];
};

/* Their identifiers, each followed by a space. */
extern const char mptcp_finding_ids[];

/* Adds those of a list "id,glob,..." that is the value of an option. 0, or -1 with MPTCP_USAGE
 * naming the option and the word that fits none. */
int mptcp_finding_choose(struct mptcp_finding_set *set, const char *option, const char *list,
	struct mptcp_error *error);
/* Appends the table of all, one per line. 0, or -1 when memory ran out. */
int mptcp_finding_list(struct mptcp_buffer *text);
/* Appends what is known of those of a list, which is the value of an option. 0 or -1. */
int mptcp_finding_explain(struct mptcp_buffer *text, const char *option, const char *list,
	struct mptcp_error *error);
/* Appends the identifiers of those with a need, each after a space. Whether there are any. */
bool mptcp_finding_needing(struct mptcp_buffer *text, unsigned bit);

/* Who is to blame. */
enum mptcp_where {
	MPTCP_WHERE_UNKNOWN,
	MPTCP_WHERE_HOST,    /* a packet that the captured host sent */
	MPTCP_WHERE_NETWORK, /* it left the other host otherwise */
	MPTCP_WHERE_CAPTURE
};
/* "unknown", ... */
const char *mptcp_where_name(enum mptcp_where where);

#define MPTCP_FINDING_TEXT 64

struct mptcp_finding {
	enum mptcp_finding_id id;
	enum mptcp_severity severity;
	enum mptcp_where where;
	bool has_mptcpstream, has_tcpstream; /* what it is about; neither: the capture */
	uint32_t mptcpstream, tcpstream;
	enum mptcp_role mptcpdest; /* where its packets go; without an MPTCP connection by TCP */
	uint64_t packetid;         /* the first */
	uint64_t last_packetid;
	uint64_t related[2]; /* other packets that prove it; 0 for none */
	uint64_t count;      /* occurrences on this subflow and direction */
	int64_t abstime, reltime;
	char expected[MPTCP_FINDING_TEXT], got[MPTCP_FINDING_TEXT];
};

#endif
