/* SPDX-License-Identifier: GPL-2.0-or-later */
/* anon_options: the options of mptcp-anon. */
#include "anon_tool.h"

#include <stdio.h>
#include <string.h>

enum {
	OPTION_ADDRESSES = MPTCP_OPT_LONG,
	OPTION_KEEP_METADATA,
	OPTION_KEYS,
	OPTION_MAC,
	OPTION_PAYLOAD,
	OPTION_PORTS,
	OPTION_REPORT,
	OPTION_SEED,
	OPTION_SEED_FILE,
	OPTION_TIME,
	OPTION_TIMESTAMPS
};

#define ADDRESSES "prefix sequential keep"
#define PAYLOAD "cut zero keep"

const struct mptcp_option anon_options[] = {
	{OPTION_ADDRESSES, "addresses", "HOW",
		"prefix (default: share leading bits as before), sequential, or keep",
		MPTCP_COMPLETE_WORDS, ADDRESSES},
	{OPTION_KEEP_METADATA, "keep-metadata", NULL,
		"keep comments and the names of machines, programs and interfaces",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_KEYS, "keys", "HOW",
		"keep (default), or change keys, tokens, HMACs and data sequence numbers",
		MPTCP_COMPLETE_WORDS, "keep change"},
	{OPTION_MAC, "mac", "HOW", "map (default) or keep link-layer addresses",
		MPTCP_COMPLETE_WORDS, "map keep"},
	{OPTION_PAYLOAD, "payload", "HOW", "cut (default), zero, or keep it", MPTCP_COMPLETE_WORDS,
		PAYLOAD},
	{OPTION_PORTS, "ports", "HOW", "map (default: those above 32767) or keep",
		MPTCP_COMPLETE_WORDS, "map keep"},
	{OPTION_REPORT, "report", "FILE", "write how many of what was changed, as CSV",
		MPTCP_COMPLETE_FILE, NULL},
	{OPTION_SEED, "seed", "TEXT", "the same text gives the same result; default: by lot",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_SEED_FILE, "seed-file", "FILE", "the same with the first line of a file",
		MPTCP_COMPLETE_FILE, NULL},
	{OPTION_TIME, "time", "HOW", "shift (default) by years, or keep the time of day and year",
		MPTCP_COMPLETE_WORDS, "shift keep"},
	{OPTION_TIMESTAMPS, "timestamps", "HOW", "rebase (default) or keep TCP timestamps",
		MPTCP_COMPLETE_WORDS, "rebase keep"},
	{0},
};

/* One of two words, the second of which is true. */
static int take_word(bool *second, const char *name, const char *words, const char *value,
	struct mptcp_error *error)
{
	const char *space = strchr(words, ' ');
	char wanted[40];

	*second = !strcmp(value, space + 1);
	if (*second ||
		(strlen(value) == (size_t)(space - words) && !strncmp(value, words, strlen(value))))
		return 0;
	snprintf(wanted, sizeof(wanted), "%.*s or %s", (int)(space - words), words, space + 1);
	return mptcp_opt_bad_value(name, value, wanted, error);
}

static int take_addresses(struct mptcp_addresses *addresses, const char *value,
	struct mptcp_error *error)
{
	if (!strcmp(value, "prefix"))
		addresses->mode = MPTCP_ADDRESSES_PREFIX;
	else if (!strcmp(value, "sequential"))
		addresses->mode = MPTCP_ADDRESSES_SEQUENTIAL;
	else if (!strcmp(value, "keep"))
		addresses->mode = MPTCP_ADDRESSES_KEEP;
	else
		return mptcp_opt_bad_value("addresses", value, "prefix, sequential or keep", error);
	return 0;
}

static int take_payload(enum mptcp_payload *payload, const char *value, struct mptcp_error *error)
{
	if (!strcmp(value, "cut"))
		*payload = MPTCP_PAYLOAD_CUT;
	else if (!strcmp(value, "zero"))
		*payload = MPTCP_PAYLOAD_ZERO;
	else if (!strcmp(value, "keep"))
		*payload = MPTCP_PAYLOAD_KEEP;
	else
		return mptcp_opt_bad_value("payload", value, "cut, zero or keep", error);
	return 0;
}

int anon_take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	struct anon_wanted *wanted = context;
	struct mptcp_anon *anon = &wanted->anon;

	switch (letter) {
	case OPTION_ADDRESSES:
		return take_addresses(&anon->how.addresses, value, error);
	case OPTION_KEEP_METADATA:
		anon->metadata = true;
		return 0;
	case OPTION_KEYS:
		return take_word(&anon->how.change_keys, "keys", "keep change", value, error);
	case OPTION_MAC:
		return take_word(&anon->how.keep_macs, "mac", "map keep", value, error);
	case OPTION_PAYLOAD:
		return take_payload(&anon->how.payload, value, error);
	case OPTION_PORTS:
		return take_word(&anon->keep_ports, "ports", "map keep", value, error);
	case OPTION_REPORT:
		wanted->report = value;
		return 0;
	case OPTION_SEED:
		wanted->seed = value;
		return 0;
	case OPTION_SEED_FILE:
		wanted->seed_file = value;
		return 0;
	case OPTION_TIME:
		return take_word(&anon->keep_time, "time", "shift keep", value, error);
	default: /* OPTION_TIMESTAMPS */
		return take_word(&anon->keep_ticks, "timestamps", "rebase keep", value, error);
	}
}
