/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "peer.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int peer_open(struct tool_run *run, struct peer *peer, uint64_t needed, uint64_t wanted)
{
	uint64_t selected = mptcp_selection_columns(&run->settings.selection);

	*peer = (struct peer){.needed = needed | MPTCP_PAIRING_COLUMNS | MPTCP_RECEIVED_COLUMNS |
			selected,
		.wanted = wanted | MPTCP_PAIRING_COLUMNS | selected,
		.copies = {-1, -1}};
	return peer_take_operands(run, peer);
}

/* A message about a copy names what was copied. */
static int report(struct tool_run *run, const struct peer *peer, int which)
{
	size_t length = strlen(peer->path[which]);

	if (length && !strncmp(run->error.text, peer->path[which], length)) {
		struct mptcp_error error = run->error;

		mptcp_error_set(&run->error, error.status, "%s%s", peer->names[which],
			error.text + length);
	}
	return tool_report(run);
}

static void close_inputs(struct peer *peer)
{
	for (int i = 0; i < 2; i++) {
		if (peer->inputs[i])
			mptcp_input_close(peer->inputs[i]);
		peer->inputs[i] = NULL;
	}
}

int peer_match(struct tool_run *run, struct peer *peer)
{
	struct mptcp_packet packet;

	run->input_name = peer->names[0];
	for (int i = 0; i < 2; i++) {
		run->census.whole = i == 0; /* what selects names connections of the first */
		peer->inputs[i] = run->input =
			mptcp_input_open(peer->operands[i], &run->settings.input, peer->needed,
				MPTCP_PAIRING_COLUMNS | MPTCP_RECEIVED_COLUMNS | CENSUS_COLUMNS,
				&run->error);
		if (!run->input)
			return report(run, peer, i);
		if (mptcp_input_captures(run->input)) {
			mptcp_error_set(&run->error, MPTCP_DATA,
				"%s: is of several captures, one is needed", peer->names[i]);
			return tool_report(run);
		}
		while (tool_next(run, &packet) == MPTCP_ROW)
			if (mptcp_evidence_add(&peer->evidence[i], &packet, &run->error) ||
				mptcp_received_add(&peer->received[i], &packet, &run->error)) {
				tool_report(run);
				break;
			}
		run->input = NULL;
	}
	close_inputs(peer);
	/* what is wrong with the files was reported before, and the cache is fresh */
	run->settings.input.log = (struct mptcp_log){0};
	run->settings.input.regen = false;
	if (tool_failed(run))
		return -1;
	if (mptcp_match(&peer->evidence[0], &peer->evidence[1], &run->error))
		return tool_report(run);
	return 0;
}

/* The next packet of a capture; bad data ends it: peer_match has reported it. */
static enum mptcp_result next(struct tool_run *run, struct peer *peer, int which,
	struct mptcp_packet *packet)
{
	enum mptcp_result got;

	do
		got = mptcp_input_next(peer->inputs[which], packet, &run->error);
	while (got == MPTCP_IDLE);
	return got == MPTCP_FAILED && run->error.status == MPTCP_DATA ? MPTCP_END : got;
}

/* Reads both in step. */
static int read_both(struct tool_run *run, struct peer *peer, uint64_t wanted, bool add,
	struct mptcp_pairing *pairing)
{
	struct mptcp_packet packets[2];
	enum mptcp_result got[2];

	for (int i = 0; i < 2; i++) {
		peer->inputs[i] = mptcp_input_open(peer->operands[i], &run->settings.input,
			MPTCP_PAIRING_COLUMNS, wanted, &run->error);
		if (!peer->inputs[i] || (got[i] = next(run, peer, i, &packets[i])) == MPTCP_FAILED)
			return -1;
	}
	while (got[0] == MPTCP_ROW || got[1] == MPTCP_ROW) {
		int which = got[0] == MPTCP_END ? 1
			: got[1] == MPTCP_END
			? 0
			: mptcp_pairing_next(pairing, packets[0].abstime, packets[1].abstime);

		if (run->output_open && mptcp_output_failed(&run->output))
			return 0;
		if (mptcp_pairing_add(pairing, which, &packets[which], &run->error) ||
			(add && peer->add(peer->context, which, &packets[which], &run->error)))
			return -1;
		got[which] = next(run, peer, which, &packets[which]);
		if (got[which] == MPTCP_FAILED)
			return -1;
	}
	return mptcp_pairing_end(pairing, &run->error);
}

static int pass(struct tool_run *run, struct peer *peer,
	const struct mptcp_pairing_options *options, bool add)
{
	struct mptcp_pairing *pairing =
		mptcp_pairing_open(&peer->evidence[0], &peer->evidence[1], options, &run->error);
	uint64_t wanted = options->keep || add ? peer->wanted : MPTCP_PAIRING_COLUMNS;
	int result = pairing ? read_both(run, peer, wanted, add, pairing) : -1;

	mptcp_pairing_close(pairing);
	close_inputs(peer);
	return result ? tool_report(run) : 0;
}

static int learn(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	return mptcp_vantage_add(context, pair, error);
}

int peer_clock(struct tool_run *run, struct peer *peer, enum mptcp_clock_mode mode)
{
	const struct mptcp_pairing_options options = {.row = learn, .context = &peer->vantage};
	char text[128];

	if (mptcp_vantage_init(&peer->vantage, &peer->evidence[0], &run->error))
		return tool_report(run);
	if (pass(run, peer, &options, peer->add))
		return -1;
	mptcp_vantage_end(&peer->vantage, &peer->evidence[0]);
	mptcp_clock_fit(&peer->vantage.clock, mode, &peer->fit);
	if (mode == MPTCP_CLOCK_NONE)
		return 0;
	mptcp_clock_text(&peer->fit, text, sizeof(text));
	tool_say(run, MPTCP_LOG_WARNING, "clock of the second capture relative to the first: %s",
		text);
	return 0;
}

int peer_pair(struct tool_run *run, struct peer *peer, bool keep, mptcp_pairing_row *row,
	void *context)
{
	const struct mptcp_pairing_options options = {.vantage = &peer->vantage,
		.fit = &peer->fit,
		.keep = keep,
		.row = row,
		.context = context};

	return pass(run, peer, &options, false);
}

void peer_close(struct tool_run *run, struct peer *peer)
{
	run->input = NULL;
	close_inputs(peer);
	for (int i = 0; i < 2; i++) {
		mptcp_evidence_clear(&peer->evidence[i]);
		mptcp_received_clear(&peer->received[i]);
		if (peer->copies[i] > 2)
			close(peer->copies[i]);
	}
	mptcp_vantage_clear(&peer->vantage);
}
