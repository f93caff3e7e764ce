/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "gnuplot.h"

#include "process.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * What a quote becomes inside a string in single quotes: two quotes in a row, as gnuplot's manual
 * has it, end the string where they are its first characters (5.4).
 */
#define QUOTE "'.\"\\047\".'"

/* Bytes of the well-formed UTF-8 character at `text` (RFC 3629, section 4), 0 if there is none. */
static size_t character_length(const unsigned char *text, size_t left)
{
	static const struct {
		unsigned char low, high;   /* of the first byte */
		unsigned char low2, high2; /* of the second */
		size_t length;
	} forms[] = {{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};

	if (*text < 0x80)
		return 1;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (*text < forms[i].low || *text > forms[i].high)
			continue;
		if (left < forms[i].length || text[1] < forms[i].low2 || text[1] > forms[i].high2)
			return 0;
		for (size_t k = 2; k < forms[i].length; k++)
			if ((text[k] & 0xc0) != 0x80)
				return 0;
		return forms[i].length;
	}
	return 0;
}

int mptcp_gnuplot_quote(struct mptcp_buffer *script, const char *text, size_t length)
{
	mptcp_buffer_add_char(script, '\'');
	for (size_t i = 0; i < length;) {
		size_t bytes = character_length((const unsigned char *)text + i, length - i);

		if (!bytes)
			mptcp_buffer_add_char(script, '?');
		else if (bytes == 1 && iscntrl((unsigned char)text[i]))
			mptcp_buffer_add_char(script, ' ');
		else if (text[i] == '\'')
			mptcp_buffer_add_string(script, QUOTE);
		else
			mptcp_buffer_add(script, text + i, bytes);
		i += bytes ? bytes : 1;
	}
	return mptcp_buffer_add_char(script, '\'');
}

int mptcp_gnuplot_check_words(const char *what, const char *words, bool comma,
	struct mptcp_error *error)
{
	char quote = '\0';

	for (const char *at = words; *at; at++) {
		if (!isalnum((unsigned char)*at) && !strchr(" .#'\"+-_", *at) &&
			!(comma && *at == ','))
			return mptcp_error_set(error, MPTCP_USAGE, "%s: '%s': '%c' is not allowed",
				what, words, *at);
		if (quote ? *at == quote : *at == '\'' || *at == '"')
			quote = quote ? '\0' : *at;
	}
	if (quote)
		return mptcp_error_set(error, MPTCP_USAGE, "%s: '%s': unterminated quote", what,
			words);
	return 0;
}

/* The program in a file in memory, so that neither side of a pipe can wait for the other. */
static int put_script(const struct mptcp_buffer *script, struct mptcp_error *error)
{
	int fd = memfd_create("plot", MFD_CLOEXEC);
	size_t done = 0;

	if (fd == -1)
		return mptcp_error_system(error, MPTCP_IO, "memory stream");
	while (done < script->length) {
		ssize_t written = write(fd, script->bytes + done, script->length - done);

		if (written <= 0) {
			mptcp_error_system(error, MPTCP_IO, "memory stream");
			close(fd);
			return -1;
		}
		done += (size_t)written;
	}
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/*
 * gnuplot shows the line with a mark below it, then `"/dev/stdin" line 7: what is wrong`: the
 * latter is the message, without the name of a file that nobody knows.
 */
static int report(const char *gnuplot, struct mptcp_process *process, struct mptcp_error *error)
{
	static const char name[] = "\"/dev/stdin\" ";
	struct mptcp_buffer message = MPTCP_BUFFER_INIT;

	mptcp_process_message(process, NULL, &message);
	const char *text = *message.bytes ? message.bytes : "failed";
	const char *at = strstr(text, name);
	mptcp_error_set(error, MPTCP_PROGRAM, "%s: %s", gnuplot, at ? at + sizeof(name) - 1 : text);
	mptcp_buffer_clear(&message);
	return -1;
}

int mptcp_gnuplot_run(const char *gnuplot, const struct mptcp_buffer *script, int out,
	const struct mptcp_log *log, struct mptcp_error *error)
{
	/* -d: without start-up files. As a file, a program ends at its first error. */
	const char *const argv[] = {gnuplot, "-d", "/dev/stdin", NULL};
	static const char *const environment[] = {"LC_ALL=C.UTF-8", "GNUTERM", NULL};
	struct mptcp_process process = MPTCP_PROCESS_NONE;
	struct mptcp_process_options options = {.out = out, .log = log, .environment = environment};
	int result = -1;

	options.in = put_script(script, error);
	if (options.in == -1)
		return -1;
	if (mptcp_process_start(&process, argv, &options, error) == 0)
		result = mptcp_process_wait(&process) == 0 ? 0 : report(gnuplot, &process, error);
	mptcp_process_clear(&process);
	close(options.in);
	return result;
}
