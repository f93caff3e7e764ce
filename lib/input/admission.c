/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "admission.h"

/* Leaves out a packet whose TCP connection never carried MPTCP. A refused join carried it though it
 * belongs to no connection. 0, or -1 when memory ran out. */
static int leave_out_tcp(struct mptcp_admission *admission, const struct mptcp_packet *packet,
	bool *leave_out, struct mptcp_error *error)
{
	if (mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream))
		return 0;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_recvtok))
		return mptcp_numbers_set(&admission->refused, packet->tcpstream, 0)
			? mptcp_error_memory(error)
			: 0;
	*leave_out =
		mptcp_numbers_get(&admission->refused, packet->tcpstream) == MPTCP_NUMBERS_NONE;
	return 0;
}

int mptcp_admission_look(struct mptcp_admission *admission, const struct mptcp_packet *packet,
	bool *leave_out, struct mptcp_error *error)
{
	bool copy = mptcp_packet_has(packet, MPTCP_COLUMN_duplicate_of);

	if (!admission->checked && mptcp_packet_check(packet, admission->needed, error))
		return -1;
	admission->copied += copy;
	/* without a TCP connection where the caller needs it */
	*leave_out = copy ? !admission->copies
			  : (admission->needed & MPTCP_HAS(tcpstream) & ~packet->present) != 0;
	if (*leave_out)
		return 0;
	if (admission->mptcp_only)
		return leave_out_tcp(admission, packet, leave_out, error);
	if (!copy) { /* which are counted */
		admission->taken[1] = admission->taken[0];
		admission->taken[0] = mptcp_admission_shape(packet);
	}
	return 0;
}

void mptcp_admission_clear(struct mptcp_admission *admission)
{
	mptcp_numbers_clear(&admission->refused);
}
