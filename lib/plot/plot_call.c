/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plot_call: see plot_call.h. */
#include "plot_call.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERIES "mptcp-series"

/* Takes the argument over. */
static void append(struct mptcp_plot_call *call, char *argument)
{
	char **grown = argument && !call->failed
		? realloc(call->argv, (call->count + 2) * sizeof(*grown))
		: NULL;

	if (!grown) {
		free(argument);
		call->failed = true;
		return;
	}
	call->argv = grown;
	call->argv[call->count++] = argument;
	call->argv[call->count] = NULL;
}

void mptcp_plot_call_add(struct mptcp_plot_call *call, const char *argument)
{
	append(call, strdup(argument));
}

void mptcp_plot_call_format(struct mptcp_plot_call *call, const char *format, ...)
{
	char *argument = NULL;
	va_list values;

	va_start(values, format);
	if (vasprintf(&argument, format, values) < 0)
		argument = NULL;
	va_end(values);
	append(call, argument);
}

void mptcp_plot_call_program(struct mptcp_plot_call *call)
{
	char path[PATH_MAX + sizeof(SERIES)];
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);

	while (length > 0 && path[length - 1] != '/')
		length--;
	if (length < 0)
		length = 0;
	memcpy(path + length, SERIES, sizeof(SERIES));
	mptcp_plot_call_add(call, length && access(path, X_OK) == 0 ? path : SERIES);
}

static void add_input(struct mptcp_plot_call *call, const struct mptcp_settings *settings)
{
	const struct mptcp_input_options *input = &settings->input;

	mptcp_plot_call_format(call, "--tshark=%s", input->tshark);
	mptcp_plot_call_format(call, "--delimiter=%c", input->delimiter);
	if (input->profile)
		mptcp_plot_call_format(call, "--profile=%s", input->profile);
	if (input->jobs)
		mptcp_plot_call_format(call, "--jobs=%u", input->jobs);
	if (input->chunk)
		mptcp_plot_call_format(call, "--chunk=%u", input->chunk);
	if (input->no_cache)
		mptcp_plot_call_add(call, "--no-cache");
	if (input->keep_duplicates)
		mptcp_plot_call_add(call, "--keep-duplicates");
	if (input->regen)
		mptcp_plot_call_add(call, "--regen");
	if (settings->peer)
		mptcp_plot_call_format(call, "--peer=%s", settings->peer);
	if (settings->quiet)
		mptcp_plot_call_add(call, "--quiet");
	for (int i = 0; i < settings->verbose; i++)
		mptcp_plot_call_add(call, "--verbose");
}

static void add_moment(struct mptcp_plot_call *call, const char *name, int64_t moment)
{
	char text[MPTCP_TIME_TEXT];
	size_t length = mptcp_format_time(text, moment);

	mptcp_plot_call_format(call, "--%s=%.*s", name, (int)length, text);
}

/* Those that select: a series that is there already cannot be selected from. */
static void add_selection(struct mptcp_plot_call *call, const struct mptcp_settings *settings)
{
	const struct mptcp_selection *selection = &settings->selection;

	if (selection->has_mptcpstream)
		mptcp_plot_call_format(call, "--mptcpstream=%u", selection->mptcpstream);
	if (selection->has_tcpstream)
		mptcp_plot_call_format(call, "--tcpstream=%u", selection->tcpstream);
	if (selection->has_destination)
		mptcp_plot_call_format(call, "--destination=%s",
			selection->destination == MPTCP_SERVER ? "server" : "client");
	for (size_t i = 0; i < selection->skip_count; i++)
		mptcp_plot_call_format(call, "--skip=%u", selection->skip[i]);
	if (selection->has_from)
		add_moment(call, "from", selection->from);
	if (selection->has_to)
		add_moment(call, "to", selection->to);
}

void mptcp_plot_call_settings(struct mptcp_plot_call *call, const struct mptcp_settings *settings)
{
	add_input(call, settings);
	add_selection(call, settings);
}

void mptcp_plot_call_environment(struct mptcp_plot_call *call, const struct mptcp_config *config)
{
	for (size_t i = 0; i < mptcp_config_key_count; i++) {
		const struct mptcp_config_key *key = &mptcp_config_keys[i];

		if (key->environment)
			mptcp_plot_call_format(call, "%s=%s", key->environment,
				mptcp_config_get(config, key->name));
	}
}

void mptcp_plot_call_release(struct mptcp_plot_call *call)
{
	for (size_t i = 0; i < call->count; i++)
		free(call->argv[i]);
	free(call->argv);
	*call = (struct mptcp_plot_call){0};
}
