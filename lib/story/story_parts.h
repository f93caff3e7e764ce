/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * story_parts: what the parts of the module story share. story.c takes the packets, signalling.c
 * makes the events of options, data.c follows the data to its end, handshake.c the handshakes,
 * fallback.c finds out which host goes on without MPTCP, ends.c what has ended, kernel.c what `ip
 * mptcp monitor` prints of it; state.c answers what became of it all.
 */
#ifndef MPTCP_STORY_PARTS_H
#define MPTCP_STORY_PARTS_H

#include "story.h"

#define MPTCP_OPTION_BIT(name) (1U << MPTCP_##name)

/* One packet, looked at. */
struct mptcp_look {
	struct mptcp_story *story;
	struct mptcp_story_connection *connection; /* NULL for none */
	struct mptcp_story_subflow *subflow;
	struct mptcp_story_end *sender, *receiver; /* of the subflow */
	const struct mptcp_packet *packet;
	const struct mptcp_signals *signals; /* its options but DSS, or NULL for none */
	struct mptcp_moment moment;
	uint16_t subtypes;
	enum mptcp_role from; /* TCP role of the sender */
	enum mptcp_role role; /* MPTCP role of the sender */
	bool unknown_options; /* they were cut off */
	bool malformed;       /* it has an MPTCP option that breaks its rules */
};

/* Each of these returns 0, or -1 when memory ran out. */

/* story.c: an event at a moment, zeroed otherwise; puts it into the list of events. */
struct mptcp_event mptcp_story_event(const struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_event_kind kind);
int mptcp_story_put(struct mptcp_story *story, const struct mptcp_event *event);
int mptcp_story_tell(struct mptcp_story *story, const struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_event_kind kind, const char *reason);
/* There is something to settle at `time`, or when the subflow ends. */
int mptcp_story_wait(struct mptcp_story *story, struct mptcp_story_subflow *subflow, int64_t time);

/* signalling.c: events of the packet's options; keys, nonces, address identifiers, priorities. */
int mptcp_story_signalling(const struct mptcp_look *look);

/* data.c: what relative numbers of the data that goes to `to` count from: the key of its sender
 * says it, or a number that a packet has both ways. */
bool mptcp_story_base(const struct mptcp_story_connection *connection, enum mptcp_role to,
	uint64_t *base);
/* DATA_FIN, and the DATA_ACK of one. */
int mptcp_story_data_fin(const struct mptcp_look *look);
void mptcp_story_data_ack(const struct mptcp_look *look);

/* handshake.c: the step that the packet is, and whether it fails. */
int mptcp_story_handshake(const struct mptcp_look *look);
/* What is overdue, or with `last` all that is open. */
int mptcp_story_settle_handshake(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	bool last);
/* A RST that is believed, by the TCP role `from`: it ends a handshake that is not over, or is the
 * first answer to a join's third ACK. `reason` is that of its MP_TCPRST, -1 for none. */
int mptcp_story_refuse(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_role from, int reason);
/* The handshake's held events go into the list. */
int mptcp_story_publish(struct mptcp_story *story, struct mptcp_story_subflow *subflow);
/* The subflow fails: once. */
int mptcp_story_fail(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_event_kind kind, const char *reason);
/* `before` and the name of a reason of MP_TCPRST (RFC 8684 section 3.6; reason_N beyond). */
void mptcp_story_reset_reason(char text[MPTCP_REASON_TEXT], const char *before, uint8_t reason);

/* fallback.c: packets without options, infinite mappings, refused ones. */
int mptcp_story_fallback(const struct mptcp_look *look);
/* What a DSS option shows of its sender, one of the ends of the subflow. */
void mptcp_story_mapping(struct mptcp_story_subflow *subflow, struct mptcp_story_end *sender,
	struct mptcp_story_end *receiver, const struct mptcp_packet *packet);
int mptcp_story_settle_fallback(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	bool last);
/* The connection goes on as regular TCP from a moment on, because of what `role` did. */
int mptcp_story_fall_back(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_role role, const char *reason);

/* ends.c: FIN, RST and MP_FASTCLOSE. */
int mptcp_story_ends(const struct mptcp_look *look);
int mptcp_story_settle_end(struct mptcp_story *story, struct mptcp_story_subflow *subflow,
	bool last);
/* Whether a RST, or a segment with MP_FASTCLOSE, has the sequence number that its receiver expects
 * next. */
bool mptcp_story_expected(const struct mptcp_look *look);
/* After the packet: whether its connection has ended. */
int mptcp_story_connection_end(const struct mptcp_look *look);

/* kernel.c: what the host concerned prints, given where the capture was taken; version 0 has no
 * `ip mptcp monitor`. */
bool mptcp_story_has_monitor(const struct mptcp_story_connection *connection);
enum mptcp_kernel_event mptcp_story_kernel_closed(const struct mptcp_story_connection *connection);
enum mptcp_kernel_event mptcp_story_kernel_connect_failed(
	const struct mptcp_story_connection *connection);
enum mptcp_kernel_event mptcp_story_kernel_subflow_closed(
	const struct mptcp_story_subflow *subflow);
/* Of the held events of a handshake, when they are released. */
enum mptcp_kernel_event mptcp_story_kernel_handshake(const struct mptcp_story_subflow *subflow,
	const struct mptcp_event *event);
/* From the steps of a handshake, or the direction at the interface that the packet says. */
void mptcp_story_see_vantage(const struct mptcp_look *look);

#endif
