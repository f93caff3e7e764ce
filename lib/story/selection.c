/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "selection.h"

#include "array.h"

#include <stdlib.h>

void mptcp_selection_clear(struct mptcp_selection *selection)
{
	free(selection->skip);
	*selection = (struct mptcp_selection){0};
}

int mptcp_selection_skip(struct mptcp_selection *selection, uint32_t tcpstream)
{
	uint32_t *grown = mptcp_array_append(selection->skip, &selection->skip_count,
		&selection->skip_capacity, sizeof(*grown));

	if (!grown)
		return -1;
	selection->skip = grown;
	grown[selection->skip_count - 1] = tcpstream;
	return 0;
}

bool mptcp_selection_chooses(const struct mptcp_selection *selection)
{
	return selection->has_mptcpstream || selection->has_tcpstream ||
		selection->has_destination || selection->has_from || selection->has_to ||
		selection->skip_count;
}

uint64_t mptcp_selection_columns(const struct mptcp_selection *selection)
{
	return selection->has_from || selection->has_to ? MPTCP_HAS(reltime) : 0;
}

bool mptcp_selection_takes_connection(const struct mptcp_selection *selection, uint32_t mptcpstream)
{
	return !selection->has_mptcpstream || selection->mptcpstream == mptcpstream;
}

bool mptcp_selection_takes_stream(const struct mptcp_selection *selection, uint32_t tcpstream)
{
	if (selection->has_tcpstream && selection->tcpstream != tcpstream)
		return false;
	for (size_t i = 0; i < selection->skip_count; i++)
		if (selection->skip[i] == tcpstream)
			return false;
	return true;
}

bool mptcp_selection_takes_tcp(const struct mptcp_selection *selection, uint32_t tcpstream)
{
	return mptcp_selection_with_tcp(selection) &&
		mptcp_selection_takes_stream(selection, tcpstream);
}

bool mptcp_selection_takes_subflow(const struct mptcp_selection *selection, uint32_t mptcpstream,
	uint32_t tcpstream)
{
	return mptcp_selection_takes_connection(selection, mptcpstream) &&
		mptcp_selection_takes_stream(selection, tcpstream);
}

bool mptcp_selection_takes_direction(const struct mptcp_selection *selection, enum mptcp_role to)
{
	return !selection->has_destination || selection->destination == to;
}
