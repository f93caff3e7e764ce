/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which two captures a command line names, and copies of those that can be read only once: see
 * peer.h.
 */
#include "decimal.h"
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
		mptcp_error_set(&run->error, MPTCP_USAGE, "unexpected operand '%s'",
			settings->operands[2]);
		return tool_report(run);
	}
	for (size_t i = 0; i < 2; i++)
		peer->operands[i] = i < settings->operand_count ? settings->operands[i] : "-";
	if (strcmp(peer->operands[0], "-") || strcmp(peer->operands[1], "-"))
		return 0;
	mptcp_error_set(&run->error, MPTCP_USAGE, "two captures are needed");
	return tool_report(run);
}

static int copy_all(int from, int to, const char *name, struct mptcp_error *error)
{
	char bytes[65536];

	for (;;) {
		ssize_t length = read(from, bytes, sizeof(bytes));

		if (length == 0)
			return 0;
		if (length < 0 && errno == EINTR)
			continue;
		for (ssize_t done = 0, more; done < length; done += more) {
			more = write(to, bytes + done, (size_t)(length - done));
			if (more < 0)
				return mptcp_error_system(error, MPTCP_IO, "temporary file");
		}
		if (length < 0)
			return mptcp_error_system(error, MPTCP_IO, "%s", name);
	}
}

/* A file without a name, in $TMPDIR. */
static int temporary_file(struct mptcp_error *error)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];

	snprintf(path, sizeof(path), "%s/mptcp-XXXXXX", folder && *folder ? folder : "/tmp");
	int fd = mkostemp(path, O_CLOEXEC);
	if (fd == -1)
		return mptcp_error_system(error, MPTCP_IO, "%s", path);
	unlink(path);
	return fd;
}

/* What can be read only once is read into a file that can be read again. */
static int make_readable(struct peer *peer, int which, struct mptcp_error *error)
{
	const char *operand = peer->operands[which];
	bool standard = !strcmp(operand, "-");
	struct stat file;
	int from = standard ? STDIN_FILENO : -1;

	peer->names[which] = standard ? "standard input" : operand;
	if (standard ? fstat(STDIN_FILENO, &file) : stat(operand, &file))
		return standard ? mptcp_error_system(error, MPTCP_IO, "standard input") : 0;
	if (!standard && (S_ISREG(file.st_mode) || S_ISDIR(file.st_mode)))
		return 0; /* opening it will report what is wrong */
	if (!standard && (from = open(operand, O_RDONLY | O_CLOEXEC)) == -1)
		return mptcp_error_system(error, MPTCP_IO, "%s", operand);
	peer->copies[which] = temporary_file(error);
	int result = peer->copies[which] == -1
		? -1
		: copy_all(from, peer->copies[which], peer->names[which], error);
	if (!standard)
		close(from);
	/* by the number of this process: children can open it as well */
	snprintf(peer->path[which], sizeof(peer->path[which]), "/proc/%ld/fd/%d", (long)getpid(),
		peer->copies[which]);
	peer->operands[which] = peer->path[which];
	return result;
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
