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
	if (input->regen)
		mptcp_plot_call_add(call, "--regen");
	if (settings->quiet)
		mptcp_plot_call_add(call, "--quiet");
	for (int i = 0; i < settings->verbose; i++)
		mptcp_plot_call_add(call, "--verbose");
}

/* Those that select: a series that is there already cannot be selected from. */
static void add_selection(struct mptcp_plot_call *call, const struct mptcp_settings *settings)
{
	if (settings->has_mptcpstream)
		mptcp_plot_call_format(call, "--mptcpstream=%u", settings->mptcpstream);
	if (settings->has_tcpstream)
		mptcp_plot_call_format(call, "--tcpstream=%u", settings->tcpstream);
	if (settings->has_destination)
		mptcp_plot_call_format(call, "--destination=%s",
			settings->destination == MPTCP_SERVER ? "server" : "client");
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
