/* SPDX-License-Identifier: GPL-2.0-or-later */
/* anon_seed: where the seed of mptcp-anon comes from. */
#include "anon_tool.h"

#include "bytes.h"

#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define DRAWS 100 /* of a seed by lot: more than enough, unless nothing fits */
#define LONGEST 4096

/* The first line of a file, without its newline. */
static int read_seed(const char *path, char text[LONGEST], struct mptcp_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return mptcp_error_system(error, MPTCP_IO, "%s", path);
	ssize_t length = read(fd, text, LONGEST - 1);

	if (length < 0)
		mptcp_error_system(error, MPTCP_IO, "%s", path);
	close(fd);
	if (length < 0)
		return -1;
	text[length] = '\0';
	text[strcspn(text, "\r\n")] = '\0';
	if (!*text)
		return mptcp_error_set(error, MPTCP_DATA, "%s: has no seed in its first line",
			path);
	return 0;
}

static int use_seed(struct tool_run *run, struct mptcp_anon *anon, const char *seed)
{
	if (mptcp_anon_seed(anon, seed, strlen(seed)))
		return 0;
	mptcp_error_set(&run->error, MPTCP_DATA,
		"%s: with this seed an address would become another one of the capture; choose another seed",
		run->settings.input.name);
	return tool_report(run);
}

static int draw_seed(struct tool_run *run, struct mptcp_anon *anon)
{
	uint8_t drawn[16];
	char text[2 * sizeof(drawn) + 1] = "";

	for (int draws = 0; draws < DRAWS; draws++) {
		if (getrandom(drawn, sizeof(drawn), 0) != sizeof(drawn)) {
			mptcp_error_system(&run->error, MPTCP_IO, "random numbers");
			return tool_report(run);
		}
		for (size_t i = 0; i < sizeof(drawn); i++)
			mptcp_hex_format(text + 2 * i, drawn[i], 2);
		if (!mptcp_anon_seed(anon, text, strlen(text)))
			continue;
		tool_say(run, MPTCP_LOG_INFO, "seed: %s", text);
		return 0;
	}
	return use_seed(run, anon, text);
}

int anon_choose_seed(struct tool_run *run, const struct anon_wanted *wanted,
	struct mptcp_anon *anon)
{
	char text[LONGEST];

	if (wanted->seed)
		return use_seed(run, anon, wanted->seed);
	if (!wanted->seed_file)
		return draw_seed(run, anon);
	if (read_seed(wanted->seed_file, text, &run->error))
		return tool_report(run);
	return use_seed(run, anon, text);
}
