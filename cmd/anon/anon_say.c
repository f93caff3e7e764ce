/* SPDX-License-Identifier: GPL-2.0-or-later */
/* anon_say: what mptcp-anon says of what it did. */
#include "anon_tool.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void say_refused(struct tool_run *run, const struct mptcp_anon *anon)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	const char *before = ": ";

	if (!mptcp_anon_refused(anon))
		return;
	mptcp_buffer_format(&text, "%s: %" PRIu64 " of %zu packets left out",
		run->settings.input.name, mptcp_anon_refused(anon), anon->count);
	for (enum mptcp_refusal why = MPTCP_REFUSAL_NONE + 1; why < MPTCP_REFUSALS; why++)
		if (anon->refused[why]) {
			mptcp_buffer_format(&text, "%s%" PRIu64 " %s", before, anon->refused[why],
				mptcp_refusal_name(why));
			before = ", ";
		}
	tool_say(run, MPTCP_LOG_WARNING, "%s", text.bytes);
	mptcp_buffer_clear(&text);
}

void anon_say(struct tool_run *run, const struct mptcp_anon *anon,
	const struct mptcp_proof_likeness *likeness)
{
	say_refused(run, anon);
	if (likeness->count && likeness->packetid)
		tool_say(run, MPTCP_LOG_WARNING,
			"the first of %" PRIu64 " places that look like an address of %s,"
			" by chance or in what was kept: packet %" PRIu64 ", byte %zu",
			likeness->count, run->settings.input.name, likeness->packetid,
			likeness->offset);
	else if (likeness->count)
		tool_say(run, MPTCP_LOG_WARNING,
			"what was kept of the headers has an address of %s",
			run->settings.input.name);
}

static void put(struct mptcp_output *output, const char *what, uint64_t count)
{
	char line[128];

	snprintf(line, sizeof(line), "%s,%" PRIu64 "\n", what, count);
	mptcp_output_string(output, line);
}

static void put_all(struct mptcp_output *output, const struct mptcp_anon *anon)
{
	uint64_t addresses[2] = {0};

	for (const struct mptcp_mapped_address *at = anon->how.addresses.first; at; at = at->next)
		addresses[at->original.family == 6]++;
	mptcp_output_string(output, "what,count\n");
	put(output, "packets", anon->count);
	put(output, "packets written", anon->written);
	for (enum mptcp_refusal why = MPTCP_REFUSAL_NONE + 1; why < MPTCP_REFUSALS; why++) {
		char what[96];

		snprintf(what, sizeof(what), "packets left out: %s", mptcp_refusal_name(why));
		put(output, what, anon->refused[why]);
	}
	put(output, "IPv4 addresses", addresses[0]);
	put(output, "IPv6 addresses", addresses[1]);
}

int anon_report(struct tool_run *run, const char *path, const struct mptcp_anon *anon)
{
	struct mptcp_output output;

	if (!strcmp(path, "-")) {
		mptcp_error_set(&run->error, MPTCP_USAGE,
			"option --report: needs the name of a file");
		return tool_report(run);
	}
	run->protect.force = run->settings.force;
	if (protect_check(&run->protect, path, &run->error) ||
		mptcp_output_replace(&output, path, &run->error))
		return tool_report(run);
	put_all(&output, anon);
	return mptcp_output_close(&output, &run->error) ? tool_report(run) : 0;
}
