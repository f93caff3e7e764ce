/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_call.h"

#include "decimal.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#define SERIES "mptcp-series"

void mptcp_plot_call_program(struct mptcp_argv *call)
{
	char path[PATH_MAX + sizeof(SERIES)];
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);

	while (length > 0 && path[length - 1] != '/')
		length--;
	if (length < 0)
		length = 0;
	memcpy(path + length, SERIES, sizeof(SERIES));
	mptcp_argv_add(call, length && access(path, X_OK) == 0 ? path : SERIES);
}

static void add_input(struct mptcp_argv *call, const struct mptcp_settings *settings)
{
	const struct mptcp_input_options *input = &settings->input;

	mptcp_argv_format(call, "--tshark=%s", input->tshark);
	mptcp_argv_format(call, "--delimiter=%c", input->delimiter);
	if (input->profile)
		mptcp_argv_format(call, "--profile=%s", input->profile);
	if (input->jobs)
		mptcp_argv_format(call, "--jobs=%u", input->jobs);
	if (input->chunk)
		mptcp_argv_format(call, "--chunk=%u", input->chunk);
	if (input->no_cache)
		mptcp_argv_add(call, "--no-cache");
	if (input->keep_duplicates)
		mptcp_argv_add(call, "--keep-duplicates");
	if (input->regen)
		mptcp_argv_add(call, "--regen");
	if (settings->peer)
		mptcp_argv_format(call, "--peer=%s", settings->peer);
	mptcp_argv_add(call, "--caller=mptcp-plot");
	if (settings->quiet)
		mptcp_argv_add(call, "--quiet");
	for (int i = 0; i < settings->verbose; i++)
		mptcp_argv_add(call, "--verbose");
}

static void add_moment(struct mptcp_argv *call, const char *name, int64_t moment)
{
	char text[MPTCP_TIME_TEXT];
	size_t length = mptcp_time_format(text, moment);

	mptcp_argv_format(call, "--%s=%.*s", name, (int)length, text);
}

/* Those that select; a series that exists already cannot be selected from. */
static void add_selection(struct mptcp_argv *call, const struct mptcp_settings *settings)
{
	const struct mptcp_selection *selection = &settings->selection;

	if (selection->has_mptcpstream)
		mptcp_argv_format(call, "--mptcpstream=%u", selection->mptcpstream);
	if (selection->has_tcpstream)
		mptcp_argv_format(call, "--tcpstream=%u", selection->tcpstream);
	if (selection->tcp)
		mptcp_argv_add(call, "--tcp");
	if (selection->has_destination)
		mptcp_argv_format(call, "--destination=%s",
			selection->destination == MPTCP_SERVER ? "server" : "client");
	for (size_t i = 0; i < selection->skip_count; i++)
		mptcp_argv_format(call, "--skip=%u", selection->skip[i]);
	if (selection->has_from)
		add_moment(call, "from", selection->from);
	if (selection->has_to)
		add_moment(call, "to", selection->to);
}

/* gnuplot makes dates of seconds since the epoch. */
static void add_time(struct mptcp_argv *call, const struct mptcp_settings *settings)
{
	const char *time = settings->time ? settings->time : "connection";

	mptcp_argv_format(call, "--time=%s", strcmp(time, "utc") ? time : "epoch");
}

/* Those about several captures. */
static void add_captures(struct mptcp_argv *call, const struct mptcp_opt_captures *captures)
{
	const char *const values[][2] = {{"files-from", captures->files_from},
		{"label", captures->label}, {"label-file", captures->label_file},
		{"status-file", captures->status_file}};
	const struct {
		const char *name;
		bool on;
	} flags[] = {{"null", captures->null}, {"fail-fast", captures->fail_fast},
		{"label-optional", captures->label_optional},
		{"with-capture", captures->with_capture}};

	if (captures->at_once)
		mptcp_argv_format(call, "--at-once=%u", captures->at_once);
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		if (values[i][1])
			mptcp_argv_format(call, "--%s=%s", values[i][0], values[i][1]);
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (flags[i].on)
			mptcp_argv_format(call, "--%s", flags[i].name);
}

void mptcp_plot_call_settings(struct mptcp_argv *call, const struct mptcp_settings *settings)
{
	add_input(call, settings);
	add_selection(call, settings);
	add_time(call, settings);
	add_captures(call, &settings->captures);
}

void mptcp_plot_call_environment(struct mptcp_argv *call, const struct mptcp_config *config)
{
	for (size_t i = 0; i < mptcp_config_key_count; i++) {
		const struct mptcp_config_key *key = &mptcp_config_keys[i];

		if (key->environment)
			mptcp_argv_format(call, "%s=%s", key->environment,
				mptcp_config_get(config, key->name));
	}
}
