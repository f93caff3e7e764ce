/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "captures.h"

int captures_run(struct tool_run *run, captures_body *body, void *context)
{
	if (run->tool->takes_id && mptcp_opt_take_id(&run->settings, &run->error))
		tool_report(run);
	else
		body(run, context);
	return tool_finish(run);
}
