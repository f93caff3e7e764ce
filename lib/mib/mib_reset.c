/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mib_reset: RSTs with MP_TCPRST, and what else depends on a RST of its moment. See mib_parts.h.
 *
 * A socket sends a RST with the ACK flag (tcp_send_active_reset). One that answers a packet for
 * which there is no socket has none, or answers a SYN and has neither sequence number nor window
 * (tcp_v4_send_reset): the kernel does not count its option.
 */
#include "mib_parts.h"

static bool is_of_socket(const struct mptcp_packet *packet)
{
	return packet->tcpflags & MPTCP_ACK && (packet->tcpseq_raw || packet->rwnd);
}

/* The receiver looks at the options of a RST that is in sequence (tcp_validate_incoming) where it
 * takes the subflow for fully established; on the first subflow also where the RST is not the first
 * packet (check_fully_established). */
static bool is_read(const struct mptcp_story_subflow *subflow, const struct mptcp_mib_end *receiver,
	const struct mptcp_packet *packet)
{
	const struct mptcp_story_end *end = &subflow->ends[packet->tcpdest];
	/* a FIN that was acknowledged leaves no socket behind, but TIME_WAIT */
	bool in_sequence = subflow->ends[mptcp_role_peer(packet->tcpdest)].doubted.packetid !=
		packet->packetid;
	bool closed = (end->fin.packetid && end->acknowledged && end->acked == end->next) ||
		receiver->reset || receiver->reset_received;

	if (closed || !in_sequence)
		return false;
	return receiver->confirmed || !subflow->syn.count ||
		(subflow->kind == MPTCP_KIND_INITIAL && packet->tcpseq != 1 &&
			packet->tcpdest == MPTCP_CLIENT && subflow->synack.option);
}

static int count(struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet, struct mptcp_mib_end *receiver)
{
	struct mptcp_moment moment = mptcp_moment_of(packet);
	enum mptcp_role to = mptcp_story_role(subflow, packet->tcpdest);
	struct mptcp_mib_place sent = {subflow, &moment, mptcp_role_peer(to)};
	struct mptcp_mib_place received = {subflow, &moment, to};

	if (is_of_socket(packet) && mptcp_mib_one(mib, &sent, MPTCP_COUNTER_MPRstTx))
		return -1;
	if (is_read(subflow, receiver, packet))
		return mptcp_mib_one(mib, &received, MPTCP_COUNTER_MPRstRx);
	return 0;
}

int mptcp_mib_reset(struct mptcp_mib *mib, const struct mptcp_story_subflow *subflow,
	const struct mptcp_packet *packet)
{
	struct mptcp_mib_subflow *own = subflow->own;
	struct mptcp_mib_end *sender = &own->ends[mptcp_role_peer(packet->tcpdest)];
	struct mptcp_mib_end *receiver = &own->ends[packet->tcpdest];
	struct mptcp_signals signals;
	const struct mptcp_option_value *reset = NULL;

	if (mptcp_signals_read(&signals, packet))
		reset = mptcp_options_find(&signals.options, MPTCP_MP_TCPRST);
	if (reset && count(mib, subflow, packet, receiver))
		return -1;
	if (reset && !sender->mp_reset) {
		sender->mp_reset = true;
		sender->mp_reset_at = packet->packetid;
		sender->mp_reset_reason = reset->reset.reason;
	}
	if (!sender->reset)
		sender->reset = packet->packetid;
	if (!receiver->reset_received)
		receiver->reset_received = packet->packetid;
	return 0;
}
