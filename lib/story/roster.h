/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * roster: the TCP and MPTCP connections of a packet stream by number: their ends, roles and states.
 *
 * A caller with something of its own to keep for a connection or subflow hangs it on `own` (see
 * mptcp_roster.free_connection_own): the caller needs no table of its own, and what it keeps is
 * freed when the roster forgets. Pointers stay valid until then.
 */
#ifndef MPTCP_ROSTER_H
#define MPTCP_ROSTER_H

#include "event.h"
#include "keys.h"
#include "numbers.h"
#include "packet.h"
#include "sequence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mptcp_state {
	MPTCP_STATE_OPEN,      /* still open where the capture ends */
	MPTCP_STATE_CLOSED,    /* DATA_FIN (a subflow: FIN) in both directions */
	MPTCP_STATE_FASTCLOSE, /* MP_FASTCLOSE */
	MPTCP_STATE_RESET,     /* ended by RST */
	MPTCP_STATE_FALLBACK,  /* the peers talked on as regular TCP */
	MPTCP_STATE_PARTIAL,   /* what decides it was not captured */
	MPTCP_STATE_FAILED,    /* refused, unanswered; a subflow: or lost its options */
	MPTCP_STATE_OPENING    /* the handshake is going on when the capture ends */
};
/* "open", "closed", ... */
const char *mptcp_state_name(enum mptcp_state state);

enum mptcp_kind {
	MPTCP_KIND_UNKNOWN, /* the handshake was not captured */
	MPTCP_KIND_INITIAL, /* by MP_CAPABLE */
	MPTCP_KIND_JOIN     /* by MP_JOIN */
};
/* "", "initial", "join". */
const char *mptcp_kind_name(enum mptcp_kind kind);

/* Packets of one end without any MPTCP option, since its last one that had a DSS. */
struct mptcp_bare {
	unsigned count;
	bool data;    /* one has new payload that no mapping explains */
	bool settled; /* it was too little to mean anything; only what follows counts */
	struct mptcp_moment first;
	uint32_t tcpseq, tsval; /* of the first */
	bool has_tsval;
};

/* One end of a TCP connection, and what it sends. Sequence numbers are relative. */
struct mptcp_story_end {
	struct mptcp_endpoint host;
	bool sent;         /* anything of it was captured */
	bool signalled;    /* an MPTCP option, after the handshake */
	bool acknowledged; /* the peer's ACKs were captured, and acked is */
	uint32_t next;     /* the number after the highest that it sent */
	uint32_t acked;    /* the highest that the peer acknowledged */
	struct mptcp_moment fin;
	struct mptcp_moment doubted; /* a RST that is believed unless its sender goes on */
	uint32_t doubted_next;       /* `next` when that came */
	int16_t doubted_reason;      /* of its MP_TCPRST, -1 for none */
	bool has_addrid, has_nonce;
	uint8_t addrid;
	uint32_t nonce;
	bool backup; /* it asked the peer to use the subflow as a backup */
	struct mptcp_bare bare;
	/* mappings that it sent */
	bool refused; /* one contradicts what the one before had said */
	uint32_t map_ssn, map_length, map_dsn;
	uint32_t refused_end;        /* sequence number after the segment that carried it */
	struct mptcp_moment mp_fail; /* it said that data of the peer was damaged */
	uint32_t mp_fail_tsval;
	bool mp_fail_has_tsval;
};

/* SYN, SYN/ACK or third ACK as captured. */
struct mptcp_step {
	struct mptcp_moment first, last;
	unsigned count;
	bool option;  /* with MP_CAPABLE (of a SYN/ACK, with a key) or MP_JOIN */
	bool unknown; /* its options were cut off */
};

struct mptcp_story_connection;

/* Whatever concerns an address, not a subflow, is looked for in so many subflows of a connection,
 * the newest first: more than any host has at once, so that a packet is bounded work. */
#define MPTCP_STORY_SUBFLOWS 256

struct mptcp_story_subflow {
	uint32_t tcpstream;
	/* NULL: regular TCP, or a join of no connection */
	struct mptcp_story_connection *connection;
	/* of the same connection, in order of appearance */
	struct mptcp_story_subflow *next, *previous;
	enum mptcp_role client_role; /* MPTCP role of the TCP client, which opened it */
	enum mptcp_kind kind;
	struct mptcp_story_end ends[2]; /* by TCP role */
	struct mptcp_step syn, synack, ack;
	bool timed;     /* each step was captured once before the third ACK: it has a round trip */
	bool ack_late;  /* the third ACK itself was not captured: `ack` is a later packet */
	uint32_t token; /* of the MP_JOIN */
	struct mptcp_moment plain_syn;   /* a SYN without the option after one with it */
	struct mptcp_moment bare_synack; /* the first SYN/ACK without the option */
	bool crossed;                    /* both ends sent a SYN: a simultaneous open */
	bool established;                /* the handshake came to an end, with MPTCP */
	bool talked;                     /* a packet that is neither SYN nor RST */
	bool failed;        /* the handshake came to nothing, or options got lost; reported */
	bool reset, closed; /* ended by a RST that is believed; by FINs */
	struct mptcp_moment ended;
	/* of SYN/ACK and third ACK, until it is known what they led to */
	struct mptcp_event *held[2];
	bool waiting; /* in the story's list of those with something to settle */
	bool over;    /* mptcp_roster_mark: it is to be forgotten */
	int64_t last; /* without a connection: time of its newest packet */
	void *own;    /* of whoever uses the story */
};

/* The data that goes to one role. */
struct mptcp_story_data {
	bool has_base;           /* what relative numbers count from is known */
	uint64_t base;           /* absolute number of relative 0 */
	uint64_t highest;        /* absolute: the last one seen, where has_base */
	struct mptcp_moment fin; /* DATA_FIN */
	bool has_fin_dsn, fin_acked;
	uint64_t fin_dsn;             /* relative */
	struct mptcp_moment infinite; /* a mapping without end */
};

/* At which end a capture was taken. */
enum mptcp_vantage { MPTCP_VANTAGE_UNKNOWN, MPTCP_VANTAGE_CLIENT, MPTCP_VANTAGE_SERVER };

struct mptcp_story_connection {
	uint32_t mptcpstream;
	bool has_version;
	uint8_t version;               /* the client's */
	struct mptcp_endpoint ends[2]; /* by MPTCP role, of its first subflow */
	struct mptcp_keys keys;
	bool has_token[2]; /* by MPTCP role: learned from a join, where no key gives it */
	uint32_t token[2];
	struct mptcp_story_data to[2];                       /* by MPTCP role of the destination */
	struct mptcp_story_subflow *subflows, *last_subflow; /* in order of appearance */
	struct mptcp_story_subflow *over_until; /* those up to this one are over: ends.c */
	bool any_ended;                         /* and one of them really was one */
	struct mptcp_story_subflow *initial;    /* by MP_CAPABLE, or NULL */
	uint32_t unknown;                       /* subflows of MPTCP_KIND_UNKNOWN */
	uint32_t established;                   /* subflows that ever were */
	uint32_t live; /* those that are: established or of an uncaptured handshake, not ended */
	struct mptcp_moment fallback; /* dated back */
	bool fell_back[2];            /* by MPTCP role: this host did */
	const char *doubt; /* why a flag, version or algorithm of the handshake excludes MPTCP, or
			      NULL */
	struct mptcp_moment fastclose;
	enum mptcp_role fastclose_by;
	struct mptcp_moment ended; /* all its subflows ended: it has, if none joins */
	bool closed;               /* reported */
	bool over;                 /* mptcp_roster_mark: it is to be forgotten */
	enum mptcp_vantage vantage;
	bool between; /* the capture was taken between the hosts */
	int64_t last; /* time of its newest packet */
	void *own;    /* of whoever uses the story */
};

struct mptcp_roster {
	/* in order of first appearance, which is the order of their numbers in what mptcp-export
	 * writes */
	struct mptcp_story_connection **connections;
	size_t connection_count, connection_capacity;
	struct mptcp_numbers connection_index; /* by mptcpstream */
	struct mptcp_story_subflow **subflows;
	size_t subflow_count, subflow_capacity;
	struct mptcp_numbers subflow_index; /* by tcpstream */
	/* release what a user hung on `own`; NULL for nothing */
	void (*free_connection_own)(void *own);
	void (*free_subflow_own)(void *own);
};

void mptcp_roster_clear(struct mptcp_roster *roster);
/* The TCP connection of a packet that has a tcpstream, made if it is the first; it belongs to the
 * packet's MPTCP connection from now on. NULL when memory ran out. */
struct mptcp_story_subflow *mptcp_roster_place(struct mptcp_roster *roster,
	const struct mptcp_packet *packet);
/* By number, or NULL. */
struct mptcp_story_connection *mptcp_roster_connection(const struct mptcp_roster *roster,
	uint32_t mptcpstream);
struct mptcp_story_subflow *mptcp_roster_subflow(const struct mptcp_roster *roster,
	uint32_t tcpstream);
/* All TCP connections by MPTCP connection and stream, those of none last: an array of subflow_count
 * pointers to be freed, or NULL when memory ran out. */
const struct mptcp_story_subflow **mptcp_roster_sorted(const struct mptcp_roster *roster);
/* What is to be forgotten: connections with their subflows, and TCP connections of none. */
struct mptcp_roster_over {
	bool (*connection)(const struct mptcp_story_connection *connection, int64_t now);
	bool (*tcp)(const struct mptcp_story_subflow *subflow, int64_t now);
};
/* Marks what is to be forgotten as `over`, and nothing else. Whether there is any. */
bool mptcp_roster_mark(struct mptcp_roster *roster, const struct mptcp_roster_over *over,
	int64_t now);
/* Forgets what is marked. 0, or -1 when memory ran out; the roster can only be cleared then. */
int mptcp_roster_forget(struct mptcp_roster *roster);

/* The MPTCP role of an end given by its TCP role, and the other way round. */
static inline enum mptcp_role mptcp_story_role(const struct mptcp_story_subflow *subflow,
	enum mptcp_role tcp)
{
	return tcp == MPTCP_CLIENT ? subflow->client_role : mptcp_role_peer(subflow->client_role);
}

#endif
