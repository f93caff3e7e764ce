/* SPDX-License-Identifier: GPL-2.0-or-later */
/* two: see two.h. */
#include "two.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int two_open(struct tool_run *run, struct two *two, uint64_t needed, uint64_t wanted)
{
	uint64_t selected = mptcp_selection_columns(&run->settings.selection);

	*two = (struct two){.needed = needed | MPTCP_PAIRING_COLUMNS | MPTCP_RECEIVED_COLUMNS |
			selected,
		.wanted = wanted | MPTCP_PAIRING_COLUMNS | selected,
		.copies = {-1, -1}};
	return two_take_operands(run, two);
}

/* A message about a copy is one about what was copied. */
static int report(struct tool_run *run, const struct two *two, int which)
{
	size_t length = strlen(two->path[which]);

	if (length && !strncmp(run->error.text, two->path[which], length)) {
		struct mptcp_error error = run->error;

		mptcp_error_set(&run->error, error.status, "%s%s", two->names[which],
			error.text + length);
	}
	return tool_report(run);
}

static void close_inputs(struct two *two)
{
	for (int i = 0; i < 2; i++) {
		if (two->inputs[i])
			mptcp_input_close(two->inputs[i]);
		two->inputs[i] = NULL;
	}
}

int two_match(struct tool_run *run, struct two *two)
{
	struct mptcp_packet packet;

	for (int i = 0; i < 2; i++) {
		two->inputs[i] = run->input =
			mptcp_input_open(two->operands[i], &run->settings.input, two->needed,
				MPTCP_PAIRING_COLUMNS | MPTCP_RECEIVED_COLUMNS | MPTCP_HAS(reltime),
				&run->error);
		if (!run->input)
			return report(run, two, i);
		while (tool_next(run, &packet) == MPTCP_ROW)
			if (mptcp_evidence_add(&two->evidence[i], &packet, &run->error) ||
				mptcp_received_add(&two->received[i], &packet, &run->error)) {
				tool_report(run);
				break;
			}
		run->input = NULL;
	}
	close_inputs(two);
	/* what there was to say about the files is said, and the cache is new */
	run->settings.input.log = (struct mptcp_log){0};
	run->settings.input.regen = false;
	if (tool_failed(run))
		return -1;
	if (mptcp_match(&two->evidence[0], &two->evidence[1], &run->error))
		return tool_report(run);
	return 0;
}

/* The next packet of a capture; bad data ends it: two_match has said so. */
static enum mptcp_result next(struct tool_run *run, struct two *two, int which,
	struct mptcp_packet *packet)
{
	enum mptcp_result got;

	do
		got = mptcp_input_next(two->inputs[which], packet, &run->error);
	while (got == MPTCP_IDLE);
	return got == MPTCP_FAILED && run->error.status == MPTCP_DATA ? MPTCP_END : got;
}

/* Reads both, abreast. */
static int read_both(struct tool_run *run, struct two *two, uint64_t wanted, bool add,
	struct mptcp_pairing *pairing)
{
	struct mptcp_packet packets[2];
	enum mptcp_result got[2];

	for (int i = 0; i < 2; i++) {
		two->inputs[i] = mptcp_input_open(two->operands[i], &run->settings.input,
			MPTCP_PAIRING_COLUMNS, wanted, &run->error);
		if (!two->inputs[i] || (got[i] = next(run, two, i, &packets[i])) == MPTCP_FAILED)
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
			(add && two->add(two->context, which, &packets[which], &run->error)))
			return -1;
		got[which] = next(run, two, which, &packets[which]);
		if (got[which] == MPTCP_FAILED)
			return -1;
	}
	return mptcp_pairing_end(pairing, &run->error);
}

static int pass(struct tool_run *run, struct two *two, const struct mptcp_pairing_options *options,
	bool add)
{
	struct mptcp_pairing *pairing =
		mptcp_pairing_open(&two->evidence[0], &two->evidence[1], options, &run->error);
	uint64_t wanted = options->keep || add ? two->wanted : MPTCP_PAIRING_COLUMNS;
	int result = pairing ? read_both(run, two, wanted, add, pairing) : -1;

	mptcp_pairing_close(pairing);
	close_inputs(two);
	return result ? tool_report(run) : 0;
}

static int learn(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	return mptcp_sides_add(context, pair, error);
}

int two_clock(struct tool_run *run, struct two *two, enum mptcp_clock_mode mode)
{
	const struct mptcp_pairing_options options = {.row = learn, .context = &two->sides};
	char text[128];

	if (mptcp_sides_init(&two->sides, &two->evidence[0], &run->error))
		return tool_report(run);
	if (pass(run, two, &options, two->add))
		return -1;
	mptcp_sides_end(&two->sides, &two->evidence[0]);
	mptcp_clock_fit(&two->sides.clock, mode, &two->fit);
	if (mode == MPTCP_CLOCK_NONE)
		return 0;
	mptcp_clock_text(&two->fit, text, sizeof(text));
	tool_say(run, MPTCP_LOG_WARNING, "clock of the second capture against the first: %s", text);
	return 0;
}

int two_pair(struct tool_run *run, struct two *two, bool keep, mptcp_pairing_row *row,
	void *context)
{
	const struct mptcp_pairing_options options = {.sides = &two->sides,
		.fit = &two->fit,
		.keep = keep,
		.row = row,
		.context = context};

	return pass(run, two, &options, false);
}

void two_close(struct tool_run *run, struct two *two)
{
	run->input = NULL;
	close_inputs(two);
	for (int i = 0; i < 2; i++) {
		mptcp_evidence_clear(&two->evidence[i]);
		mptcp_received_clear(&two->received[i]);
		if (two->copies[i] > 2)
			close(two->copies[i]);
	}
	mptcp_sides_clear(&two->sides);
}
