/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * talk: frames as two hosts send them: handshakes, joins, mapped data and its repetitions,
 * acknowledgements, signals, ends; chosen by the bytes of an input. Most of them are right, so that
 * states are reached which random fields never reach; some are not.
 */
#ifndef FUZZ_TALK_H
#define FUZZ_TALK_H

#include "frame.h"
#include "fuzz.h"
#include "token.h"

#define TALK_FLOWS 4
#define TALK_SENT 4

/* Sequence numbers are those on the wire. */
struct talk_flow {
	unsigned opener; /* MPTCP role */
	uint32_t base[2], next[2], nonce[2];
	struct mptcp_frame last[2]; /* the last data */
};
struct talk_connection {
	uint64_t key[2], dsn[2];
	struct mptcp_token token[2];
	unsigned version;
	struct { /* the last mappings */
		uint64_t dsn;
		uint32_t length;
	} sent[2][TALK_SENT];
	unsigned sent_count[2];
	struct talk_flow flows[TALK_FLOWS];
};
struct talk {
	struct talk_connection connections[2];
	uint64_t number;
	int64_t now;
};

static inline void talk_put(struct mptcp_frame *frame, uint64_t value, unsigned size)
{
	if (frame->options_length + size > sizeof(frame->options))
		return;
	while (size--)
		frame->options[frame->options_length++] = (uint8_t)(value >> 8 * size);
}

static inline void talk_begin(struct talk *talk, struct fuzz_input *input)
{
	static const uint64_t keys[] = {0x1122334455667788, 0x8877665544332211, 0x0102030405060708,
		673217};
	unsigned kinds = (unsigned)fuzz_take(input, 1);

	*talk = (struct talk){.now = INT64_C(1700000000000000000)};
	for (unsigned c = 0; c < 2; c++) {
		struct talk_connection *connection = &talk->connections[c];

		connection->version = !(kinds >> c & 1);
		for (unsigned role = 0; role < 2; role++) {
			connection->key[role] = keys[2 * c + role];
			mptcp_token_compute(&connection->token[role], connection->key[role],
				connection->version);
			connection->dsn[role] = connection->token[role].idsn + 1;
		}
		for (unsigned f = 0; f < TALK_FLOWS; f++) {
			struct talk_flow *flow = &connection->flows[f];

			flow->opener = f == 3 && kinds & 4;
			for (unsigned role = 0; role < 2; role++) {
				flow->base[role] = kinds & 8 ? 1000 : 0xfffff000 + 16 * f;
				flow->next[role] = flow->base[role];
				flow->nonce[role] = 1 + 2 * f + role;
			}
		}
	}
}

/* What a frame is made for. */
struct talk_turn {
	struct talk_connection *connection;
	struct talk_flow *flow;
	unsigned from; /* MPTCP role */
	unsigned more; /* a byte of the input */
	struct mptcp_frame *frame;
};

static inline void talk_capable(const struct talk_turn *turn, unsigned keys)
{
	const struct talk_connection *connection = turn->connection;
	unsigned version = turn->more == 0xff ? 2 : connection->version;

	talk_put(turn->frame, 0x1e, 1);
	talk_put(turn->frame, 4 + 8 * keys, 1);
	talk_put(turn->frame, version, 1);
	talk_put(turn->frame, turn->more == 0xfe ? 0x81 : 0x01, 1);
	if (keys)
		talk_put(turn->frame, connection->key[turn->from], 8);
	if (keys > 1)
		talk_put(turn->frame, connection->key[!turn->from], 8);
}

static inline void talk_hmac(const struct talk_turn *turn, size_t length)
{
	const struct talk_connection *connection = turn->connection;
	const uint64_t keys[] = {connection->key[turn->from], connection->key[!turn->from]};
	uint8_t digest[MPTCP_HMAC_MAX], message[8];

	for (unsigned i = 0; i < 8; i++)
		message[i] = (uint8_t)(turn->flow->nonce[i < 4 ? turn->from : !turn->from] >>
			8 * (3 - i % 4));
	mptcp_token_hmac(digest, keys, message, sizeof(message), connection->version);
	for (size_t i = 0; i < length; i++)
		talk_put(turn->frame, digest[i] ^ (turn->more == 0xff), 1);
}

/* The three steps of a handshake, of a join with `join`. */
static inline void talk_handshake(const struct talk_turn *turn, unsigned step, bool join)
{
	struct talk_flow *flow = turn->flow;
	unsigned id = (unsigned)(flow - turn->connection->flows);

	if (step < 2) {
		turn->frame->flags = step ? MPTCP_SYN | MPTCP_ACK : MPTCP_SYN;
		turn->frame->sequence = flow->base[turn->from];
		flow->next[turn->from] = flow->base[turn->from] + 1;
	}
	if (!join) {
		talk_capable(turn, step == 0 ? !turn->connection->version : step);
	} else if (step == 0) {
		talk_put(turn->frame, 0x1e0c1000 | (turn->more & 1) << 8 | id, 4);
		talk_put(turn->frame, turn->connection->token[!turn->from].token, 4);
		talk_put(turn->frame, flow->nonce[turn->from], 4);
	} else if (step == 1) {
		talk_put(turn->frame, 0x1e101000 | (turn->more & 1) << 8 | id, 4);
		talk_hmac(turn, 8);
		talk_put(turn->frame, flow->nonce[turn->from], 4);
	} else {
		talk_put(turn->frame, 0x1e181000, 4);
		talk_hmac(turn, 20);
	}
}

/* A mapping of the payload (length 0: none) and, always, a DATA_ACK. */
static inline void talk_dss(const struct talk_turn *turn, uint64_t dsn, uint32_t length, bool fin)
{
	struct mptcp_frame *frame = turn->frame;
	bool mapped = length || fin, long_dsn = turn->more & 1, long_ack = turn->more & 2;
	uint64_t acknowledged = turn->connection->dsn[!turn->from];

	talk_put(frame, 0x1e, 1);
	talk_put(frame, 4u + (long_ack ? 8 : 4) + (mapped ? 6u + (long_dsn ? 8 : 4) : 0), 1);
	talk_put(frame, 0x20, 1);
	talk_put(frame,
		1u | (long_ack ? 2 : 0) | (mapped ? 4 : 0) | (mapped && long_dsn ? 8 : 0) |
			(fin ? 16 : 0),
		1);
	talk_put(frame, turn->more & 0x80 ? acknowledged - (turn->more & 0x7f) : acknowledged,
		long_ack ? 8 : 4);
	if (!mapped)
		return;
	talk_put(frame, dsn, long_dsn ? 8 : 4);
	talk_put(frame, length ? turn->flow->next[turn->from] - turn->flow->base[turn->from] : 0,
		4);
	talk_put(frame, length + fin, 2);
}

/* Data: new, or that of a mapping before. */
static inline void talk_data(const struct talk_turn *turn, bool again)
{
	struct talk_connection *connection = turn->connection;
	unsigned from = turn->from, count = connection->sent_count[from];
	unsigned at = again && count ? turn->more % (count < TALK_SENT ? count : TALK_SENT)
				     : count % TALK_SENT;

	if (!again || !count) {
		connection->sent[from][at].dsn = connection->dsn[from];
		connection->sent[from][at].length = turn->more & 4 ? 1 : 1 + 5 * turn->more;
		connection->sent_count[from]++;
		connection->dsn[from] += connection->sent[from][at].length;
	}
	turn->frame->length = connection->sent[from][at].length;
	talk_dss(turn, connection->sent[from][at].dsn, turn->frame->length, false);
	turn->flow->next[from] += turn->frame->length;
	turn->flow->last[from] = *turn->frame;
}

/* A segment of which nothing is new: the last data, moved and cut a little. */
static inline void talk_repeat(const struct talk_turn *turn)
{
	const struct mptcp_frame *last = &turn->flow->last[turn->from];

	turn->frame->sequence = last->sequence - (turn->more & 0x10 ? turn->more & 15 : 0);
	turn->frame->length = turn->more & 0x20 && last->length ? last->length - 1 : last->length;
	turn->frame->options_length = last->options_length;
	memcpy(turn->frame->options, last->options, sizeof(last->options));
}

static inline void talk_signal(const struct talk_turn *turn, unsigned what)
{
	struct mptcp_frame *frame = turn->frame;
	const struct talk_connection *connection = turn->connection;

	switch (what) {
	case 0: /* ADD_ADDR, echo or of version 0: without HMAC */
		talk_put(frame, 0x1e083000 | (turn->more & 0x10 ? 0x0100 : 0) | (turn->more & 3),
			4);
		talk_put(frame, 0x0a000001 + (turn->more & 3), 4);
		break;
	case 1:
		talk_put(frame, 0x1e0440, 3);
		talk_put(frame, turn->more & 3, 1);
		break;
	case 2:
		talk_put(frame, 0x1e0350 | (turn->more & 1), 3);
		break;
	case 3:
		talk_put(frame, 0x1e0c6000, 4);
		talk_put(frame, connection->dsn[turn->from] - turn->more, 8);
		break;
	case 4:
		talk_put(frame, 0x1e0c7000, 4);
		talk_put(frame, connection->key[!turn->from], 8);
		break;
	case 5:
		talk_put(frame, 0x1e048000 | (turn->more & 0xf), 4);
		frame->flags |= MPTCP_RST;
		break;
	default: /* a mapping without end */
		talk_put(frame, 0x1e0e2004, 4);
		talk_put(frame, connection->dsn[turn->from], 4);
		talk_put(frame, turn->flow->next[turn->from] - turn->flow->base[turn->from], 4);
		talk_put(frame, 0, 2);
	}
}

static inline void talk_act(const struct talk_turn *turn, unsigned what, struct fuzz_input *input)
{
	unsigned from = turn->from;
	bool join = turn->flow != turn->connection->flows;

	switch (what % 20) {
	case 0:
	case 1:
	case 2:
		talk_handshake(turn, what % 20, join);
		break;
	case 3:
	case 4:
	case 5:
		talk_data(turn, false);
		break;
	case 6:
		talk_data(turn, true);
		break;
	case 7:
		talk_repeat(turn);
		break;
	case 8: /* without a DSN */
		turn->frame->length = turn->more;
		turn->flow->next[from] += turn->more;
		break;
	case 9:
	case 10:
		talk_dss(turn, 0, 0, false);
		break;
	case 11:
		talk_dss(turn, turn->connection->dsn[from], 0, true);
		break;
	case 12:
		turn->frame->flags |= MPTCP_FIN;
		turn->flow->next[from]++;
		talk_dss(turn, 0, 0, false);
		break;
	case 13:
		turn->frame->flags |= MPTCP_RST;
		break;
	case 14:
	case 15:
		talk_signal(turn, turn->more >> 5);
		break;
	case 16:
		turn->frame->window = (uint16_t)(turn->more * turn->more);
		talk_dss(turn, 0, 0, false);
		break;
	case 17: /* acknowledges less, or more than there is */
		turn->frame->acknowledgement += turn->more - 128;
		break;
	case 18:
		turn->frame->options_cut = true;
		talk_dss(turn, 0, 0, false);
		break;
	default:
		for (unsigned i = turn->more % 24; i--;)
			talk_put(turn->frame, fuzz_take(input, 1), 1);
	}
}

/* The next frame, of three bytes of the input or more. */
static inline void talk_next(struct talk *talk, struct fuzz_input *input, struct mptcp_frame *frame)
{
	static const int64_t steps[] = {1000, 20000000, 700000000, INT64_C(12000000000)};
	unsigned what = (unsigned)fuzz_take(input, 1), where = (unsigned)fuzz_take(input, 1);
	unsigned c = where >> 2 & 1, f = where & 3, from = where >> 3 & 1;
	struct talk_connection *connection = &talk->connections[c];
	struct talk_flow *flow = &connection->flows[f];
	const struct mptcp_address ends[2] = {{{10, 0, (uint8_t)c, (uint8_t)f}, 4},
		{{10, 1, (uint8_t)c, (uint8_t)(f & 1)}, 4}};
	const uint16_t ports[2] = {(uint16_t)(1000 + f), 443};

	talk->now += where & 0x80 ? -steps[where >> 4 & 3] : steps[where >> 4 & 3];
	*frame = (struct mptcp_frame){.number = ++talk->number,
		.time = talk->now,
		.source = ends[from],
		.destination = ends[!from],
		.source_port = ports[from ^ flow->opener],
		.destination_port = ports[!from ^ flow->opener],
		.sequence = flow->next[from],
		.acknowledgement = flow->next[!from],
		.window = 1000,
		.flags = MPTCP_ACK,
		.ttl = 64,
		.has_ttl = true,
		.has_ipid = true,
		.ipid = (uint16_t)talk->number,
		.protocols = {"eth:ip:tcp", 10},
		.interface = {"", 0}};
	talk_act(&(struct talk_turn){connection, flow, from, (unsigned)fuzz_take(input, 1), frame},
		what, input);
	if (!(frame->flags & MPTCP_ACK))
		frame->acknowledgement = 0;
}

#endif
