/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of mptcp-compare: see compare.h. */
#include "compare.h"

#include "array.h"
#include "decimal.h"

#include <stdlib.h>
#include <string.h>

enum {
	OPTION_BASE = MPTCP_OPT_LONG,
	OPTION_BETTER,
	OPTION_BY,
	OPTION_MIN_RUNS,
	OPTION_STRICT,
	OPTION_THRESHOLD,
	OPTION_UNIT,
	OPTION_VALUE,
	OPTION_WHERE,
	OPTION_WITHIN
};

#define MIN_RUNS 6 /* the fewest of which the median has an interval of 95 % */
#define MIN_RUNS_MAX 1000000
#define THRESHOLD 0.05

const struct mptcp_option compare_options[] = {
	{OPTION_BASE, "base", "LABELS", "compare the other groups with the one of these labels",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_BETTER, "better", "LIST",
		"higher or lower, for every value, or as NAME=higher; known of rates and times",
		MPTCP_COMPLETE_WORDS, "higher lower"},
	{OPTION_BY, "by", "LIST", "columns whose cells name the group, separated by commas",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_MIN_RUNS, "min-runs", "N", "runs that a group must have (default: 6)",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_STRICT, "strict", NULL,
		"status 1 also for what is unclear, or if nothing is judged", MPTCP_COMPLETE_NONE,
		NULL},
	{OPTION_THRESHOLD, "threshold", "SHARE",
		"differences up to this matter to nobody (default: 5%)", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_UNIT, "unit-of-repetition", "COLUMN",
		"column that names the run (default: capture)", MPTCP_COMPLETE_NONE, NULL},
	{OPTION_VALUE, "value", "LIST", "columns to compare, separated by commas",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_WHERE, "where", "LIST",
		"only rows with these cells: COLUMN=TEXT or COLUMN!=TEXT, separated by commas",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_WITHIN, "within", "HOW", "what several rows of a run become: sum, median or max",
		MPTCP_COMPLETE_WORDS, "sum median max"},
	{0},
};

void compare_init(struct compare *compare, const struct mptcp_tool *tool)
{
	*compare = (struct compare){
		.tool = *tool,
		.question.unit = "capture",
		.rule = {.threshold = THRESHOLD, .min_runs = MIN_RUNS},
	};
}

void compare_clear(struct compare *compare)
{
	for (size_t i = 0; i < compare->question.where_count; i++) {
		free(compare->question.where[i].column);
		free(compare->question.where[i].text);
	}
	free(compare->question.where);
	free(compare->columns);
	free(compare->better);
	mptcp_argv_clear(&compare->question.by);
	mptcp_argv_clear(&compare->question.values);
	mptcp_argv_clear(&compare->rule.base);
	mptcp_argv_clear(&compare->wanted);
}

/* Splits a list at its commas. 0 or -1. */
static int split(struct mptcp_argv *items, const char *list, struct mptcp_error *error)
{
	mptcp_argv_clear(items);
	for (;; list++) {
		size_t length = strcspn(list, ",");

		mptcp_argv_add_part(items, list, length);
		list += length;
		if (!*list)
			return items->failed ? mptcp_error_memory(error) : 0;
	}
}

/* Names of columns, each once. */
static int take_names(struct mptcp_argv *names, const char *option, const char *list,
	struct mptcp_error *error)
{
	if (split(names, list, error))
		return -1;
	for (size_t i = 0; i < names->count; i++) {
		if (!*names->items[i])
			return mptcp_error_set(error, MPTCP_USAGE,
				"option --%s: missing name of a column", option);
		for (size_t j = 0; j < i; j++)
			if (!strcmp(names->items[i], names->items[j]))
				return mptcp_error_set(error, MPTCP_USAGE,
					"option --%s: column '%s' appears twice", option,
					names->items[i]);
	}
	return 0;
}

/* COLUMN=TEXT or COLUMN!=TEXT. */
static int take_condition(struct compare *compare, const char *text, struct mptcp_error *error)
{
	const char *equals = strchr(text, '=');
	bool negated = equals && equals > text && equals[-1] == '!';
	size_t length = equals ? (size_t)(equals - text) - negated : 0;
	struct mptcp_runs_question *question = &compare->question;

	if (!length)
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --where: '%s' is not COLUMN=TEXT or COLUMN!=TEXT", text);
	struct mptcp_runs_condition *grown = mptcp_array_append(question->where,
		&question->where_count, &compare->where_capacity, sizeof(*grown));
	if (!grown)
		return mptcp_error_memory(error);
	question->where = grown;
	grown += question->where_count - 1;
	*grown = (struct mptcp_runs_condition){strndup(text, length), strdup(equals + 1), negated};
	return grown->column && grown->text ? 0 : mptcp_error_memory(error);
}

static int take_where(struct compare *compare, const char *list, struct mptcp_error *error)
{
	struct mptcp_argv items = {0};
	int result = split(&items, list, error);

	for (size_t i = 0; !result && i < items.count; i++)
		result = take_condition(compare, items.items[i], error);
	mptcp_argv_clear(&items);
	return result;
}

/* 5% or 0.05. */
static int take_threshold(struct compare *compare, const char *value, struct mptcp_error *error)
{
	char *end;
	double number = strtod(value, &end);

	if (end > value && !strcmp(end, "%")) {
		number /= 100;
		end++;
	}
	if (end == value || *end || strspn(value, "0123456789.%") != strlen(value) || number >= 1)
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --threshold: '%s' is not a share below 100%%, as 5%% or 0.05",
			value);
	compare->rule.threshold = number;
	return 0;
}

static int take_min_runs(struct compare *compare, const char *value, struct mptcp_error *error)
{
	uint64_t number;

	if (mptcp_decimal_read(&number, value, strlen(value), MIN_RUNS_MAX) || !number)
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --min-runs: '%s' is not a number from 1 to 1000000", value);
	compare->rule.min_runs = number;
	compare->min_runs_given = true;
	return 0;
}

static int take_within(struct compare *compare, const char *value, struct mptcp_error *error)
{
	static const char *const words[] = {[MPTCP_RUNS_SUM] = "sum",
		[MPTCP_RUNS_MEDIAN] = "median",
		[MPTCP_RUNS_MAX] = "max"};

	for (size_t i = MPTCP_RUNS_SUM; i <= MPTCP_RUNS_MAX; i++)
		if (!strcmp(value, words[i])) {
			compare->question.within = (enum mptcp_runs_within)i;
			return 0;
		}
	return mptcp_error_set(error, MPTCP_USAGE,
		"option --within: '%s' is not sum, median or max", value);
}

int compare_take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	struct compare *compare = context;

	switch (letter) {
	case OPTION_BASE:
		compare->base = value;
		return compare_lay_out(compare, error);
	case OPTION_BETTER:
		return split(&compare->wanted, value, error);
	case OPTION_BY:
		return take_names(&compare->question.by, "by", value, error)
			? -1
			: compare_lay_out(compare, error);
	case OPTION_MIN_RUNS:
		return take_min_runs(compare, value, error);
	case OPTION_STRICT:
		compare->strict = true;
		return 0;
	case OPTION_THRESHOLD:
		return take_threshold(compare, value, error);
	case OPTION_UNIT:
		compare->question.unit = value;
		return 0;
	case OPTION_VALUE:
		return take_names(&compare->question.values, "value", value, error);
	case OPTION_WHERE:
		return take_where(compare, value, error);
	default:
		return take_within(compare, value, error);
	}
}

/* The labels of the base. */
static int check_base(struct compare *compare, struct mptcp_error *error)
{
	size_t by = compare->question.by.count;

	if (!by)
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --base: needs --by, which makes the groups");
	if (by == 1) /* a label may have a comma */
		mptcp_argv_add(&compare->rule.base, compare->base);
	else if (split(&compare->rule.base, compare->base, error))
		return -1;
	if (compare->rule.base.failed)
		return mptcp_error_memory(error);
	if (compare->rule.base.count > by)
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --base: %zu labels, but --by has %zu columns",
			compare->rule.base.count, by);
	return 0;
}

/* A part of --better: a word for all values, or NAME=word. */
static int take_better(struct compare *compare, const char *text, struct mptcp_error *error)
{
	const struct mptcp_argv *values = &compare->question.values;
	const char *equals = strrchr(text, '='), *word = equals ? equals + 1 : text;
	size_t length = equals ? (size_t)(equals - text) : 0;
	enum mptcp_better better = !strcmp(word, "higher") ? MPTCP_BETTER_HIGHER
		: !strcmp(word, "lower")                   ? MPTCP_BETTER_LOWER
							   : MPTCP_BETTER_UNKNOWN;
	bool found = !equals;

	if (better == MPTCP_BETTER_UNKNOWN)
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --better: '%s' is not higher or lower", word);
	for (size_t i = 0; i < values->count; i++) {
		bool named = equals && strlen(values->items[i]) == length &&
			!memcmp(values->items[i], text, length);

		found |= named;
		if (!equals || named)
			compare->better[i] = better;
	}
	return found
		? 0
		: mptcp_error_set(error, MPTCP_USAGE,
			  "option --better: '%.*s' is not a column of --value", (int)length, text);
}

static int check_better(struct compare *compare, struct mptcp_error *error)
{
	const struct mptcp_argv *values = &compare->question.values;

	compare->better = calloc(values->count + 1, sizeof(*compare->better));
	if (!compare->better)
		return mptcp_error_memory(error);
	compare->rule.better = compare->better;
	for (size_t i = 0; i < values->count; i++)
		compare->better[i] = mptcp_better_of(values->items[i]);
	for (size_t i = 0; i < compare->wanted.count; i++)
		if (take_better(compare, compare->wanted.items[i], error))
			return -1;
	for (size_t i = 0; compare->base && i < values->count; i++)
		if (compare->better[i] == MPTCP_BETTER_UNKNOWN)
			return mptcp_error_set(error, MPTCP_USAGE,
				"is a higher or a lower '%s' better? --better %s=higher or "
				"--better %s=lower says it",
				values->items[i], values->items[i], values->items[i]);
	return 0;
}

int compare_check(struct compare *compare, struct mptcp_error *error)
{
	if (!compare->question.values.count)
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --value is missing: it names the columns to compare");
	if (compare->base && check_base(compare, error))
		return -1;
	return check_better(compare, error);
}
