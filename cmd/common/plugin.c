/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plugin.h"

#include "commands.h"
#include "trusted.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int plugin_run(const char *kind, const char *name, char **argv, struct mptcp_error *error)
{
	struct mptcp_commands commands = {0};
	struct mptcp_buffer program = MPTCP_BUFFER_INIT, path = MPTCP_BUFFER_INIT;
	int failed = 0;
	bool own;

	mptcp_buffer_format(&program, "%s-%s", kind, name);
	if (!strchr(name, '/') && !program.failed &&
		!mptcp_commands_init(&commands, getenv("PATH"), error) &&
		!mptcp_commands_find(&commands, program.bytes, &path, &own)) {
		if (trusted_file(path.bytes, false, error))
			failed = -1;
		else
			execv(path.bytes, argv);
	}
	mptcp_commands_clear(&commands);
	mptcp_buffer_clear(&program);
	mptcp_buffer_clear(&path);
	return failed;
}
