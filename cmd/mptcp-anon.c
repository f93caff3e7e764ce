/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-anon: a capture without what tells whose it is. See mptcp-anon(1). */
#include "anon/anon_tool.h"
#include "reread.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* What is at work. */
struct work {
	struct anon_wanted wanted;
	struct reread capture;
	int result, originals; /* temporary files; -1 for none */
	struct mptcp_proof_likeness likeness;
};

static const struct mptcp_tool tool = {
	.name = "mptcp-anon",
	.purpose = "make a capture that does not tell whose traffic it is",
	.nothing = "no packet that can be anonymised",
	.operands = "[CAPTURE]",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_OUTPUT,
	.options = anon_options,
	.take = anon_take,
};

static int take_operand(struct tool_run *run, struct work *work)
{
	const char *operand;

	if (work->wanted.seed && work->wanted.seed_file) {
		mptcp_error_set(&run->error, MPTCP_USAGE,
			"options --seed and --seed-file: one of them, not both");
		return tool_report(run);
	}
	if (mptcp_opt_take_input(&run->settings, &operand, &run->error))
		return tool_report(run);
	return reread_take(run, &work->capture, operand);
}

/* Calls a function of anon.h with the capture, opened anew. What is wrong with it is reported once.
 */
static int with_capture(struct tool_run *run, struct work *work,
	int (*call)(struct mptcp_anon *, struct mptcp_capture *, struct mptcp_error *))
{
	struct mptcp_capture *capture = reread_open(run, &work->capture);
	int failed = capture ? call(&work->wanted.anon, capture, &run->error) : -1;

	mptcp_capture_close(capture);
	if (failed && (run->error.status != MPTCP_DATA || run->status != MPTCP_DATA))
		tool_report(run);
	return failed && run->error.status != MPTCP_DATA ? -1 : 0;
}

/* All packets, as mptcp-export has them. */
static int learn(struct tool_run *run, struct work *work)
{
	static const char *const fields[] = {MPTCP_PAYLOAD_SUM};
	bool zero = work->wanted.anon.how.payload == MPTCP_PAYLOAD_ZERO;
	struct mptcp_packet packet;

	if (zero) {
		run->settings.input.fields = fields;
		run->settings.input.field_count = 1;
	}
	run->settings.input.copies = true;
	if (tool_open_input(run, MPTCP_HAS(packetid), MPTCP_ANON_COLUMNS | CENSUS_COLUMNS))
		return -1;
	if (zero)
		mptcp_anon_with_payload(&work->wanted.anon,
			mptcp_header_extra(mptcp_input_header(run->input), MPTCP_PAYLOAD_SUM));
	run->settings.input.field_count = 0; /* what is read again needs none */
	while (tool_next(run, &packet) == MPTCP_ROW)
		if (mptcp_anon_learn(&work->wanted.anon, &packet, &run->error))
			return tool_report(run);
	return tool_failed(run) ? -1 : 0;
}

/* Writes the result to a temporary file, and, where it leaves packets out, the same packets as they
 * were to another one. */
static int write_result(struct tool_run *run, struct work *work)
{
	bool both = mptcp_anon_refused(&work->wanted.anon);
	struct mptcp_capture *capture = NULL;

	work->result = temporary_file(&run->error);
	work->originals = both && work->result >= 0 ? temporary_file(&run->error) : -1;
	if (work->result < 0 || (both && work->originals < 0) ||
		!(capture = reread_open(run, &work->capture)))
		return tool_report(run);
	struct mptcp_output to = {.fd = work->result, .name = "temporary file"};
	struct mptcp_output originals = {.fd = work->originals, .name = "temporary file"};
	int failed = mptcp_anon_write(&work->wanted.anon, capture, &to, both ? &originals : NULL,
			     &run->error) &&
		run->error.status != MPTCP_DATA;

	mptcp_capture_close(capture);
	failed |= mptcp_output_close(&to, &run->error);
	failed |= mptcp_output_close(&originals, &run->error);
	return failed ? tool_report(run) : 0;
}

static int prove_bytes(struct tool_run *run, struct work *work, const char *result)
{
	struct mptcp_capture *a = reread_open(run, &work->capture);
	struct mptcp_capture *b = a ? mptcp_capture_open_file(result, "the result",
					      run->settings.input.editcap, &run->error)
				    : NULL;
	int failed =
		b ? mptcp_proof_bytes(&work->wanted.anon, a, b, &work->likeness, &run->error) : -1;

	mptcp_capture_close(a);
	mptcp_capture_close(b);
	return failed;
}

static int prove_packets(struct tool_run *run, struct work *work, const char *result)
{
	struct mptcp_input_options options = run->settings.input;
	char path[TEMPORARY_PATH];
	const char *originals = work->capture.path;

	if (work->originals >= 0) {
		temporary_path(work->originals, path);
		originals = path;
		options.no_cache = true;
	}
	options.log = (struct mptcp_log){.say = NULL}; /* it has said all that before */
	struct mptcp_input *a =
		mptcp_input_open(originals, &options, 0, MPTCP_ALL_COLUMNS, &run->error);

	options.no_cache = true;
	options.name = "the result";
	struct mptcp_input *b =
		a ? mptcp_input_open(result, &options, 0, MPTCP_ALL_COLUMNS, &run->error) : NULL;
	int failed = b ? mptcp_proof_packets(&work->wanted.anon, a, b, &run->error) : -1;

	if (b)
		mptcp_input_close(b);
	if (a)
		mptcp_input_close(a);
	return failed;
}

/* Reads the result again. */
static int prove(struct tool_run *run, struct work *work)
{
	char result[TEMPORARY_PATH];

	temporary_path(work->result, result);
	if (!prove_bytes(run, work, result) && !prove_packets(run, work, result))
		return 0;
	struct mptcp_error why = run->error;

	mptcp_error_set(&run->error, why.status, "%s: %s; there is no result",
		run->settings.input.name, why.text);
	return tool_report(run);
}

static int copy_result(struct tool_run *run, const struct work *work)
{
	char bytes[65536];
	ssize_t length;

	for (off_t at = 0; (length = pread(work->result, bytes, sizeof(bytes), at)) > 0 ||
		(length < 0 && errno == EINTR);
		at += length > 0 ? length : 0)
		if (length > 0)
			mptcp_output_write(&run->output, bytes, (size_t)length);
	if (!length)
		return 0;
	mptcp_error_system(&run->error, MPTCP_IO, "temporary file");
	return tool_report(run);
}

static void anonymise(struct tool_run *run, struct work *work)
{
	struct mptcp_anon *anon = &work->wanted.anon;

	if (take_operand(run, work) || learn(run, work) ||
		with_capture(run, work, mptcp_anon_survey) ||
		anon_choose_seed(run, &work->wanted, anon) ||
		with_capture(run, work, mptcp_anon_prepare) || write_result(run, work) ||
		prove(run, work) || tool_open_output(run))
		return;
	if (isatty(run->output.fd)) {
		mptcp_error_set(&run->error, MPTCP_USAGE,
			"a capture is nothing for a terminal: -o FILE, or a pipe");
		tool_report(run);
		return;
	}
	if (copy_result(run, work) ||
		(work->wanted.report && anon_report(run, work->wanted.report, anon)))
		return;
	anon_say(run, anon, &work->likeness);
	run->input_name = run->settings.input.name;
	run->nothing = tool.nothing;
	if (!anon->written && run->status == MPTCP_DONE)
		tool_nothing(run);
}

int main(int argc, char **argv)
{
	struct work work = {.capture = REREAD_NONE, .result = -1, .originals = -1};
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, &work.wanted))
		return run.status;
	anonymise(&run, &work);
	mptcp_anon_clear(&work.wanted.anon);
	tool_finish(&run);
	reread_clear(&work.capture);
	if (work.result >= 0)
		close(work.result);
	if (work.originals >= 0)
		close(work.originals);
	return run.status;
}
