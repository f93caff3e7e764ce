/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "reread.h"

#include <string.h>
#include <unistd.h>

int reread_take(struct tool_run *run, struct reread *reread, const char *operand)
{
	struct mptcp_settings *settings = &run->settings;

	if (!operand)
		operand = "-";
	if (tool_protect(run, operand))
		return -1;
	settings->input.name = strcmp(operand, "-") ? operand : "standard input";
	reread->path = operand;
	reread->copy = temporary_copy(operand, &run->error);
	if (reread->copy == -1)
		return tool_report(run);
	if (reread->copy >= 0) {
		temporary_path(reread->copy, reread->copied);
		reread->path = reread->copied;
	}
	reread->operands[0] = (char *)reread->path;
	settings->operands = reread->operands;
	settings->operand_count = 1;
	return 0;
}

struct mptcp_capture *reread_open(struct tool_run *run, const struct reread *reread)
{
	const struct mptcp_settings *settings = &run->settings;

	return mptcp_capture_open_file(reread->path, settings->input.name, settings->input.editcap,
		&run->error);
}

void reread_clear(struct reread *reread)
{
	if (reread->copy >= 0)
		close(reread->copy);
}
