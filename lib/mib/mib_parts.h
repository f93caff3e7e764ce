/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mib_parts: what the parts of the module mib share. mib.c takes the packets, mib_events.c counts
 * the options, mib_hygiene.c what the capture lacks, mib_handshake.c the handshakes and what became
 * of them, mib_data.c the data; mib_host.c knows which of both hosts is meant; count.c keeps the
 * counts and makes the rows of them.
 */
#ifndef MPTCP_MIB_PARTS_H
#define MPTCP_MIB_PARTS_H

#include "mib.h"

/* What a host has seen of a subflow, by TCP role: only first packets, for what depends on them. */
struct mptcp_mib_end {
	struct mptcp_moment answered; /* received: the first packet after the handshake */
	bool first_option;            /* that had DATA_ACK, MP_CAPABLE or ADD_ADDR */
	bool first_sequence; /* that had the first sequence number: not ahead of a lost one */
	uint64_t confirmed;  /* received: from this packet on the subflow is fully established */
	uint64_t reset;      /* sent: the first RST */
	uint64_t reset_received;
	bool spoke;    /* sent data or a FIN */
	bool backup;   /* sent: MP_JOIN with the backup flag */
	bool mp_reset; /* sent: a RST with MP_TCPRST */
	uint64_t mp_reset_at;
	uint8_t mp_reset_reason;
	bool removed;  /* sent: the REMOVE_ADDR of its address */
	uint32_t edge; /* sent: sequence number at which its latest window ends */
	bool has_edge;
};

struct mptcp_mib_subflow {
	bool reused; /* the ports of an earlier connection */
	struct mptcp_mib_end ends[2];
	struct mptcp_direction to[2]; /* by TCP role of the destination */
	uint32_t ssn[2], run[2]; /* by TCP role of the sender: where a run of reinjected bytes goes
				    on, its length */
};

struct mptcp_mib_connection {
	bool partial;                 /* the capture lacks something of it */
	struct mptcp_fate_data to[2]; /* by MPTCP role of the destination */
	uint64_t window[2];           /* highest DATA_ACK + window that a role sent */
	bool has_window[2];
};

/* Something that is counted: by whom and when. */
struct mptcp_mib_place {
	const struct mptcp_story_subflow *subflow;
	const struct mptcp_moment *moment;
	enum mptcp_role role; /* MPTCP role of the host that counts */
};

/* count.c: adds to a count. 0, or -1 when memory ran out. */
int mptcp_mib_count(struct mptcp_mib *mib, const struct mptcp_mib_place *place,
	enum mptcp_counter counter, const int range[3]);
/* The same with the three numbers of a sure one, and of one that may be. */
int mptcp_mib_one(struct mptcp_mib *mib, const struct mptcp_mib_place *place,
	enum mptcp_counter counter);
/* Makes the rows of the counts. */
int mptcp_mib_fold(struct mptcp_mib *mib, struct mptcp_error *error);
void mptcp_mib_cells_clear(struct mptcp_mib *mib);

/* mib_host.c: the end at which the capture was taken, if all connections that tell say the same. 0
 * or -1: MPTCP_USAGE. */
int mptcp_mib_guess(struct mptcp_mib *mib, struct mptcp_error *error);
/* What belongs to no connection is of a host by its address, or by its role in TCP. */
bool mptcp_mib_is_here(const struct mptcp_mib *mib, const struct mptcp_mib_place *place);
/* Whether the host has the role in the connection. */
bool mptcp_mib_has_role(const struct mptcp_mib *mib,
	const struct mptcp_story_connection *connection, enum mptcp_role role);

/* mib_hygiene.c: a packet, and the end of the capture: what it lacks, and wrong checksums. */
int mptcp_mib_hygiene_add(struct mptcp_mib *mib, const struct mptcp_packet *packet,
	struct mptcp_error *error);
int mptcp_mib_hygiene_end(struct mptcp_mib *mib, struct mptcp_error *error);
/* How many connections are judged, and of which the capture lacks something. */
void mptcp_mib_survey(struct mptcp_mib *mib);
/* Whether the lowest number of a counter is sure, connection NULL: of none. */
bool mptcp_mib_has_lowest(const struct mptcp_mib *mib,
	const struct mptcp_story_connection *connection, enum mptcp_counter counter);

/* mib_data.c: a packet with payload or DATA_ACK; a reinjected range. */
int mptcp_mib_data(struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet);
int mptcp_mib_reinjected(void *mib, const struct mptcp_reinjection *row, struct mptcp_error *error);

/* mib_reset.c: a RST, when it comes: MP_TCPRST and what it says of the socket. */
int mptcp_mib_reset(struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet);

/* At the end: mib_events.c, mib_handshake.c. */
int mptcp_mib_events(struct mptcp_mib *mib);
int mptcp_mib_handshake(struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow);
/* Whether the host that opened the connection had an answer without MPTCP. */
bool mptcp_mib_fell_back_at_once(const struct mptcp_mib_subflow *own);
/* mib_connection.c */
int mptcp_mib_connection(struct mptcp_mib *mib, const struct mptcp_story_connection *connection);

#endif
