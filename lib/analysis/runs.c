/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runs_parts.h"

#include "array.h"

#include <stdlib.h>
#include <string.h>

void mptcp_runs_init(struct mptcp_runs *runs, const struct mptcp_runs_question *question)
{
	*runs = (struct mptcp_runs){.question = question};
}

static void free_group(const struct mptcp_runs *runs, struct mptcp_runs_group *group)
{
	for (size_t i = 0; group->numbers && i < runs->question->values.count; i++)
		mptcp_runs_numbers_clear(&group->numbers[i]);
	free(group->numbers);
	free(group->key);
	mptcp_argv_clear(&group->labels);
	free(group);
}

void mptcp_runs_clear(struct mptcp_runs *runs)
{
	struct mptcp_runs_run *run, *next;

	mptcp_runs_repeated_clear(runs);
	HASH_ITER (hh, runs->runs, run, next) {
		HASH_DEL(runs->runs, run);
		free(run);
	}
	HASH_CLEAR(hh, runs->by_labels);
	for (size_t i = 0; i < runs->group_count; i++)
		free_group(runs, runs->groups[i]);
	free(runs->groups);
	free(runs->columns);
	mptcp_buffer_clear(&runs->key);
	mptcp_records_clear(&runs->records);
	*runs = (struct mptcp_runs){0};
}

/* Where the columns of the question begin in runs->columns. */
static const size_t *by_columns(const struct mptcp_runs *runs)
{
	return runs->columns;
}

static const size_t *value_columns(const struct mptcp_runs *runs)
{
	return runs->columns + runs->question->by.count;
}

static const size_t *where_columns(const struct mptcp_runs *runs)
{
	return value_columns(runs) + runs->question->values.count;
}

static size_t unit_column(const struct mptcp_runs *runs)
{
	return where_columns(runs)[runs->question->where_count];
}

/* With what to do where rows do not name their capture. */
static int find_unit(struct mptcp_runs *runs, size_t *column, struct mptcp_error *error)
{
	const char *unit = runs->question->unit;

	for (size_t i = 0; i < runs->records.columns.count; i++)
		if (!strcmp(runs->records.columns.items[i], unit)) {
			*column = i;
			return 0;
		}
	return mptcp_error_set(error, MPTCP_DATA,
		"%s: no column '%s', which names the run; --unit-of-repetition names another",
		runs->records.name, unit);
}

static int find_columns(struct mptcp_runs *runs, struct mptcp_error *error)
{
	const struct mptcp_runs_question *question = runs->question;
	const struct mptcp_argv *const lists[] = {&question->by, &question->values};
	size_t count = 0;

	runs->columns =
		calloc(question->by.count + question->values.count + question->where_count + 1,
			sizeof(*runs->columns));
	if (!runs->columns)
		return mptcp_error_memory(error);
	for (size_t list = 0; list < 2; list++)
		for (size_t i = 0; i < lists[list]->count; i++)
			if (mptcp_records_find(&runs->records, lists[list]->items[i],
				    &runs->columns[count++], error))
				return -1;
	for (size_t i = 0; i < question->where_count; i++)
		if (mptcp_records_find(&runs->records, question->where[i].column,
			    &runs->columns[count++], error))
			return -1;
	return find_unit(runs, &runs->columns[count], error);
}

static bool is_wanted(const struct mptcp_runs *runs, const struct mptcp_text *cells)
{
	for (size_t i = 0; i < runs->question->where_count; i++) {
		const struct mptcp_runs_condition *condition = &runs->question->where[i];
		const struct mptcp_text *cell = &cells[where_columns(runs)[i]];
		bool same = strlen(condition->text) == cell->length &&
			!memcmp(condition->text, cell->bytes, cell->length);

		if (same == condition->negated)
			return false;
	}
	return true;
}

/* The group of the key at hand, whose labels the cells have; NULL when memory ran out. */
static struct mptcp_runs_group *new_group(struct mptcp_runs *runs, const struct mptcp_text *cells)
{
	struct mptcp_runs_group **groups = mptcp_array_reserve(runs->groups, runs->group_count,
					&runs->group_capacity, sizeof(*groups)),
				*group = calloc(1, sizeof(*group));

	if (groups)
		runs->groups = groups;
	if (!groups || !group) {
		free(group);
		return NULL;
	}
	groups[runs->group_count] = group;
	group->number = runs->group_count++;
	group->key_length = runs->key.length;
	group->key = malloc(runs->key.length + 1);
	group->numbers = calloc(runs->question->values.count + 1, sizeof(*group->numbers));
	for (size_t i = 0; i < runs->question->by.count; i++) {
		const struct mptcp_text *cell = &cells[by_columns(runs)[i]];

		mptcp_argv_add_part(&group->labels, cell->bytes, cell->length);
	}
	if (!group->key || !group->numbers || group->labels.failed)
		return NULL;
	memcpy(group->key, runs->key.bytes, runs->key.length);
	HASH_ADD_KEYPTR(hh, runs->by_labels, group->key, group->key_length, group);
	return group->hh.tbl ? group : NULL;
}

static struct mptcp_runs_group *find_group(struct mptcp_runs *runs, const struct mptcp_text *cells)
{
	struct mptcp_runs_group *group;

	mptcp_buffer_reset(&runs->key);
	for (size_t i = 0; i < runs->question->by.count; i++) {
		const struct mptcp_text *cell = &cells[by_columns(runs)[i]];

		mptcp_buffer_add(&runs->key, cell->bytes, cell->length);
		mptcp_buffer_add_char(&runs->key, '\0');
	}
	if (runs->key.failed)
		return NULL;
	HASH_FIND(hh, runs->by_labels, runs->key.bytes, runs->key.length, group);
	return group ? group : new_group(runs, cells);
}

static struct mptcp_runs_run *new_run(struct mptcp_runs *runs, struct mptcp_runs_group *group)
{
	struct mptcp_runs_run *run = calloc(1, sizeof(*run) + runs->key.length);

	if (!run)
		return NULL;
	run->number = group->run_count++;
	run->key_length = runs->key.length;
	memcpy(run->key, runs->key.bytes, runs->key.length);
	HASH_ADD_KEYPTR(hh, runs->runs, run->key, run->key_length, run);
	if (!run->hh.tbl) {
		free(run);
		return NULL;
	}
	for (size_t i = 0; i < runs->question->values.count; i++)
		if (mptcp_runs_numbers_extend(&group->numbers[i]))
			return NULL;
	return run;
}

static struct mptcp_runs_run *find_run(struct mptcp_runs *runs, struct mptcp_runs_group *group,
	const struct mptcp_text *name)
{
	struct mptcp_runs_run *run;

	mptcp_buffer_reset(&runs->key);
	mptcp_buffer_add(&runs->key, &group->number, sizeof(group->number));
	if (mptcp_buffer_add(&runs->key, name->bytes, name->length))
		return NULL;
	HASH_FIND(hh, runs->runs, runs->key.bytes, runs->key.length, run);
	return run ? run : new_run(runs, group);
}

static int take_numbers(struct mptcp_runs *runs, struct mptcp_runs_group *group, size_t run,
	const struct mptcp_text *cells, struct mptcp_error *error)
{
	for (size_t i = 0; i < runs->question->values.count; i++) {
		size_t column = value_columns(runs)[i];
		double number = 0;
		int read = mptcp_runs_number(&cells[column], &number);

		if (read < 0)
			return mptcp_records_refuse(&runs->records, column, &cells[column],
				"not a number", error);
		if (read == 0 &&
			mptcp_runs_numbers_add(&group->numbers[i], runs->question->within, run,
				number))
			return mptcp_error_memory(error);
	}
	return 0;
}

static int take_row(struct mptcp_runs *runs, const struct mptcp_text *cells,
	struct mptcp_error *error)
{
	if (!is_wanted(runs, cells))
		return 0;
	runs->rows++;
	struct mptcp_runs_group *group = find_group(runs, cells);
	struct mptcp_runs_run *run =
		group ? find_run(runs, group, &cells[unit_column(runs)]) : NULL;
	if (!run)
		return mptcp_error_memory(error);
	run->rows++;
	if (runs->question->within == MPTCP_RUNS_ONE && mptcp_runs_repeated_see(runs, run, cells))
		return mptcp_error_memory(error);
	return take_numbers(runs, group, run->number, cells, error);
}

int mptcp_runs_read(struct mptcp_runs *runs, struct mptcp_csv *csv, const char *name,
	struct mptcp_error *error)
{
	const struct mptcp_text *cells;
	enum mptcp_result got;
	bool first = !runs->records.first;

	if (mptcp_records_begin(&runs->records, csv, name, error) ||
		(first && find_columns(runs, error)))
		return -1;
	while ((got = mptcp_records_next(&runs->records, &cells, error)) == MPTCP_ROW)
		if (take_row(runs, cells, error))
			return -1;
	return got == MPTCP_END ? 0 : -1;
}

int mptcp_runs_end(struct mptcp_runs *runs, struct mptcp_error *error)
{
	if (mptcp_runs_repeated_check(runs, error))
		return -1;
	for (size_t i = 0; i < runs->group_count; i++)
		for (size_t j = 0; j < runs->question->values.count; j++)
			mptcp_runs_numbers_finish(&runs->groups[i]->numbers[j]);
	return 0;
}

int mptcp_runs_find(struct mptcp_runs *runs, const char *const *labels, size_t *group,
	struct mptcp_error *error)
{
	struct mptcp_runs_group *found;

	mptcp_buffer_reset(&runs->key);
	for (size_t i = 0; i < runs->question->by.count; i++)
		mptcp_buffer_add(&runs->key, labels[i], strlen(labels[i]) + 1);
	if (runs->key.failed)
		return mptcp_error_memory(error);
	HASH_FIND(hh, runs->by_labels, runs->key.bytes, runs->key.length, found);
	if (found)
		*group = found->number;
	return found != NULL;
}

const char *mptcp_runs_label(const struct mptcp_runs *runs, size_t group, size_t by)
{
	return runs->groups[group]->labels.items[by];
}

void mptcp_runs_values(const struct mptcp_runs *runs, size_t group, size_t value,
	struct mptcp_sample *sample, size_t *missing)
{
	const struct mptcp_runs_numbers *numbers = &runs->groups[group]->numbers[value];

	*sample = (struct mptcp_sample){numbers->runs, numbers->present};
	*missing = numbers->count - numbers->present;
}
