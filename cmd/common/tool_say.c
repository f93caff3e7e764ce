/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tool says on standard error: messages, errors, progress. */
#include "tool_parts.h"

#include "escape.h"
#include "units.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PROGRESS_EVERY (MPTCP_SECOND / 5)

int64_t tool_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * MPTCP_SECOND + now.tv_nsec;
}

void tool_erase_progress(struct tool_run *run)
{
	if (run->progress_shown)
		fputs("\r\033[K", stderr);
	run->progress_shown = false;
}

/* Whose messages they are: of the program that runs this one, if it says so. */
static const char *signature(const struct tool_run *run)
{
	return run->settings.caller ? run->settings.caller : run->tool->name;
}

static void show_progress(struct tool_run *run)
{
	uint64_t done, total;
	char share[32] = "", name[256];

	snprintf(name, sizeof(name), "%s", mptcp_input_name(run->input));
	mptcp_escape_line(name);
	mptcp_input_progress(run->input, &done, &total);
	if (total)
		snprintf(share, sizeof(share), "%3.0f %%, ", 100.0 * (double)done / (double)total);
	fprintf(stderr, "\r%s: %s: %s%llu packets\033[K", signature(run), name, share,
		(unsigned long long)run->packets_read);
	run->progress_shown = true;
}

void tool_progress(struct tool_run *run)
{
	int64_t now = tool_now();
	if (now < run->progress_at)
		return;
	show_progress(run);
	run->progress_at = now + PROGRESS_EVERY;
}

void tool_say(struct tool_run *run, enum mptcp_log_level level, const char *format, ...)
{
	char text[4096];
	va_list arguments;

	if (level == MPTCP_LOG_WARNING ? run->settings.quiet : run->settings.verbose < (int)level)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	mptcp_escape_line(text);
	tool_erase_progress(run);
	fprintf(stderr, "%s: %s\n", signature(run), text);
}

void tool_say_for_library(void *context, enum mptcp_log_level level, const char *text)
{
	tool_say(context, level, "%s", text);
}

void tool_raise_status(struct tool_run *run)
{
	if ((int)run->error.status <= run->status)
		return;
	run->status = (int)run->error.status;
	if (run->outcome)
		snprintf(run->outcome->message, sizeof(run->outcome->message), "%s",
			run->error.text);
}

int tool_report(struct tool_run *run)
{
	const char *name = signature(run);

	tool_erase_progress(run);
	fprintf(stderr, "%s: %s\n", name, run->error.text);
	if (run->error.status == MPTCP_USAGE)
		fprintf(stderr, "try '%s --help'\n", name);
	tool_raise_status(run);
	return -1;
}

void tool_say_warnings(struct tool_run *run)
{
	char *next = run->settings.warnings.bytes;

	while (next && *next) {
		char *line = strsep(&next, "\n");
		if (*line)
			tool_say(run, MPTCP_LOG_WARNING, "%s", line);
	}
}

void tool_say_configuration(struct tool_run *run)
{
	const struct mptcp_config *config = run->settings.config;

	for (size_t i = 0; i < mptcp_config_key_count; i++) {
		const char *name = mptcp_config_keys[i].name;
		const char *origin = mptcp_config_origin(config, name);

		if (strcmp(origin, "default") != 0)
			tool_say(run, MPTCP_LOG_DEBUG, "%s: %s = %s", origin, name,
				mptcp_config_get(config, name));
	}
}

void tool_say_end(struct tool_run *run)
{
	const char *name = run->tool->name;
	bool known = !strcmp(name, signature(run));

	tool_say(run, MPTCP_LOG_DEBUG, "%s%s%.3f s, status %d", known ? "" : name,
		known ? "" : ": ", (double)(tool_now() - run->began) / MPTCP_SECOND, run->status);
}
