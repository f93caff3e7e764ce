/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * limit_parts: what the files of limit share: limit.c takes the packets, limit_path.c keeps
 * each subflow and how far it is to its sender, limit_acks.c when its acknowledgements take
 * effect, limit_side.c the data of a direction and its stretches of time, limit_blocked.c when
 * data waited at the receiver, limit_judge.c says what the stretches were limited by, limit_rows.c
 * makes rows.
 */
#ifndef MPTCP_LIMITS_PARTS_H
#define MPTCP_LIMITS_PARTS_H

#include "limit.h"

#define MPTCP_LIMITS_MILLISECOND (MPTCP_SECOND / 1000)
#define MPTCP_LIMITS_RTT_MOST (3600 * MPTCP_SECOND) /* what is longer is no round trip */

/* Data that a subflow carries and that its peer has not acknowledged. */
struct mptcp_limits_carried {
	uint64_t position, end; /* TCP sequence numbers */
	uint64_t dsn;
	int64_t time; /* when it was sent, nanoseconds */
	bool again;   /* it was sent before on another one */
};

#define MPTCP_LIMITS_ECHOES 512

/* When the peer's time stamps passed the capture: a ring, where acknowledgements are shifted. */
struct mptcp_limits_echoes {
	struct {
		uint32_t tsval;
		int64_t time;
	} list[MPTCP_LIMITS_ECHOES];
	unsigned count, next;
	uint32_t echoed; /* the newest one that came back */
	bool any;
	int64_t samples[8]; /* the newest round trips to the sender */
	unsigned sample_count, sample_next;
};

/* What a subflow, or a TCP connection, carries to one role. */
struct mptcp_limits_path {
	uint32_t tcpstream;
	struct mptcp_direction bytes;
	struct mptcp_segments segments;
	struct mptcp_limits_carried *carried; /* by position; from `first` on */
	size_t first, count, capacity;
	uint64_t una, nxt; /* positions: acknowledged, as the sender knows; after what was sent */
	uint64_t top;      /* end of the DSNs that TCP acknowledged */
	bool has_top;
	bool has_edge;
	uint64_t edge;        /* of the window, a position */
	int64_t rtt, rtt_min; /* nanoseconds; 0: not known */
	int64_t base_shift, shift;
	struct mptcp_limits_echoes *echoes;
	bool shifted; /* base_shift was looked for */
	bool recovering;
	bool hole;        /* it was found missing, not seen retransmitted */
	uint64_t recover; /* the position that ends it */
	int64_t progress; /* when data was acknowledged, or sent while there was none in flight */
	int64_t settled;  /* until then, after a recovery, an acknowledgement need not make room */
};

/* An acknowledgement on its way to the sender. */
struct mptcp_limits_ack {
	int64_t due;
	struct mptcp_limits_path *path;
	bool has_position, has_dack, has_window, has_tsval, measured;
	uint64_t position, dack;
	uint32_t window, tsval;
	int64_t rtt; /* where measured */
};

/* What a stretch of time looks like before it is known what follows. */
enum mptcp_limits_kind {
	MPTCP_LIMITS_RECOVERING,
	MPTCP_LIMITS_WINDOW,
	MPTCP_LIMITS_OWN_WINDOW, /* of the subflows */
	MPTCP_LIMITS_EMPTY,
	MPTCP_LIMITS_DACK_WAIT, /* TCP has acknowledged all, MPTCP has not */
	MPTCP_LIMITS_UNSENT,    /* a subflow has not sent what it was given */
	MPTCP_LIMITS_FLYING
};

struct mptcp_limits_piece {
	int64_t from, to;
	enum mptcp_limits_kind kind;
	uint32_t culprit; /* of MPTCP_LIMITS_RECOVERING and _DACK_WAIT */
	bool has_culprit;
};

#define MPTCP_LIMITS_EPOCHS 5

/* How high the data in flight came, per round trip. */
struct mptcp_limits_heights {
	uint64_t height[MPTCP_LIMITS_EPOCHS]; /* [0]: of the current one */
	int64_t begun;
	unsigned count;
};

struct mptcp_limits_side {
	bool known; /* new data was seen */
	bool plain; /* numbers are those of one TCP connection: no MPTCP, or after a fallback */
	uint32_t plain_stream;
	struct mptcp_limits_path **paths;
	size_t path_count, path_capacity;
	struct mptcp_fate_data data;
	struct mptcp_reference sent, acked, edge; /* DSNs: after the last byte; of the window */
	bool window_known, window_unknown;        /* the scale is; of some packet it is not */
	uint32_t mss;                             /* the largest segment, not above the option */
	uint32_t mss_option;
	struct mptcp_limits_ack *acks; /* on their way, by due */
	size_t ack_count, ack_capacity;
	/* time */
	int64_t begin, at, last_new, last_acked;
	struct mptcp_limits_piece *pieces; /* since last_new */
	size_t piece_count, piece_capacity;
	/* since last_new: when room was made first, and last */
	int64_t free_since, freed;
	uint64_t flight_new; /* in flight after the last new data */
	uint64_t reach;      /* what was in flight when the sender had nothing more to send */
	int64_t reach_until; /* when that says no more */
	int64_t starved;     /* when it had nothing to send last */
	int64_t last_short; /* when a segment was sent that is not a full one, though it might be */
	int64_t full;       /* when the window was full last */
	int64_t gap;        /* mean time between two bursts */
	unsigned waits;     /* of those below, at most 8 */
	double answers; /* share of the bursts after such a wait that an acknowledgement set off */
	double queued;  /* share of the newest round trips that were long */
	int64_t lost, grown; /* when the paths showed this last */
	struct mptcp_limits_heights heights;
	/* head of line */
	int64_t blocked_since; /* 0: not blocked; since the last new data */
	int64_t blocked_run;   /* since it was not */
	int64_t front;         /* when the DATA_ACK moved last */
	uint32_t blocker;
	bool has_blocker;
	/* result */
	int64_t interval;
	enum mptcp_limits_vantage vantage;
	bool vantage_known;
	struct mptcp_ordered cells; /* struct mptcp_limits_cell, by number */
};

/* `own` of a connection in the story's roster; of a plain TCP connection in mptcp_limits_flow. */
struct mptcp_limits_connection {
	struct mptcp_limits_side to[2];
};

/* `own` of a subflow. */
struct mptcp_limits_flow {
	struct mptcp_limits_path to[2]; /* by MPTCP role, without MPTCP by TCP role */
	struct mptcp_limits_connection *plain;
};

/* limit_path.c */
void mptcp_limits_path_clear(struct mptcp_limits_path *path);
static inline uint64_t mptcp_limits_flight(const struct mptcp_limits_path *path)
{
	return path->nxt > path->una ? path->nxt - path->una : 0;
}
/* How much later than captured an acknowledgement reaches the sender of data to `to`. */
void mptcp_limits_path_shift(struct mptcp_limits_path *path,
	const struct mptcp_story_subflow *subflow, enum mptcp_role tcp_to);
/* A packet of the receiver; of the sender: what its time stamps show. */
int mptcp_limits_path_stamp(struct mptcp_limits_path *path, const struct mptcp_packet *packet);
void mptcp_limits_path_echo(struct mptcp_limits_path *path, const struct mptcp_packet *packet);
int mptcp_limits_path_carry(struct mptcp_limits_path *path,
	const struct mptcp_limits_carried *carried);
/* Takes off what is acknowledged. */
void mptcp_limits_path_acked(struct mptcp_limits_path *path);
/* Whether any of what it carries is not DATA_ACKed. */
bool mptcp_limits_path_holds(const struct mptcp_limits_path *path, uint64_t acked);

/* limit_side.c */
void mptcp_limits_side_clear(struct mptcp_limits_side *side);
/* The time up to `now` goes by. */
int mptcp_limits_advance(struct mptcp_limits_side *side, int64_t now);
/* Data sent and not DATA_ACKed. */
uint64_t mptcp_limits_outstanding(const struct mptcp_limits_side *side);
/* Bytes in flight on all subflows. */
uint64_t mptcp_limits_sum(const struct mptcp_limits_side *side);
/* The sender sent: new data, data again. */
int mptcp_limits_sent(struct mptcp_limits_side *side, struct mptcp_limits_path *path,
	const struct mptcp_packet *packet, uint64_t fresh);
/* The last data is acknowledged, or the capture ends before. */
int mptcp_limits_end_side(struct mptcp_limits_side *side);
/* The subflow that carries a byte which is not acknowledged, the first copy of it, and since when;
 * NULL: unknown. */
struct mptcp_limits_path *mptcp_limits_owner(const struct mptcp_limits_side *side, uint64_t dsn,
	int64_t *time);
/* The sender may send new data: the window is open, and no subflow is being waited for. */
bool mptcp_limits_has_room(const struct mptcp_limits_side *side);

/* limit_blocked.c */
/* After each event: data begins, goes on or ends to wait at the receiver. `filler`: the path of new
 * data, or NULL. */
int mptcp_limits_see_blocked(struct mptcp_limits_side *side, const struct mptcp_limits_path *filler,
	int64_t now);

/* limit_acks.c */
/* An acknowledgement reaches the sender, or will. */
int mptcp_limits_expect(struct mptcp_limits_side *side, const struct mptcp_limits_ack *ack,
	int64_t now);
/* Those that do up to `now`; before data that echoes `tsecr` (NULL: unknown) on `path`. */
int mptcp_limits_arrive(struct mptcp_limits_side *side, const struct mptcp_limits_path *path,
	const uint32_t *tsecr, int64_t now);

/* limit_judge.c */
/* New data is sent at `now` (or, at the end, nothing follows): the stretches since the last are
 * judged. */
int mptcp_limits_judge(struct mptcp_limits_side *side, int64_t now, bool end);
void mptcp_limits_see_height(struct mptcp_limits_side *side, int64_t now);
int64_t mptcp_limits_rtt(const struct mptcp_limits_side *side);

/* limit_cells.c */
void mptcp_limits_cells_clear(struct mptcp_ordered *cells);
int mptcp_limits_count(struct mptcp_limits_side *side, int64_t from, int64_t to,
	enum mptcp_limit limit, const uint32_t *culprit);
int mptcp_limits_block(struct mptcp_limits_side *side, int64_t from, int64_t to,
	const uint32_t *culprit);
/* The interval of a time, by itself; valid until the next one is asked for. */
struct mptcp_limits_cell *mptcp_limits_cell(struct mptcp_limits_side *side, int64_t time);

#endif
