/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool has_word(const char *name, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = name; *at; at += strspn(at, "_")) {
		size_t found = strcspn(at, "_");

		if (found == length && !memcmp(at, word, length))
			return true;
		at += found;
	}
	return false;
}

enum mptcp_better mptcp_better_of(const char *column)
{
	static const struct {
		const char *word;
		enum mptcp_better better;
	} words[] = {
		{"share", MPTCP_BETTER_UNKNOWN},
		{"goodput", MPTCP_BETTER_HIGHER},
		{"throughput", MPTCP_BETTER_HIGHER},
		{"bps", MPTCP_BETTER_HIGHER},
		{"rtt", MPTCP_BETTER_LOWER},
		{"owd", MPTCP_BETTER_LOWER},
		{"delay", MPTCP_BETTER_LOWER},
		{"duration", MPTCP_BETTER_LOWER},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (has_word(column, words[i].word))
			return words[i].better;
	return MPTCP_BETTER_UNKNOWN;
}

const char *mptcp_verdict_name(enum mptcp_verdict verdict)
{
	static const char *const names[] = {
		[MPTCP_VERDICT_NONE] = "",
		[MPTCP_VERDICT_BETTER] = "better",
		[MPTCP_VERDICT_WORSE] = "worse",
		[MPTCP_VERDICT_SAME] = "same",
		[MPTCP_VERDICT_UNCLEAR] = "unclear",
	};

	return names[verdict];
}

bool mptcp_comparison_is_base(const struct mptcp_runs *runs, size_t group,
	const struct mptcp_comparison_rule *rule)
{
	for (size_t i = 0; i < rule->base.count; i++)
		if (strcmp(mptcp_runs_label(runs, group, i), rule->base.items[i]))
			return false;
	return rule->base.count > 0;
}

static enum mptcp_verdict judge(const struct mptcp_sample_contrast *contrast,
	const struct mptcp_comparison_rule *rule, enum mptcp_better better)
{
	double least = 1 - rule->threshold, most = 1 + rule->threshold;
	bool lower = contrast->high<least, higher = contrast->low> most;

	/* nothing is true of a NAN */
	if (lower || higher)
		return lower == (better == MPTCP_BETTER_LOWER) ? MPTCP_VERDICT_BETTER
							       : MPTCP_VERDICT_WORSE;
	return contrast->low >= least && contrast->high <= most ? MPTCP_VERDICT_SAME
								: MPTCP_VERDICT_UNCLEAR;
}

/* The labels of the base of a group, in room for all of them. */
static void name_base(const struct mptcp_runs *runs, size_t group,
	const struct mptcp_comparison_rule *rule, const char **labels)
{
	for (size_t i = 0; i < runs->question->by.count; i++)
		labels[i] = i < rule->base.count ? rule->base.items[i]
						 : mptcp_runs_label(runs, group, i);
}

/* The base of a group; empty where there is none. */
static int find_base(struct mptcp_runs *runs, const struct mptcp_comparison *row,
	const struct mptcp_comparison_rule *rule, struct mptcp_sample *base,
	struct mptcp_error *error)
{
	const char **labels = calloc(runs->question->by.count + 1, sizeof(*labels));
	size_t group, missing;

	*base = (struct mptcp_sample){0};
	if (!labels)
		return mptcp_error_memory(error);
	name_base(runs, row->group, rule, labels);
	int found = mptcp_runs_find(runs, labels, &group, error);
	free(labels);
	if (found > 0)
		mptcp_runs_values(runs, group, row->value, base, &missing);
	return found < 0 ? -1 : 0;
}

static int compare(struct mptcp_runs *runs, const struct mptcp_sample *sample,
	const struct mptcp_comparison_rule *rule, struct mptcp_comparison *row,
	struct mptcp_error *error)
{
	struct mptcp_sample base;

	if (find_base(runs, row, rule, &base, error))
		return -1;
	row->base_count = base.count;
	row->base_median = mptcp_sample_quantile(&base, 0.5);
	row->too_few = sample->count < rule->min_runs || base.count < rule->min_runs;
	mptcp_sample_contrast(sample, &base, &row->contrast);
	row->verdict = row->too_few ? MPTCP_VERDICT_UNCLEAR
				    : judge(&row->contrast, rule, rule->better[row->value]);
	return 0;
}

static int make_row(struct mptcp_runs *runs, const struct mptcp_comparison_rule *rule,
	struct mptcp_comparison *row, struct mptcp_error *error)
{
	struct mptcp_sample sample;

	mptcp_runs_values(runs, row->group, row->value, &sample, &row->missing);
	row->count = sample.count;
	mptcp_sample_summarize(&sample, &row->summary);
	row->is_base = mptcp_comparison_is_base(runs, row->group, rule);
	row->base_median = NAN;
	row->contrast = (struct mptcp_sample_contrast){NAN, NAN, NAN, NAN, NAN, NAN};
	if (rule->base.count && !row->is_base)
		return compare(runs, &sample, rule, row, error);
	row->too_few = sample.count < rule->min_runs;
	return 0;
}

static int adjust(struct mptcp_comparison *rows, size_t count, struct mptcp_error *error)
{
	double *p = calloc(count + 1, sizeof(*p));

	if (!p)
		return mptcp_error_memory(error);
	for (size_t i = 0; i < count; i++)
		p[i] = rows[i].contrast.p;
	int result = mptcp_sample_holm(p, count, error);
	for (size_t i = 0; i < count; i++)
		rows[i].contrast.p = p[i];
	free(p);
	return result;
}

int mptcp_comparison_rows(struct mptcp_runs *runs, const struct mptcp_comparison_rule *rule,
	struct mptcp_comparison **rows, size_t *count, struct mptcp_error *error)
{
	size_t groups = runs->group_count;

	*count = groups * runs->question->values.count;
	*rows = calloc(*count + 1, sizeof(**rows));
	if (!*rows)
		return mptcp_error_memory(error);
	for (size_t i = 0; i < *count; i++) {
		(*rows)[i].value = i / groups;
		(*rows)[i].group = i % groups;
		if (make_row(runs, rule, &(*rows)[i], error))
			return -1;
	}
	return adjust(*rows, *count, error);
}
