/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet: one row of the packet stream, mptcp-csv(5), in memory.
 *
 * Exchanged between everything above the tracker: mptcp-export makes packets from a capture,
 * filters read them. What each member means is written once, in columns.def. `present` has a bit
 * for each column that has a value; members whose bit is not set are zero: whoever makes a packet
 * clears it whole. Text members point into memory of whoever made the packet and are valid until it
 * makes the next one.
 *
 * Packets that a tool reads were checked (mptcp_packet_check): the members that every packet of a
 * stream has can be read without asking. All others are asked for first, or read through one of
 * the functions below that say what an absent one means.
 */
#ifndef MPTCP_PACKET_H
#define MPTCP_PACKET_H

#include "address.h"
#include "buffer.h"
#include "error.h"
#include "role.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of `direction`: seen from the host that captured. */
enum mptcp_packet_direction { MPTCP_IN = 0, MPTCP_OUT = 1 };

/* Bits of tcpflags. */
enum { MPTCP_FIN = 0x01, MPTCP_SYN = 0x02, MPTCP_RST = 0x04, MPTCP_PSH = 0x08, MPTCP_ACK = 0x10 };

/* One name per column: MPTCP_COLUMN_packetid, ... */
enum mptcp_column_id {
#define COLUMN(name, type, source, unit, label, meaning) MPTCP_COLUMN_##name,
#include "columns.def"
#undef COLUMN
	MPTCP_COLUMNS /* how many there are */
};

/* The bit of a column in `present` and in masks of columns: MPTCP_HAS(dsn). */
#define MPTCP_BIT(id) (UINT64_C(1) << (id))
#define MPTCP_HAS(name) MPTCP_BIT(MPTCP_COLUMN_##name)
#define MPTCP_ALL_COLUMNS (MPTCP_BIT(MPTCP_COLUMNS) - 1)

/*
 * The groups are those that the cache writes (store.h): what differs from packet to packet comes
 * first and in one piece. Times are nanoseconds (since the epoch; since the first packet).
 */
struct mptcp_packet {
	uint64_t present;
	uint64_t packetid;
	int64_t abstime;
	int64_t reltime;
	uint64_t dsn;
	uint64_t dack;
	uint32_t tcpseq;
	uint32_t tcpseq_raw;
	uint32_t tcpack;
	uint32_t tcplen;
	uint32_t rwnd;
	uint32_t tsval;
	uint32_t tsecr;
	uint32_t caplen;
	uint16_t tcpflags;
	uint16_t subtype; /* bit N: an option of subtype N; enum mptcp_subtype in options.h */
	uint16_t ipid;
	uint8_t ttl;
	uint8_t backup;
	uint8_t datafin;
	uint8_t retransmission;
	uint8_t options_cut;
	/* the flow: the same in nearly all packets of one direction of a TCP connection */
	uint8_t tcpdest; /* enum mptcp_role */
	uint8_t mptcpdest;
	uint8_t mptcpversion;
	uint8_t direction; /* enum mptcp_packet_direction */
	struct mptcp_address ipsrc;
	struct mptcp_address ipdst;
	uint16_t sport;
	uint16_t dport;
	uint32_t interface_id;
	uint32_t tcpstream;
	uint32_t mptcpstream;
	/* the DSS option */
	uint64_t dss_dsn;
	uint64_t dss_rawack;
	uint64_t dsn_raw;
	uint64_t dack_raw;
	uint32_t dss_ssn;
	uint32_t dss_length;
	uint16_t dss_flags;
	uint16_t dss_checksum;
	/* handshakes */
	uint64_t sendkey;
	uint64_t recvkey;
	uint32_t recvtok;
	uint32_t expected_token;
	uint16_t mss;
	uint8_t wscale;
	/* copies */
	uint64_t duplicate_of;
	/* text */
	struct mptcp_text interface;
	struct mptcp_text addrid;
	struct mptcp_text sack;
	struct mptcp_text reinjection_of;
	struct mptcp_text dsn_split;
	struct mptcp_text options;
	struct mptcp_text malformed;
	/* columns beyond columns.def, in the order of the header; see struct mptcp_header */
	const struct mptcp_text *extra;
	size_t extras;
};

static inline bool mptcp_packet_has(const struct mptcp_packet *packet, enum mptcp_column_id id)
{
	return packet->present >> id & 1;
}

/* The subtypes of MPTCP options that the packet carries, one bit each: 0 for none, or where not
 * known. */
static inline uint16_t mptcp_packet_subtypes(const struct mptcp_packet *packet)
{
	return mptcp_packet_has(packet, MPTCP_COLUMN_subtype) ? packet->subtype : 0;
}

enum mptcp_column_type {
	MPTCP_TYPE_U8,
	MPTCP_TYPE_U16,
	MPTCP_TYPE_U32,
	MPTCP_TYPE_U64,       /* decimal */
	MPTCP_TYPE_TIME,      /* int64 nanoseconds, written as seconds with nine decimals */
	MPTCP_TYPE_ADDRESS,   /* struct mptcp_address */
	MPTCP_TYPE_ROLE,      /* uint8_t, written client or server */
	MPTCP_TYPE_DIRECTION, /* uint8_t, written in or out */
	MPTCP_TYPE_FLAGS,     /* uint16_t, written 0x0012 */
	MPTCP_TYPE_BOOL,      /* uint8_t, written 1 or 0 */
	MPTCP_TYPE_TOKEN,     /* uint32_t, written with eight hexadecimal digits */
	MPTCP_TYPE_SUBTYPES,  /* uint16_t bits, written as names separated by ';' */
	MPTCP_TYPE_TEXT       /* struct mptcp_text */
};

struct mptcp_column {
	const char *name;
	enum mptcp_column_type type;
	size_t offset; /* of the member in struct mptcp_packet */
	const char *source;
	const char *unit;
	const char *label;
	const char *meaning;
};

extern const struct mptcp_column mptcp_columns[MPTCP_COLUMNS];

/* A bit for each column of type TEXT. */
static const uint64_t mptcp_text_columns = 0
#define COLUMN(name, type, source, unit, label, meaning) \
	| (MPTCP_TYPE_##type == MPTCP_TYPE_TEXT ? MPTCP_HAS(name) : 0)
#include "columns.def"
#undef COLUMN
	;
/*
 * The first of a set of columns; for those of a packet that are text:
 * for (uint64_t left = packet->present & mptcp_text_columns; left; left &= left - 1)
 *         ... mptcp_packet_text(packet, mptcp_column_first(left))
 */
static inline enum mptcp_column_id mptcp_column_first(uint64_t columns)
{
	return (enum mptcp_column_id)__builtin_ctzll(columns);
}

/* Whether a time can be worked with, nanoseconds: since the epoch, one of the years 1933 to 2116;
 * otherwise at most 109 years. Such times add up and differ within 64 bits. */
static inline bool mptcp_packet_takes_time(int64_t time, bool since_epoch)
{
	const int64_t unit = INT64_C(1) << 60;

	return since_epoch ? time > -unit && time < 4 * unit : time > -3 * unit && time < 3 * unit;
}

/* The member of a column: of the type that its mptcp_column_type says. */
static inline const void *mptcp_packet_member(const struct mptcp_packet *packet,
	enum mptcp_column_id id)
{
	return (const char *)packet + mptcp_columns[id].offset;
}

/* The member of a column of type TEXT. */
static inline struct mptcp_text *mptcp_packet_text(struct mptcp_packet *packet,
	enum mptcp_column_id id)
{
	return (struct mptcp_text *)(void *)((char *)packet + mptcp_columns[id].offset);
}
/*
 * A copy that outlives its maker's next packet: all columns, no extra ones. Texts go to `room`,
 * mptcp_packet_text_length bytes of the caller's.
 */
size_t mptcp_packet_text_length(const struct mptcp_packet *packet);
void mptcp_packet_copy(struct mptcp_packet *to, const struct mptcp_packet *from, char *room);

/* The column of that name (`length` characters), or -1. */
int mptcp_column_find(const char *name, size_t length);
/* Appends the value of a column as mptcp-csv(5) writes it, unquoted; nothing where there is none
 * (an empty text, and no subtypes, are written the same). */
void mptcp_packet_format(struct mptcp_buffer *out, const struct mptcp_packet *packet,
	enum mptcp_column_id id);

/*
 * Whether the packet has what it must, among the columns `needed`: every packet packetid, times,
 * ends, tcpflags, tcpseq_raw and tcplen; one with a tcpstream also tcpdest, tcpseq, rwnd and, if
 * its ACK flag is set, tcpack; one with an mptcpstream also tcpstream and mptcpdest; and of values
 * that come together all or none. MPTCP_DATA names the first that is missing: "mptcpdest is empty
 * although mptcpstream is 0".
 */
int mptcp_packet_check(const struct mptcp_packet *packet, uint64_t needed,
	struct mptcp_error *error);

#define MPTCP_VALUE_TEXT \
	192 /* room for the longest value of a column that is not TEXT: all 16 subtypes */

/* The same for the inner loop of a writer: into `text`, without NUL, the length returned. The
 * column must have a value and not be TEXT. */
size_t mptcp_packet_value(char text[MPTCP_VALUE_TEXT], const struct mptcp_packet *packet,
	enum mptcp_column_id id);

/*
 * Reads the written value of a column into packet and sets its bit; an empty value clears the bit.
 * Text members point into `text`. Returns 0, or -1 when the text is not such a value.
 */
int mptcp_packet_parse(struct mptcp_packet *packet, enum mptcp_column_id id, const char *text,
	size_t length);
/* Columns of whole numbers (all but TIME, TEXT, ADDRESS, SUBTYPES); returns false where there is
 * none. */
bool mptcp_packet_unsigned(const struct mptcp_packet *packet, enum mptcp_column_id id,
	uint64_t *number);
/* The same as a double for plots, and times, in seconds. */
bool mptcp_packet_number(const struct mptcp_packet *packet, enum mptcp_column_id id,
	double *number);

#endif
