/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "finding.h"

#include "names.h"

#include <fnmatch.h>
#include <string.h>

enum {
	SYN = MPTCP_NEEDS_SYN,
	KEYS = MPTCP_NEEDS_KEYS,
	BOTH = MPTCP_NEEDS_BOTH,
	UNCUT = MPTCP_NEEDS_UNCUT,
	WHOLE = MPTCP_NEEDS_WHOLE,
	MPTCP = MPTCP_NEEDS_MPTCP,
	PAYLOAD = MPTCP_NEEDS_PAYLOAD,
	PEER = MPTCP_NEEDS_PEER
};

const struct mptcp_finding_info mptcp_findings[MPTCP_FINDINGS] = {
#define GROUP(title)
#define FINDING(name, id, severity, needs, section, text, explanation) \
	{id, MPTCP_SEVERITY_##severity, needs, section, text, explanation},
#include "findings.def"
#undef FINDING
#undef GROUP
};

const char mptcp_finding_ids[] =
#define GROUP(title)
#define FINDING(name, id, severity, needs, section, text, explanation) id " "
#include "findings.def"
#undef FINDING
#undef GROUP
	;

static const char *const severities[] = {"", "info", "note", "warning", "error"};

const char *mptcp_severity_name(enum mptcp_severity severity)
{
	return severities[severity];
}

enum mptcp_severity mptcp_severity_find(const char *name)
{
	for (int i = MPTCP_SEVERITY_INFO; i <= MPTCP_SEVERITY_ERROR; i++)
		if (!strcmp(severities[i], name))
			return (enum mptcp_severity)i;
	return MPTCP_SEVERITY_USUAL;
}

const char *mptcp_need_name(unsigned bit)
{
	static const char *const names[MPTCP_NEEDS] = {"syn", "keys", "both", "options", "whole",
		"mptcp", "payload", "peer"};

	return names[bit % MPTCP_NEEDS];
}

const char *mptcp_where_name(enum mptcp_where where)
{
	static const char *const names[] = {"unknown", "host", "network", "capture"};

	return names[where];
}

static int unknown(const char *option, const char *word, size_t length, struct mptcp_error *error)
{
	const char *ids[MPTCP_FINDINGS];
	char hint[MPTCP_NAMES_HINT];

	for (int i = 0; i < MPTCP_FINDINGS; i++)
		ids[i] = mptcp_findings[i].id;
	mptcp_names_hint(hint, &(struct mptcp_names){ids, MPTCP_FINDINGS},
		(struct mptcp_text){word, length}, "", "--list lists them");
	return mptcp_error_set(error, MPTCP_USAGE, "option %s: '%.*s' is no finding%s", option,
		(int)length, word, hint);
}

int mptcp_finding_choose(struct mptcp_finding_set *set, const char *option, const char *list,
	struct mptcp_error *error)
{
	for (;;) {
		size_t length = strcspn(list, ",");
		char word[MPTCP_FINDING_TEXT];
		bool found = false;

		if (!length || length >= sizeof(word))
			return unknown(option, list, length, error);
		memcpy(word, list, length);
		word[length] = '\0';
		for (int i = 0; i < MPTCP_FINDINGS; i++)
			if (!fnmatch(word, mptcp_findings[i].id, 0))
				set->has[i] = found = true;
		if (!found)
			return unknown(option, list, length, error);
		if (!list[length])
			return 0;
		list += length + 1;
	}
}

static void list_one(struct mptcp_buffer *text, const struct mptcp_finding_info *info)
{
	mptcp_buffer_format(text, "  %-26s%-9s%s", info->id, mptcp_severity_name(info->severity),
		info->text);
	if (*info->section != '-')
		mptcp_buffer_format(text, " (%s)", info->section);
	mptcp_buffer_add_char(text, '\n');
}

int mptcp_finding_list(struct mptcp_buffer *text)
{
	const char *gap = "";

#define GROUP(title) \
	mptcp_buffer_format(text, "%s%s\n", gap, title); \
	gap = "\n";
#define FINDING(name, id, severity, needs, section, sentence, explanation) \
	list_one(text, &mptcp_findings[MPTCP_FINDING_##name]);
#include "findings.def"
#undef FINDING
#undef GROUP
	return text->failed ? -1 : 0;
}

/* A paragraph in lines of at most 78 columns. */
static void fold(struct mptcp_buffer *text, const char *paragraph)
{
	size_t column = 0;

	while (*paragraph) {
		size_t length = strcspn(paragraph, " ");

		if (column && column + 1 + length > 78) {
			mptcp_buffer_add_char(text, '\n');
			column = 0;
		}
		if (column)
			mptcp_buffer_add_char(text, ' ');
		mptcp_buffer_add(text, paragraph, length);
		column += length + (column != 0);
		paragraph += length + (paragraph[length] == ' ');
	}
	mptcp_buffer_add_char(text, '\n');
}

static void explain(struct mptcp_buffer *text, const struct mptcp_finding_info *info)
{
	mptcp_buffer_format(text, "%s%s: %s\n", text->length ? "\n" : "", info->id, info->text);
	mptcp_buffer_format(text, "severity %s", mptcp_severity_name(info->severity));
	if (*info->section != '-')
		mptcp_buffer_format(text, ", %s", info->section);
	for (unsigned bit = 0; bit < MPTCP_NEEDS; bit++)
		if (info->needs >> bit & 1)
			mptcp_buffer_format(text, "%s%s",
				info->needs & ((1U << bit) - 1) ? " " : "; needs ",
				mptcp_need_name(bit));
	mptcp_buffer_add_string(text, "\n\n");
	fold(text, info->explanation);
}

int mptcp_finding_explain(struct mptcp_buffer *text, const char *option, const char *list,
	struct mptcp_error *error)
{
	struct mptcp_finding_set set = {0};

	if (mptcp_finding_choose(&set, option, list, error))
		return -1;
	for (int id = 0; id < MPTCP_FINDINGS; id++)
		if (set.has[id])
			explain(text, &mptcp_findings[id]);
	return text->failed ? mptcp_error_memory(error) : 0;
}

bool mptcp_finding_needing(struct mptcp_buffer *text, unsigned bit)
{
	size_t length = text->length;

	for (int id = 0; id < MPTCP_FINDINGS; id++)
		if (mptcp_findings[id].needs >> bit & 1)
			mptcp_buffer_format(text, " %s", mptcp_findings[id].id);
	return text->length > length;
}
