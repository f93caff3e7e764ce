/* SPDX-License-Identifier: GPL-2.0-or-later */
/* summary_say: sentences and the values in them. */
#include "summary_parts.h"

#include "array.h"
#include "human.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct mptcp_sentence mptcp_sentences[MPTCP_SAYS] = {
#define SENTENCE(name, id, section, bad, text) \
	[MPTCP_SAYS_##name] = {id, MPTCP_SECTION_##section, bad, text},
#define REASON(reason, words, advice)
#include "sentences.def"
#undef SENTENCE
#undef REASON
};

static const struct {
	const char *reason, *words, *advice;
} reasons[] = {
#define SENTENCE(name, id, section, bad, text)
#define REASON(reason, words, advice) {reason, words, advice},
#include "sentences.def"
#undef SENTENCE
#undef REASON
};

const char *mptcp_section_name(enum mptcp_section section)
{
	static const char *const names[] = {"capture", "connection", "happened", "limited", "path",
		"wrong", "look"};

	return names[section];
}

struct mptcp_meaning mptcp_summary_reason(const char *reason)
{
	struct mptcp_meaning meaning = {reason, {""}};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (!strcmp(reasons[i].reason, reason)) {
			meaning.words = reasons[i].words;
			if (*reasons[i].advice)
				snprintf(meaning.advice.text, sizeof(meaning.advice.text), "; %s",
					reasons[i].advice);
		}
	return meaning;
}

static struct mptcp_value human(const char *unit, const char *digits)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct mptcp_value value;

	mptcp_human_add(&text, unit, digits, strlen(digits));
	snprintf(value.text, sizeof(value.text), "%s", text.bytes);
	mptcp_buffer_clear(&text);
	return value;
}

struct mptcp_value mptcp_value_bytes(uint64_t bytes)
{
	return human("bytes", mptcp_value_number(bytes).text);
}

struct mptcp_value mptcp_value_rate(double bits_per_second)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%.0f", bits_per_second > 0 ? bits_per_second : 0);
	return human("bps", digits);
}

struct mptcp_value mptcp_value_time(int64_t nanoseconds)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%.9f", (double)nanoseconds / (double)MPTCP_SECOND);
	return human("s", digits);
}

struct mptcp_value mptcp_value_share(double share)
{
	struct mptcp_value value;

	snprintf(value.text, sizeof(value.text), "%.0f %%", share > 0 ? 100 * share : 0);
	return value;
}

struct mptcp_value mptcp_value_number(uint64_t number)
{
	struct mptcp_value value;

	snprintf(value.text, sizeof(value.text), "%" PRIu64, number);
	return value;
}

struct mptcp_value mptcp_value_count(uint64_t count, const char *one, const char *many)
{
	struct mptcp_value value;

	snprintf(value.text, sizeof(value.text), "%" PRIu64 " %s", count, count == 1 ? one : many);
	return value;
}

struct mptcp_value mptcp_value_host(const struct mptcp_address *address)
{
	struct mptcp_value value = {"an unknown address"};

	if (address->family)
		mptcp_address_format(address, value.text);
	return value;
}

struct mptcp_fact *mptcp_summary_say(struct mptcp_summary *summary, enum mptcp_says says,
	const char *const *values)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct mptcp_fact *facts = summary->failed
		? NULL
		: mptcp_array_append(summary->facts, &summary->fact_count, &summary->fact_capacity,
			  sizeof(*facts));

	if (!facts) {
		summary->failed = true;
		return NULL;
	}
	summary->facts = facts;
	facts += summary->fact_count - 1;
	facts->says = says;
	for (const char *at = mptcp_sentences[says].text; *at; at++)
		if (at[0] == '{' && at[1] == '}') {
			mptcp_buffer_add_string(&text, *values ? *values++ : "");
			at++;
		} else {
			mptcp_buffer_add_char(&text, *at);
		}
	facts->text = mptcp_buffer_take(&text);
	summary->failed |= !facts->text;
	return facts->text ? facts : NULL;
}

void mptcp_fact_about(struct mptcp_fact *fact, const struct mptcp_told *told)
{
	if (!fact)
		return;
	fact->has_mptcpstream = true;
	fact->mptcpstream = told->connection->mptcpstream;
}

void mptcp_fact_at(struct mptcp_fact *fact, const struct mptcp_moment *moment)
{
	if (!fact || !moment->packetid)
		return;
	fact->packetid = moment->packetid;
	fact->has_time = true;
	fact->abstime = moment->abstime;
}
