/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_parts: what the parts of the module check share, one for each group of findings.def:
 * check_handshake.c, check_joins.c (with keys and tokens), check_addresses.c, check_mappings.c,
 * check_datafin.c, check_acks.c, check_ends.c, check_options.c, check_hygiene.c.
 * check_events.c turns what the story tells into findings, check_verdict.c drops at the end what
 * the capture does not prove.
 *
 * Positions are TCP sequence numbers since the SYN, extended to 64 bits, plus
 * MPTCP_SEQUENCE_ORIGIN; data is counted in relative DSNs plus MPTCP_DSN_ORIGIN.
 */
#ifndef MPTCP_CHECK_PARTS_H
#define MPTCP_CHECK_PARTS_H

#include "bytes.h"
#include "check.h"
#include "hashed.h"
#include "interval.h"
#include "ordered.h"
#include "sequence.h"
#include "signals.h"
#include "token.h"

#define MPTCP_CHECK_BIT(name) (1U << MPTCP_##name)

/* Bits of dss_flags. */
enum {
	MPTCP_DSS_ACK = 0x01,
	MPTCP_DSS_ACK_64 = 0x02,
	MPTCP_DSS_MAPPING = 0x04,
	MPTCP_DSS_DSN_64 = 0x08,
	MPTCP_DSS_RESERVED = 0xfe0
};

/* A finding while packets are added. */
struct mptcp_check_row {
	struct mptcp_finding finding;
	const struct mptcp_story_subflow *subflow; /* NULL: about the capture */
	struct mptcp_check_key {
		uint32_t tcpstream, id, severity, direction;
	} key;
	struct mptcp_check_row *next;
	UT_hash_handle hh;
};

/* An MP_CAPABLE as it was sent first. */
struct mptcp_check_capable {
	uint64_t packetid; /* 0 for none */
	uint8_t version, flags, length;
	uint8_t bytes[24];
	uint64_t key;
};

struct mptcp_check_mapping {
	uint64_t start; /* position */
	uint64_t dsn;
	uint32_t length; /* of payload; DATA_FIN is not counted */
	uint64_t packetid;
};

/* A mapping with a checksum while its payload is summed up. */
struct mptcp_check_sums {
	uint64_t start, end, next; /* positions; end 0: given up */
	uint64_t dsn;              /* as the checksum covers it, absolute */
	uint32_t ssn, total;       /* of the option */
	uint16_t checksum;
	uint64_t sum; /* of the payload up to next */
	struct mptcp_moment at;
};

/* A stretch of data as it was sent first. */
struct mptcp_check_copy {
	uint64_t dsn;
	uint32_t length;
	uint16_t sum;
	uint64_t packetid;
};

/* What check_plain.c asks of the packets of one end, as those that were not plain left it. */
struct mptcp_check_calm {
	uint64_t columns, present;            /* of these columns a plain packet has those */
	uint32_t longest;                     /* payload that may be plain */
	uint32_t segment;                     /* longer payload is that of several segments */
	uint16_t flags;                       /* of dss_flags: these may be missing */
	struct mptcp_check_way *way, *back;   /* of the sender, of the receiver */
	struct mptcp_check_data *data, *peer; /* of the sender, of the receiver */
};

/* What one end of a TCP connection sends. */
struct mptcp_check_way {
	struct mptcp_moment first;   /* its first packet */
	int64_t last;                /* time of its newest one */
	bool cut;                    /* options of a packet were cut off */
	uint16_t mss;                /* of its SYN */
	uint64_t reference;          /* the newest position */
	struct mptcp_intervals sent; /* captured, SYN and FIN included */
	uint64_t acked;              /* by the peer's TCP */
	struct mptcp_moment acked_at;
	bool outstanding;    /* it has sent what the peer's TCP has not: counted by its data */
	uint64_t mapped_end; /* after the highest payload that had a DSN */
	/* mappings, ascending; the oldest are forgotten */
	struct mptcp_ordered maps; /* of struct mptcp_check_mapping */
	uint64_t maps_end;         /* after the highest of them */
	bool forgot;
	uint64_t dsn64_end;        /* after the first segment with a 64-bit DSN; 0 for none */
	uint64_t first_end;        /* after the segment with the first byte of data; 0 for none */
	struct mptcp_interval run; /* of data that is not yet in `dsns`: see check_plain.c */
	/* the highest DATA_ACK that it sends, 0 for none */
	uint64_t dack, dack_packetid;
	uint32_t dack_tsval, dack_tcpack;
	/* packets without an option, since the last one that had one */
	unsigned with_options, bare;
	unsigned before;          /* with options, before these */
	bool bare_ack, bare_data; /* one acknowledges mapped data, has data without a mapping */
	bool bare_ends;           /* the subflow was being closed */
	struct mptcp_moment bare_first;
	struct mptcp_moment repeats; /* first reinjection while the peer was bare */
	unsigned no_rst;             /* packets after a join that failed */
	/* its request to be a backup, its REMOVE_ADDR for this subflow */
	struct mptcp_check_request {
		int64_t at;    /* 0 for none */
		uint64_t edge; /* of the window two round trips later; 0 before */
	} backup, removal;
	struct mptcp_check_run snapped, super;
	struct mptcp_check_sums sums;
	/* time stamps: see check_hygiene.c */
	bool has_tsval;
	uint32_t first_tsval, tsval;
	int64_t first_time, time;
	struct mptcp_moment step_at;
	int64_t step;
};

/* `own` of a TCP connection. */
struct mptcp_check_stream {
	uint64_t turn;                    /* of the connection, at which it was calm */
	struct mptcp_check_calm calms[2]; /* by TCP role of the sender; and then */
	struct mptcp_check_way ways[2];   /* by TCP role of the sender */
	struct mptcp_check_capable syn, synack, ack;
	uint64_t synack_keys[4];
	unsigned synack_key_count;
	unsigned syn_with; /* SYNs with MP_CAPABLE */
	uint16_t first_length;
	uint64_t first_packetid;
	bool has_first;
	bool join_failed; /* and no RST yet: by the TCP role ... */
	enum mptcp_role must_reset;
	struct mptcp_moment failed_at;
	bool answered;         /* the TCP server sent something after its SYN/ACK */
	bool refused_fallback; /* a finding explains the fallback */
};

struct mptcp_check_address {
	enum mptcp_role role; /* whose */
	uint8_t id;
	bool has_port, echoed, removed;
	uint16_t port;
	struct mptcp_address address;
	struct mptcp_moment first;
	int64_t removed_at;
	struct mptcp_story_subflow *subflow; /* on which it was announced */
};

/* The data that one role sends. */
struct mptcp_check_data {
	struct mptcp_intervals dsns; /* captured, DATA_FIN included */
	uint64_t end;                /* after the highest; 0 for none */
	uint64_t dack;               /* the highest DATA_ACK of data that was captured, or 0 */
	uint32_t outstanding;        /* ways of subflows that are */
	bool confirmed;              /* a DATA_ACK of data */
	uint64_t edge;               /* of the window */
	struct mptcp_check_beyond {
		uint64_t dack;
		struct mptcp_moment at;
		struct mptcp_story_subflow *subflow;
		uint32_t tsval;
		bool has_tsval, taken_back;
	} beyond; /* a DATA_ACK above the end */
	struct mptcp_check_outside {
		uint64_t end, edge;
		struct mptcp_moment at;
		struct mptcp_story_subflow *subflow;
	} outside; /* data beyond the edge */
	/* DATA_FIN */
	uint64_t fin; /* its number; 0 for none */
	unsigned fin_count;
	struct mptcp_moment fin_first, fin_last;
	struct mptcp_story_subflow *fin_subflow;
	/* 32-bit DSNs */
	uint64_t short_dsn;
	int64_t short_time;
	struct mptcp_moment first_acked; /* its first byte, by TCP ... */
	struct mptcp_story_subflow *first_subflow;
	/* since when TCP has acknowledged all of it, up to `end`, and no DATA_ACK has */
	struct mptcp_check_delay {
		struct mptcp_moment since;
		uint64_t end;
		bool told;
	} delay;
	struct mptcp_ordered copies;  /* of struct mptcp_check_copy, by DSN */
	int64_t regular_time;         /* of its newest data on a subflow that is no backup */
	bool displaced;               /* it does not begin where the key says */
	uint64_t unmapped;            /* new bytes without a DSN */
	bool sent_dss;                /* a DSS option, or MP_CAPABLE with data */
	struct mptcp_moment infinite; /* a mapping without end, on infinite_subflow ... */
	struct mptcp_story_subflow *infinite_subflow;
	uint64_t infinite_position;
	struct mptcp_moment fail; /* MP_FAIL by this role, not on a RST ... */
	struct mptcp_story_subflow *fail_subflow;
	bool failed; /* ... or on one */
};

/* `own` of an MPTCP connection. */
struct mptcp_check_connection {
	uint64_t turn; /* packets that were not plain, and events: see check_plain.c */
	struct mptcp_check_data data[2]; /* by MPTCP role of the sender */
	struct mptcp_check_address *addresses;
	size_t address_count, address_capacity;
	uint8_t removed[2][32];       /* a bit for each identifier that a role ever removed */
	struct mptcp_moment fallback; /* the event, and its reason */
	struct mptcp_story_subflow *fallback_subflow;
	char reason[MPTCP_REASON_TEXT];
	bool explained; /* a finding says why it fell back */
	/* known at the end: no packet is missing, neither direction of any subflow is */
	bool whole, both;
};

/* One packet, looked at. */
struct mptcp_sight {
	struct mptcp_check *check;
	const struct mptcp_packet *packet;
	struct mptcp_moment moment;
	struct mptcp_story_subflow *subflow;
	struct mptcp_story_connection *connection; /* NULL for none, as are whole, data, peer */
	struct mptcp_check_stream *stream;
	struct mptcp_check_connection *whole;
	enum mptcp_role from, role;          /* TCP and MPTCP role of the sender */
	struct mptcp_check_way *way, *back;  /* of the sender, of the receiver */
	struct mptcp_check_data *data;       /* that the sender sends */
	struct mptcp_check_data *peer;       /* that it acknowledges */
	const struct mptcp_signals *signals; /* NULL for none */
	uint16_t subtypes;
	uint64_t position; /* of the first byte of payload; of a SYN, of the SYN */
	uint64_t acked;    /* by the peer before this packet: back->acked then */
	bool is_new;       /* payload that was sent neither on this subflow nor on another one */
};

/* What proves a finding. */
struct mptcp_proof {
	enum mptcp_severity severity;  /* where not the usual one */
	const struct mptcp_moment *at; /* where not the packet that is looked at */
	uint64_t related[2];
	const struct mptcp_check_run *run; /* where there are several */
	char expected[MPTCP_FINDING_TEXT], got[MPTCP_FINDING_TEXT];
};

/* check.c: a finding about the packet, or about another moment of the subflow. The proof may be
 * NULL. */
void mptcp_check_put(const struct mptcp_sight *sight, enum mptcp_finding_id id,
	const struct mptcp_proof *proof);
#define MPTCP_CHECK_PUT(sight, name, proof) mptcp_check_put(sight, MPTCP_FINDING_##name, proof)
struct mptcp_proof mptcp_proof_words(const char *expected, const char *got);
/* Relative numbers may be negative. */
struct mptcp_proof mptcp_proof_numbers(uint64_t expected, uint64_t got);
struct mptcp_proof mptcp_proof_hex(uint64_t expected, uint64_t got);
/* A sight of a subflow at a moment that is over; without a packet. */
void mptcp_check_recall(struct mptcp_sight *sight, struct mptcp_check *check,
	struct mptcp_story_subflow *subflow, const struct mptcp_moment *moment);
/* The round trip of the handshake, or a second where it was not captured. */
int64_t mptcp_check_rtt(const struct mptcp_story_subflow *subflow);
/* The handshake of a subflow was captured, as far as it went. */
bool mptcp_check_has_syn(const struct mptcp_story_subflow *subflow);
/* When a role was heard of last, on any subflow. */
int64_t mptcp_check_last(const struct mptcp_story_connection *connection, enum mptcp_role role);
/* The end of a subflow, by TCP role, that has this MPTCP role. */
static inline enum mptcp_role mptcp_check_end_of(const struct mptcp_story_subflow *subflow,
	enum mptcp_role role)
{
	return mptcp_story_role(subflow, MPTCP_CLIENT) == role ? MPTCP_CLIENT : MPTCP_SERVER;
}
/* The version of the connection is 1; false where it is not known. */
bool mptcp_check_is_v1(const struct mptcp_sight *sight);
/* Whether the handshake agreed on checksums: -1 where it was not captured. */
int mptcp_check_checksums(const struct mptcp_story_connection *connection);
static inline uint64_t mptcp_check_key(uint64_t dsn)
{
	return dsn + MPTCP_DSN_ORIGIN;
}
/* After what a way sent, or what of it was acknowledged, has changed. */
static inline void mptcp_check_count_outstanding(struct mptcp_check_data *data,
	struct mptcp_check_way *way)
{
	bool is = way->first.packetid && way->acked < way->reference;

	if (is == way->outstanding)
		return;
	way->outstanding = is;
	data->outstanding += is ? 1U : -1U;
}

/* check_sight.c: a packet that may show something. */
void mptcp_check_examine(struct mptcp_check *check, const struct mptcp_packet *packet,
	struct mptcp_story_subflow *subflow);
/* Each of these looks at a packet. */
void mptcp_check_handshake(const struct mptcp_sight *sight);
void mptcp_check_joins(const struct mptcp_sight *sight);
void mptcp_check_addresses(const struct mptcp_sight *sight);
void mptcp_check_options(const struct mptcp_sight *sight);
void mptcp_check_mappings(const struct mptcp_sight *sight);
void mptcp_check_data_fin(const struct mptcp_sight *sight);
void mptcp_check_acks(const struct mptcp_sight *sight);
void mptcp_check_ends(const struct mptcp_sight *sight);
void mptcp_check_bare(const struct mptcp_sight *sight);
/* check_plain.c: of a packet that the story calls plain: whether it was one about which there is
 * nothing to find, and is done with. */
bool mptcp_check_plain(struct mptcp_check *check, const struct mptcp_packet *packet,
	const struct mptcp_story_subflow *subflow);
/* check_plain.c: puts what it holds back of the data that one end sends with the rest. 0, or -1
 * when memory ran out. */
int mptcp_check_end_run(struct mptcp_check_way *way, struct mptcp_check_data *data);
/* check_mappings.c: 0, or -1 when memory ran out. */
int mptcp_check_keep_mapping(struct mptcp_check_way *way, const struct mptcp_check_mapping *map);
/* check_mappings.c: the sender offers a window up to `edge`. */
void mptcp_check_open_window(const struct mptcp_sight *sight, uint64_t edge);
/* check_datafin.c: payload with a DSN, up to `end`, before it is counted as sent. */
void mptcp_check_fin_order(const struct mptcp_sight *sight, uint64_t end);
void mptcp_check_hygiene(const struct mptcp_sight *sight);
void mptcp_check_payload(const struct mptcp_sight *sight);
/* check_payload.c: the sum of a packet's payload, from its column payload_sum, which is the extra
 * one of that number; false where it is not known. */
bool mptcp_check_payload_sum(const struct mptcp_packet *packet, size_t extra, uint16_t *sum);
/* check_hygiene.c: a packet, of whatever stream, that is a copy, of another interface than the one
 * before it, or older. */
void mptcp_check_unordered(struct mptcp_check *check, const struct mptcp_packet *packet);

/* check_events.c: what the story told since the last packet. */
void mptcp_check_events(struct mptcp_check *check);

/* After the last packet, of one connection. */
void mptcp_check_end_addresses(struct mptcp_check *check,
	struct mptcp_story_connection *connection);
void mptcp_check_end_data(struct mptcp_check *check, struct mptcp_story_connection *connection);
void mptcp_check_end_acks(struct mptcp_check *check, struct mptcp_story_connection *connection);
void mptcp_check_end_fins(struct mptcp_check *check, struct mptcp_story_connection *connection);
void mptcp_check_end_ends(struct mptcp_check *check, struct mptcp_story_connection *connection);
/* Sets `whole`: before all others. */
void mptcp_check_end_hygiene(struct mptcp_check *check, struct mptcp_story_connection *connection);
/* Of all connections together: tokens and keys; `over`: of two of which one is over. */
void mptcp_check_end_keys(struct mptcp_check *check, bool over);
/* Of the capture. */
void mptcp_check_end_capture(struct mptcp_check *check);
/* check_verdict.c: moves rows, all or those of subflows that are over, to `list` if their needs are
 * met, and counts what the capture lacks. 0, or -1 when memory ran out. */
int mptcp_check_verdict(struct mptcp_check *check, bool over);

#endif
