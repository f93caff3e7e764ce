/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "counters.h"

#include <stdio.h>
#include <string.h>

const struct mptcp_counter_rule mptcp_counter_rules[MPTCP_COUNTERS] = {
#define COUNTER(name, worth, since, until, place, rule) \
	[MPTCP_COUNTER_##name] = {#name, MPTCP_COUNTER_##worth, since, until, place, rule},
#include "counters.def"
#undef COUNTER
};

static const char *const names[] = {
#define COUNTER(name, worth, since, until, place, rule) [MPTCP_COUNTER_##name] = #name,
#include "counters.def"
#undef COUNTER
};

const char mptcp_counter_words[] = ""
#define COUNTER(name, worth, since, until, place, rule) #name " "
#include "counters.def"
#undef COUNTER
	;

const struct mptcp_names mptcp_counter_names = {names, MPTCP_COUNTERS};

const char *mptcp_counter_class_name(enum mptcp_counter_class worth)
{
	static const char *const words[] = {
		[MPTCP_COUNTER_EXACT] = "exact",
		[MPTCP_COUNTER_BOUNDED] = "bounded",
		[MPTCP_COUNTER_HINT] = "hint",
		[MPTCP_COUNTER_UNPREDICTABLE] = "unpredictable",
	};

	return words[worth];
}

int mptcp_counter_find(const char *name, size_t length)
{
	static const char prefix[] = "MPTcpExt";
	const size_t skip = sizeof(prefix) - 1;

	if (length > skip && !memcmp(name, prefix, skip)) {
		name += skip;
		length -= skip;
	}
	for (int i = 0; i < MPTCP_COUNTERS; i++)
		if (!strncmp(names[i], name, length) && !names[i][length])
			return i;
	return -1;
}

bool mptcp_counter_exists(enum mptcp_counter counter, unsigned kernel)
{
	const struct mptcp_counter_rule *rule = &mptcp_counter_rules[counter];

	return !kernel || kernel >= rule->since || kernel <= rule->until;
}

int mptcp_counter_kernel(unsigned *kernel, const char *version)
{
	unsigned major, minor;
	int length = 0;

	if (sscanf(version, "%3u.%3u%n", &major, &minor, &length) != 2 || !major)
		return -1;
	if (version[length] && !strchr(".-+", version[length]))
		return -1;
	*kernel = MPTCP_KERNEL(major, minor);
	return 0;
}

int mptcp_counters_list(struct mptcp_buffer *text)
{
	for (int i = 0; i < MPTCP_COUNTERS; i++)
		mptcp_buffer_format(text, "%-24s %s\n", names[i],
			mptcp_counter_class_name(mptcp_counter_rules[i].worth));
	return text->failed ? -1 : 0;
}

int mptcp_counter_explain(struct mptcp_buffer *text, enum mptcp_counter counter)
{
	const struct mptcp_counter_rule *rule = &mptcp_counter_rules[counter];

	mptcp_buffer_format(text, "MPTcpExt%s\nclass   %s\nrule    %s\nkernel  net/mptcp/%s",
		rule->name, mptcp_counter_class_name(rule->worth), rule->rule, rule->place);
	if (rule->since > MPTCP_COUNTER_KERNEL)
		mptcp_buffer_add_string(text,
			rule->until ? ", not in Linux 6.18" : ", newer than Linux 6.18");
	else if (rule->since)
		mptcp_buffer_format(text, ", since Linux %u.%u", rule->since / 1000,
			rule->since % 1000);
	mptcp_buffer_add_string(text, "\n");
	return text->failed ? -1 : 0;
}
