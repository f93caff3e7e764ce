/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "configure.h"

#include <string.h>

int mptcp_input_delimiter(const char *text, char *delimiter)
{
	if (!strcmp(text, "tab") || !strcmp(text, "\\t"))
		text = "\t";
	if (strlen(text) != 1 || strchr("\"\r\n", *text))
		return -1;
	*delimiter = *text;
	return 0;
}

static int bad_configuration(const struct mptcp_config *config, const char *key, const char *wanted,
	struct mptcp_error *error)
{
	return mptcp_error_set(error, MPTCP_DATA, "%s: %s: '%s' is not %s",
		mptcp_config_origin(config, key), key, mptcp_config_get(config, key), wanted);
}

/* 1, 0, or -1 where it is neither. */
static int parse_switch(const char *text)
{
	static const char *const words[] = {"no", "yes", "off", "on", "false", "true", "0", "1"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(text, words[i]))
			return (int)(i & 1);
	return -1;
}

static int configure_cache(struct mptcp_input_options *options, const struct mptcp_config *config,
	struct mptcp_error *error)
{
	const char *size = mptcp_config_get(config, "cache_size");
	int wanted = parse_switch(mptcp_config_get(config, "cache"));

	if (wanted < 0)
		return bad_configuration(config, "cache", "yes or no", error);
	options->no_cache |= !wanted;
	if (*size && mptcp_config_size(size, &options->cache_size))
		return bad_configuration(config, "cache_size", "a size such as 4G", error);
	return 0;
}

static int parse_jobs(const char *text, unsigned *jobs)
{
	uint64_t number;

	/* a size without its letter is a whole number */
	if (text[strspn(text, "0123456789")] || mptcp_config_size(text, &number) ||
		number > MPTCP_JOBS_MAX)
		return -1;
	*jobs = (unsigned)number;
	return 0;
}

int mptcp_input_configure(struct mptcp_input_options *options, const struct mptcp_config *config,
	struct mptcp_error *error)
{
	const char *jobs = mptcp_config_get(config, "jobs"),
		   *delimiter = mptcp_config_get(config, "delimiter");

	options->editcap = mptcp_config_get(config, "editcap_binary");
	options->dumpcap = mptcp_config_get(config, "dumpcap_binary");
	if (!options->tshark)
		options->tshark = mptcp_config_get(config, "tshark_binary");
	if (!options->profile)
		options->profile = mptcp_config_get(config, "wireshark_profile");
	if (!*options->profile)
		options->profile = NULL;
	if (!options->jobs && *jobs && parse_jobs(jobs, &options->jobs))
		return bad_configuration(config, "jobs",
			"a number from 1 to 1024, or 0 for the number of CPUs", error);
	if (!options->delimiter && *delimiter &&
		mptcp_input_delimiter(delimiter, &options->delimiter))
		return bad_configuration(config, "delimiter", "one character (or tab)", error);
	if (!options->delimiter)
		options->delimiter = ',';
	return configure_cache(options, config, error);
}
