/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario: a small builder of frames, and the tracker run over them.
 *
 * A path is one subflow between its opener (OPENER) and its listener. segment() appends a frame
 * with relative sequence and acknowledgement numbers; the functions after it append options to that
 * frame. play() runs everything through the tracker; rows[n] then is the packet of the n-th frame,
 * its texts as C strings. Frames follow each other by a microsecond, and by what wait_ms() says.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include "frame.h"
#include "options.h"
#include "tracker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Keys, and what Python's hashlib says of them. */
#define CLIENT_KEY UINT64_C(0x1122334455667788)
#define SERVER_KEY UINT64_C(0x8877665544332211)
#define CLIENT_TOKEN_V0 0xbdc04c09
#define SERVER_TOKEN_V0 0xc3baa7a6
#define CLIENT_IDSN_V0 UINT64_C(0xd0549cc0405811d5)
#define SERVER_IDSN_V0 UINT64_C(0x19c3166629dd5af7)
#define CLIENT_TOKEN_V1 0x1dce6604
#define SERVER_TOKEN_V1 0x804d562d
#define CLIENT_IDSN_V1 UINT64_C(0x62815714b76ae9a5)
#define SERVER_IDSN_V1 UINT64_C(0x2844f958dbd74c17)
/* Another connection's. */
#define OTHER_CLIENT_KEY UINT64_C(0x0102030405060708)
#define OTHER_SERVER_KEY UINT64_C(0x1112131415161718)
/* The IDSN of this key is just before a 32-bit wrap. */
#define WRAP_KEY_V0 UINT64_C(673217)
#define WRAP_IDSN_V0 UINT64_C(0x0406ac52fffffac4)

enum { OPENER, LISTENER };

struct path {
	uint8_t net;       /* 10.0.net.1 opens to 10.0.net.2 */
	uint16_t ports[2]; /* by end */
	uint32_t isn[2];
};

struct row {
	struct mptcp_packet packet;
	char addrid[64], options[128], reinjection_of[256], dsn_split[256], malformed[256];
};

#define FRAMES_MAX 256
static struct mptcp_frame frames[FRAMES_MAX];
static struct row rows[FRAMES_MAX];
static size_t frame_count;
static int64_t waited;       /* nanoseconds */
static uint32_t asked_token; /* of the last MP_JOIN in a SYN */

static const struct path path_a = {1, {40000, 443}, {1000000, 2000000}};
static const struct path path_b = {2, {40001, 443}, {3000000, 4000000}};

static inline struct mptcp_address host(uint8_t net, unsigned end)
{
	struct mptcp_address address = {{10, 0, net, (uint8_t)(end + 1)}, 4};

	return address;
}

/* A frame by itself, without options. */
static inline struct mptcp_frame make_frame(const struct path *path, unsigned from, unsigned flags,
	uint32_t sequence, uint32_t acknowledgement, uint32_t length)
{
	struct mptcp_frame frame = {.source = host(path->net, from),
		.destination = host(path->net, !from),
		.source_port = path->ports[from],
		.destination_port = path->ports[!from],
		.sequence = path->isn[from] + sequence,
		.length = length,
		.window = 1000,
		.flags = (uint16_t)flags};

	if (flags & MPTCP_ACK)
		frame.acknowledgement = path->isn[!from] + acknowledgement;
	return frame;
}

/* Appends a frame to the scenario; returns its number in rows. */
static inline size_t segment(const struct path *path, unsigned from, unsigned flags,
	uint32_t sequence, uint32_t acknowledgement, uint32_t length)
{
	assert_true(frame_count < FRAMES_MAX);
	struct mptcp_frame *frame = &frames[frame_count];

	*frame = make_frame(path, from, flags, sequence, acknowledgement, length);
	frame->number = frame_count + 1;
	frame->time = INT64_C(1700000000000000000) + (int64_t)frame_count * 1000 + waited;
	return frame_count++;
}

/* The next frame comes that much later. */
static inline void wait_ms(int64_t milliseconds)
{
	waited += milliseconds * 1000000;
}

static inline void put(struct mptcp_frame *frame, uint64_t value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--) {
		assert_true(frame->options_length < 40);
		frame->options[frame->options_length++] = (uint8_t)(value >> (8 * i));
	}
}

static inline struct mptcp_frame *last_frame(void)
{
	return &frames[frame_count - 1];
}

static inline void window_scale(unsigned shift)
{
	put(last_frame(), 0x030300 | shift, 3);
}

/* MP_CAPABLE with 0, 1 or 2 keys (0: not there) and, if not 0, a data length. */
static inline void capable(unsigned version, uint64_t sender, uint64_t receiver,
	unsigned data_length)
{
	struct mptcp_frame *frame = last_frame();
	unsigned length = 4U + (sender ? 8U : 0) + (receiver ? 8U : 0) + (data_length ? 2U : 0);

	put(frame, 30 << 8 | length, 2);
	put(frame, version << 8 | 0x01, 2);
	if (sender)
		put(frame, sender, 8);
	if (receiver)
		put(frame, receiver, 8);
	if (data_length)
		put(frame, data_length, 2);
}

static inline void join_syn(unsigned address_id, uint32_t token)
{
	put(last_frame(), 0x1e0c1000 | address_id, 4);
	put(last_frame(), token, 4);
	put(last_frame(), 0x01020304, 4);
	asked_token = token;
}

/* The HMACs of a join to a token above, with the nonces of join_syn and join_synack, as Python's
 * hmac has them. To any other token they fit nobody's keys. */
struct join_proof {
	uint32_t token;
	uint64_t synack;
	uint32_t ack[5];
};

static inline const struct join_proof *join_proof(void)
{
	static const struct join_proof proofs[] = {
		{SERVER_TOKEN_V0, UINT64_C(0x253096dd6d60b359),
			{0xc4794c04, 0xe61bacbc, 0xf62de32b, 0x8147602e, 0xb307c5e3}},
		{CLIENT_TOKEN_V0, UINT64_C(0x072dbde841238696),
			{0x2ea08f7c, 0x5244cbe7, 0x07fba2bc, 0xcd33779d, 0xe6dde4ab}},
		{SERVER_TOKEN_V1, UINT64_C(0x6b4927b9c8c40516),
			{0xc5c56fa1, 0xe5f4d9a2, 0x060d558e, 0xfb59c0a1, 0x70fe32c7}},
		{CLIENT_TOKEN_V1, UINT64_C(0x20ae9014375d4b84),
			{0xe8717702, 0xde51e6e4, 0xc760eb0b, 0x07a58f65, 0x9018790e}},
	};
	static const struct join_proof none = {0, UINT64_C(0xa1a2a3a4a5a6a7a8),
		{0xb1b2b3b4, 0xb1b2b3b4, 0xb1b2b3b4, 0xb1b2b3b4, 0xb1b2b3b4}};

	for (size_t i = 0; i < sizeof(proofs) / sizeof(*proofs); i++)
		if (proofs[i].token == asked_token)
			return &proofs[i];
	return &none;
}

static inline void join_synack(unsigned address_id)
{
	put(last_frame(), 0x1e101000 | address_id, 4);
	put(last_frame(), join_proof()->synack, 8);
	put(last_frame(), 0x05060708, 4);
}

static inline void join_ack(void)
{
	put(last_frame(), 0x1e181000, 4);
	for (int i = 0; i < 5; i++)
		put(last_frame(), join_proof()->ack[i], 4);
}

/* The flag B of the MP_JOIN that was just put. */
static inline void as_backup(void)
{
	last_frame()->options[2] |= 0x01;
}

static inline void timestamps(uint32_t value, uint32_t echo)
{
	put(last_frame(), 0x080a, 2);
	put(last_frame(), value, 4);
	put(last_frame(), echo, 4);
}

static inline void fastclose(uint64_t key)
{
	put(last_frame(), 0x1e0c7000, 4);
	put(last_frame(), key, 8);
}

static inline void reset_reason(unsigned reason)
{
	put(last_frame(), 0x1e048000 | reason, 4);
}

static inline void mp_fail(uint64_t dsn)
{
	put(last_frame(), 0x1e0c6000, 4);
	put(last_frame(), dsn, 8);
}

/* What a DSS option says; the sizes are those of the wire, 0: not there. */
struct dss {
	unsigned ack_size, dsn_size;
	uint64_t ack, dsn;
	uint32_t ssn;
	unsigned length;
	int data_fin;
};

static inline void put_dss(struct mptcp_frame *frame, struct dss dss)
{
	unsigned size = 4 + dss.ack_size + (dss.dsn_size ? dss.dsn_size + 6 : 0);
	unsigned flags = (dss.data_fin ? 0x10 : 0) | (dss.dsn_size == 8 ? 0x08 : 0) |
		(dss.dsn_size ? 0x04 : 0) | (dss.ack_size == 8 ? 0x02 : 0) |
		(dss.ack_size ? 0x01 : 0);

	put(frame, 30 << 8 | size, 2);
	put(frame, 0x2000 | flags, 2);
	put(frame, dss.ack, (int)dss.ack_size);
	put(frame, dss.dsn, (int)dss.dsn_size);
	if (dss.dsn_size) {
		put(frame, dss.ssn, 4);
		put(frame, dss.length, 2);
	}
}

/* A mapping with a 64-bit DSN. */
static inline void map(uint64_t dsn, uint32_t ssn, unsigned length)
{
	put_dss(last_frame(),
		(struct dss){.dsn_size = 8, .dsn = dsn, .ssn = ssn, .length = length});
}

static inline void map32(uint32_t dsn, uint32_t ssn, unsigned length)
{
	put_dss(last_frame(),
		(struct dss){.dsn_size = 4, .dsn = dsn, .ssn = ssn, .length = length});
}

static inline void data_ack(uint64_t ack, unsigned size)
{
	put_dss(last_frame(), (struct dss){.ack_size = size, .ack = ack});
}

/* Payload with a mapping of its own: ssn equals the relative sequence number. */
static inline size_t data(const struct path *path, unsigned from, uint32_t sequence,
	uint32_t length, uint64_t dsn)
{
	size_t at = segment(path, from, MPTCP_ACK, sequence, 1, length);

	map(dsn, sequence, length);
	return at;
}

/* Handshakes: three frames each. */
static inline void open_v1(const struct path *path)
{
	segment(path, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(path, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, SERVER_KEY, 0, 0);
	segment(path, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, CLIENT_KEY, SERVER_KEY, 0);
}

static inline void open_v0(const struct path *path)
{
	segment(path, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(0, CLIENT_KEY, 0, 0);
	segment(path, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(0, SERVER_KEY, 0, 0);
	segment(path, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(0, CLIENT_KEY, SERVER_KEY, 0);
}

static inline void join(const struct path *path, uint32_t token)
{
	segment(path, OPENER, MPTCP_SYN, 0, 0, 0);
	join_syn(3, token);
	segment(path, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	join_synack(5);
	segment(path, OPENER, MPTCP_ACK, 1, 1, 0);
	join_ack();
}

static inline void keep_text(struct mptcp_text *text, char *into, size_t room, bool there)
{
	into[0] = 0;
	if (!there)
		return;
	assert_true(text->length < room);
	memcpy(into, text->bytes, text->length);
	into[text->length] = 0;
	text->bytes = into;
}

static inline void keep_row(struct row *row)
{
	struct mptcp_packet *packet = &row->packet;

	keep_text(&packet->addrid, row->addrid, sizeof(row->addrid),
		mptcp_packet_has(packet, MPTCP_COLUMN_addrid));
	keep_text(&packet->options, row->options, sizeof(row->options),
		mptcp_packet_has(packet, MPTCP_COLUMN_options));
	keep_text(&packet->reinjection_of, row->reinjection_of, sizeof(row->reinjection_of),
		mptcp_packet_has(packet, MPTCP_COLUMN_reinjection_of));
	keep_text(&packet->dsn_split, row->dsn_split, sizeof(row->dsn_split),
		mptcp_packet_has(packet, MPTCP_COLUMN_dsn_split));
	keep_text(&packet->malformed, row->malformed, sizeof(row->malformed),
		mptcp_packet_has(packet, MPTCP_COLUMN_malformed));
}

/* All frames through a tracker. */
static inline void play(void)
{
	struct mptcp_error error;
	struct mptcp_tracker *tracker = mptcp_tracker_new(&error);
	size_t done = 0;

	assert_non_null(tracker);
	for (size_t i = 0; i < frame_count; i++)
		assert_int_equal(mptcp_tracker_take(tracker, &frames[i], frames[0].time, &error),
			0);
	while (mptcp_tracker_next(tracker, true, &rows[done].packet, &error) == 1)
		keep_row(&rows[done++]);
	assert_int_equal(done, frame_count);
	mptcp_tracker_free(tracker);
}

static inline int begin_scenario(void **state)
{
	(void)state;
	frame_count = 0;
	waited = 0;
	memset(rows, 0, sizeof(rows));
	return 0;
}

/* The row has the column, and it is that. */
#define assert_column(at, name, value) \
	do { \
		assert_true(mptcp_packet_has(&rows[at].packet, MPTCP_COLUMN_##name)); \
		assert_true(rows[at].packet.name == (value)); \
	} while (0)
#define assert_no_column(at, name) \
	assert_false(mptcp_packet_has(&rows[at].packet, MPTCP_COLUMN_##name))

/* Every row belongs to MPTCP stream 0. */
static inline void assert_one_connection(void)
{
	for (size_t i = 0; i < frame_count; i++)
		assert_column(i, mptcpstream, 0);
}

#endif
