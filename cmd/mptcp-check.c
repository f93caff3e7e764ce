/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-check: judges a capture: what breaks RFC 8684, what a middlebox did, whether the capture
 * itself is sound. See mptcp-check(1). */
#include "captures.h"
#include "check_peer.h"
#include "check_table.h"
#include "check_tool.h"
#include "peer.h"

static const struct mptcp_tool tool = {
	.name = "mptcp-check",
	.purpose = "judge a capture: broken rules, middleboxes, faults of the capture itself",
	.status_one = "not as it should be",
	.operands = "[ID] [CAPTURE|CSV]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_LIVE | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE |
		MPTCP_GROUP_SELECTION | MPTCP_GROUP_TIME | MPTCP_GROUP_PEER,
	.options = check_options,
	.columns = mptcp_check_table_columns,
	.column_count = MPTCP_CHECK_TABLE_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
	.take = check_take,
};

/* The place of the sums of payloads in what is read, plus one; 0 for none. */
static size_t find_payload(const struct mptcp_input *input)
{
	const struct mptcp_header *header = mptcp_input_header(input);

	return header ? mptcp_header_extra(header, MPTCP_PAYLOAD_SUM) : 0;
}

/* One packet, or, if nothing comes at the moment, what is settled by now. */
static int take_one(struct tool_run *run, struct mptcp_check *check, enum mptcp_result got,
	const struct mptcp_packet *packet)
{
	if (got == MPTCP_ROW)
		return mptcp_check_add(check, packet, &run->error);
	int64_t now = tool_live_time(run);

	return now ? mptcp_check_pass(check, now, &run->error) : 0;
}

static void judge(struct tool_run *run, const struct check_wanted *wanted)
{
	struct mptcp_check check = {.payload = find_payload(run->input)};
	struct mptcp_finding_set found = {0};
	bool stream = mptcp_input_is_stream(run->input);
	struct mptcp_packet packet;
	enum mptcp_result got;
	int failed = 0;

	check_prepare(&check, wanted);
	while (!failed &&
		((got = tool_next_or_idle(run, &packet)) == MPTCP_ROW || got == MPTCP_IDLE)) {
		failed = take_one(run, &check, got, &packet);
		if (stream && !failed)
			failed = mptcp_check_settle(&check, &run->error);
		if (check.count)
			check_put_rows(run, wanted, &check, &found);
		if (got == MPTCP_IDLE)
			mptcp_output_flush(&run->output);
	}
	mptcp_check_lost(&check, mptcp_input_lost(run->input));
	if (!failed && run->status == MPTCP_DATA)
		mptcp_check_cut(&check);
	if (!failed && !tool_failed(run))
		failed = mptcp_check_end(&check, &run->error);
	if (failed)
		tool_report(run);
	check_give_verdict(run, wanted, &check, &found);
	mptcp_check_clear(&check);
}

/* What two captures need. */
struct both {
	struct peer peer;
	struct mptcp_check check; /* of the first */
	struct mptcp_check_peer changes;
};

static int add_both(void *context, int capture, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct both *both = context;
	size_t payload = find_payload(both->peer.inputs[capture]);

	if (payload &&
		mptcp_check_peer_payload(&both->changes, capture, packet, payload - 1, error))
		return -1;
	if (capture)
		return 0;
	both->check.payload = payload;
	return mptcp_check_add(&both->check, packet, error);
}

static void judge_both(struct tool_run *run, const struct check_wanted *wanted)
{
	struct both both = {
		.changes = {.check = &both.check, .evidence = both.peer.evidence},
	};
	struct mptcp_finding_set found = {0};

	check_prepare(&both.check, wanted);
	if (!peer_open(run, &both.peer, MPTCP_CHECK_NEEDED,
		    MPTCP_CHECK_COLUMNS | MPTCP_CHECK_PEER_COLUMNS)) {
		both.peer.add = add_both;
		both.peer.context = &both;
		if (!peer_match(run, &both.peer) && !tool_open_table(run) &&
			!peer_clock(run, &both.peer, MPTCP_CLOCK_NONE) &&
			!peer_pair(run, &both.peer, true, mptcp_check_peer_row, &both.changes)) {
			if (run->status == MPTCP_DATA)
				mptcp_check_cut(&both.check);
			if (mptcp_check_end(&both.check, &run->error))
				tool_report(run);
			check_give_verdict(run, wanted, &both.check, &found);
		}
	}
	mptcp_check_peer_clear(&both.changes);
	mptcp_check_clear(&both.check);
	peer_close(run, &both.peer);
}

static void work(struct tool_run *run, void *context)
{
	static const char *const fields[] = {MPTCP_PAYLOAD_SUM};
	const struct check_wanted *wanted = context;

	if (wanted->payload) {
		run->settings.input.fields = fields;
		run->settings.input.field_count = 1;
	}
	if (run->settings.peer) {
		judge_both(run, wanted);
		return;
	}
	run->settings.input.copies = true; /* they are counted */
	run->output_direct = run->settings.input.interface != NULL;
	run->settings.format_given |= run->output_direct; /* CSV: a table waits for its end */
	if (!tool_open_input(run, MPTCP_CHECK_NEEDED, MPTCP_CHECK_COLUMNS) && !tool_open_table(run))
		judge(run, wanted);
}

int main(int argc, char **argv)
{
	struct tool_run run;
	struct check_wanted wanted = {.text = &run.text, .level = MPTCP_SEVERITY_WARNING};

	if (!tool_start(&run, &tool, argc, argv, &wanted))
		return run.status;
	run.alone = run.settings.peer ? "--peer" : NULL;
	return captures_run(&run, work, &wanted);
}
