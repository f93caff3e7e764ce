/* SPDX-License-Identifier: GPL-2.0-or-later */
/* log: messages of the library that are not errors, handed to the tool, which prints them or not
 * (-v, -q). */
#ifndef MPTCP_LOG_H
#define MPTCP_LOG_H

enum mptcp_log_level {
	MPTCP_LOG_WARNING = 0, /* printed unless -q */
	MPTCP_LOG_INFO = 1,    /* printed with -v */
	MPTCP_LOG_DEBUG = 2    /* printed with -vv */
};

/* A zeroed struct drops all messages. */
struct mptcp_log {
	void (*say)(void *context, enum mptcp_log_level level,
		const char *text); /* one line, no newline */
	void *context;
};

void mptcp_log_say(const struct mptcp_log *log, enum mptcp_log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A program that is started, in words that a shell reads as they are (MPTCP_LOG_DEBUG). */
void mptcp_log_command(const struct mptcp_log *log, const char *const argv[]);

#endif
