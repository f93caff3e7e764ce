/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * summary_parts: what the files of summary share: summary.c takes the packets and orders the page,
 * summary_say.c makes sentences, summary_connection.c those about a connection, summary_events.c
 * those about what happened to it, summary_announced.c what became of addresses, summary_one.c why
 * a path was not used, summary_gather.c what is known of each connection, summary_text.c the page.
 */
#ifndef MPTCP_SUMMARY_PARTS_H
#define MPTCP_SUMMARY_PARTS_H

#include "summary.h"

/* A short text of its own. */
struct mptcp_value {
	char text[160];
};

/* "1.2 MB", "400 kbit/s", "57 ms", "35 %", "3 subflows": values for sentences. */
struct mptcp_value mptcp_value_bytes(uint64_t bytes);
struct mptcp_value mptcp_value_rate(double bits_per_second);
struct mptcp_value mptcp_value_time(int64_t nanoseconds);
struct mptcp_value mptcp_value_share(double share);
struct mptcp_value mptcp_value_number(uint64_t number);
struct mptcp_value mptcp_value_count(uint64_t count, const char *one, const char *many);
struct mptcp_value mptcp_value_host(const struct mptcp_address *address);

/* A new fact, whose sentence has these values, as many as it has {}; NULL when memory ran out,
 * which the summary remembers. */
struct mptcp_fact *mptcp_summary_say(struct mptcp_summary *summary, enum mptcp_says says,
	const char *const *values);
#define SAY(summary, says, ...) \
	mptcp_summary_say(summary, MPTCP_SAYS_##says, (const char *const[]){__VA_ARGS__, NULL})

/* What a reason means, and "; what to do" (or "") after it. */
struct mptcp_meaning {
	const char *words;
	struct mptcp_value advice;
};
struct mptcp_meaning mptcp_summary_reason(const char *reason);

/* `own` of a connection in the summary's story: what the others know of it, found once for all. */
struct mptcp_summary_own {
	struct mptcp_events events; /* in order of packets */
	const struct mptcp_finding **findings;
	size_t finding_count, finding_capacity;
	struct mptcp_limits_row limited[2]; /* by role; length -1: none */
};
int mptcp_summary_gather(struct mptcp_summary *summary, struct mptcp_error *error);

/* What is told of a connection. */
struct mptcp_told {
	struct mptcp_summary *summary;
	const struct mptcp_story_connection *connection;
	const struct mptcp_summary_own *own;
	enum mptcp_role main;                /* where most data went */
	const struct mptcp_stats_row *total; /* of that, NULL: none */
	const struct mptcp_limits_row *limited;
};

/* The sentence is about the connection, and this packet, or moment, shows it. */
void mptcp_fact_about(struct mptcp_fact *fact, const struct mptcp_told *told);
void mptcp_fact_at(struct mptcp_fact *fact, const struct mptcp_moment *moment);

static inline const char *mptcp_role_word(enum mptcp_role role)
{
	return role == MPTCP_SERVER ? "server" : "client";
}
/* The row of a subflow (NULL: of the whole), of data to a role; NULL: none. */
const struct mptcp_stats_row *mptcp_summary_row(const struct mptcp_summary *summary,
	uint32_t mptcpstream, enum mptcp_role to, const struct mptcp_story_subflow *subflow);

/* The addresses announced in a connection; NULL when memory ran out, which the summary remembers.
 */
struct mptcp_announced *mptcp_announced_new(const struct mptcp_told *told);
void mptcp_announced_free(struct mptcp_announced *announced);
/* What became of the address of an ADD_ADDR; the events of the connection come in order. NULL:
 * there is nothing to say. */
struct mptcp_fact *mptcp_announced_say(struct mptcp_announced *announced,
	const struct mptcp_event *event);

void mptcp_summary_connection(const struct mptcp_told *told);
void mptcp_summary_events(const struct mptcp_told *told);
void mptcp_summary_one(const struct mptcp_told *told);

#endif
