/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which two captures a command line names, and copies of those that can be read only once: see
 * peer.h.
 */
#include "decimal.h"
#include "peer.h"
#include "temporary.h"

#include <string.h>

/* Moves an ID after the two captures to the front, where mptcp_opt_take_id looks for it. */
static void bring_id_forward(struct mptcp_settings *settings)
{
	char **operands = settings->operands, *last = operands[2];

	operands[2] = operands[1];
	operands[1] = operands[0];
	operands[0] = last;
}

/* The operand and --peer. */
static int take_peer(struct tool_run *run, struct peer *peer)
{
	struct mptcp_settings *settings = &run->settings;

	peer->operands[1] = settings->peer;
	if (mptcp_opt_take_input(settings, &peer->operands[0], &run->error))
		return tool_report(run);
	if (!peer->operands[0])
		peer->operands[0] = "-";
	if (strcmp(peer->operands[0], "-") || strcmp(peer->operands[1], "-"))
		return 0;
	mptcp_error_set(&run->error, MPTCP_USAGE,
		"option --peer: standard input is one of the two captures, not both");
	return tool_report(run);
}

/* A and B. */
static int take_operands(struct tool_run *run, struct peer *peer)
{
	struct mptcp_settings *settings = &run->settings;

	if (settings->operand_count == 3 && mptcp_decimal_is(settings->operands[2]))
		bring_id_forward(settings);
	if (mptcp_opt_take_id(settings, &run->error))
		return tool_report(run);
	if (settings->operand_count > 2) {
		mptcp_opt_unexpected(settings->operands[2], &run->error);
		return tool_report(run);
	}
	for (size_t i = 0; i < 2; i++)
		peer->operands[i] = i < settings->operand_count ? settings->operands[i] : "-";
	if (strcmp(peer->operands[0], "-") || strcmp(peer->operands[1], "-"))
		return 0;
	mptcp_error_set(&run->error, MPTCP_USAGE, "two captures are needed");
	return tool_report(run);
}

/* What can be read only once is read into a file that can be read again. */
static int make_readable(struct peer *peer, int which, struct mptcp_error *error)
{
	const char *operand = peer->operands[which];
	int copy = temporary_copy(operand, error);

	peer->names[which] = strcmp(operand, "-") ? operand : "standard input";
	if (copy == -2)
		return 0;
	peer->copies[which] = copy;
	if (copy == -1)
		return -1;
	temporary_path(copy, peer->path[which]);
	peer->operands[which] = peer->path[which];
	return 0;
}

int peer_take_operands(struct tool_run *run, struct peer *peer)
{
	if (run->settings.peer ? take_peer(run, peer) : take_operands(run, peer))
		return -1;
	if (tool_protect(run, peer->operands[0]) || tool_protect(run, peer->operands[1]))
		return -1;
	for (int i = 0; i < 2; i++)
		if (make_readable(peer, i, &run->error))
			return tool_report(run);
	return 0;
}
