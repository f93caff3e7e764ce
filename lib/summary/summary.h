/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * summary: a capture in sentences, as mptcp-summary(1) prints them: per connection what happened,
 * what limited it, its paths, what is wrong, and what to look at next.
 *
 * Knows nothing itself: it asks the story, the statistics, limits and check, and turns what they
 * say into the words of sentences.def. Packets are added one by one; mptcp_summary_end makes the
 * facts, in the order of the page. Memory as those four.
 */
#ifndef MPTCP_SUMMARY_H
#define MPTCP_SUMMARY_H

#include "check.h"
#include "limit.h"
#include "outage.h"
#include "stats.h"
#include "story.h"

#define MPTCP_SUMMARY_COLUMNS \
	(MPTCP_OUTAGES_COLUMNS | MPTCP_STATS_COLUMNS | MPTCP_LIMITS_COLUMNS | MPTCP_CHECK_COLUMNS)
#define MPTCP_SUMMARY_NEEDED \
	(MPTCP_STORY_NEEDED | MPTCP_STATS_NEEDED | MPTCP_LIMITS_NEEDED | MPTCP_CHECK_NEEDED)

/* More connections than this are grouped by what happened. */
#define MPTCP_SUMMARY_MANY 20
/* So many, those with the most data, are told in full. */
#define MPTCP_SUMMARY_LARGEST 3

enum mptcp_says {
#define SENTENCE(name, id, section, bad, text) MPTCP_SAYS_##name,
#define REASON(reason, words, advice)
#include "sentences.def"
#undef SENTENCE
#undef REASON
	MPTCP_SAYS /* how many there are */
};

enum mptcp_section {
	MPTCP_SECTION_CAPTURE,
	MPTCP_SECTION_CONNECTION,
	MPTCP_SECTION_HAPPENED,
	MPTCP_SECTION_LIMITED,
	MPTCP_SECTION_PATH,
	MPTCP_SECTION_WRONG,
	MPTCP_SECTION_LOOK
};
/* "capture", ... */
const char *mptcp_section_name(enum mptcp_section section);

struct mptcp_sentence {
	const char *id;
	enum mptcp_section section;
	bool bad;
	const char *text;
};
extern const struct mptcp_sentence mptcp_sentences[MPTCP_SAYS];

/* A sentence about a capture or a connection. */
struct mptcp_fact {
	enum mptcp_says says;
	bool has_mptcpstream, has_tcpstream, has_time;
	uint32_t mptcpstream, tcpstream;
	uint64_t packetid; /* that shows it; 0: the whole connection */
	int64_t abstime;   /* where has_time, nanoseconds since the epoch */
	char label[24];    /* what it is about, in front of the text: "to client", "subflow 0" */
	char *text;        /* owned */
};

struct mptcp_summary {
	/* set before the first packet */
	const struct mptcp_selection *selection; /* of connections; NULL: all */
	const char *name; /* of the capture, as a shell reads it in a command */
	bool all;         /* every connection in full */
	/* */
	struct mptcp_story story;
	struct mptcp_stats stats;
	struct mptcp_limits limits;
	struct mptcp_check check;
	uint64_t packets, syns, joins,
		plain;                /* of TCP; SYNs; with MP_JOIN; TCP connections of none */
	int64_t begin, last;          /* times of the first and the last packet */
	int64_t origin;               /* when the capture begins: whichever packet is its first */
	struct mptcp_numbers forbids; /* connections whose server sets flag C */
	/* after mptcp_summary_end */
	struct mptcp_fact *facts;
	size_t fact_count, fact_capacity;
	bool nothing; /* there is no MPTCP connection */
	bool failed;  /* memory ran out */
};

/* A zeroed struct with what is set before is empty. 0, or -1 with an error. */
int mptcp_summary_add(struct mptcp_summary *summary, const struct mptcp_packet *packet,
	struct mptcp_error *error);
int mptcp_summary_end(struct mptcp_summary *summary, struct mptcp_error *error);
void mptcp_summary_clear(struct mptcp_summary *summary);

/* How the page is written. */
struct mptcp_summary_page {
	unsigned width; /* characters */
	bool terminal;  /* what one must not get, of a name, is made harmless (escape.h) */
	bool color;     /* with escape sequences of a terminal */
};

/* Appends the page: at most MPTCP_SUMMARY_LINES lines a connection at 80 columns or more. 0, or -1
 * when memory ran out. */
#define MPTCP_SUMMARY_LINES 25
int mptcp_summary_text(const struct mptcp_summary *summary, const struct mptcp_summary_page *page,
	struct mptcp_buffer *text);

#endif
