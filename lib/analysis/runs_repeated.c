/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several rows of a run: taken for repetitions they would make any difference significant. What is
 * said of the first such run has to help: how many rows it has and which columns tell them apart.
 * Rows of a run usually follow one another, so that the row before is kept to be compared with.
 */
#include "runs_parts.h"

#include <stdlib.h>
#include <string.h>

#define NAMED 3 /* the leading columns of a row say what it is about */

struct mptcp_runs_last {
	const struct mptcp_runs_run *run;
	struct mptcp_buffer text;
	size_t *lengths;
};

struct mptcp_runs_repeated {
	const struct mptcp_runs_run *run; /* NULL while there is none */
	char *file;
	bool *differs; /* by column */
};

static int prepare(struct mptcp_runs *runs)
{
	size_t columns = runs->records.columns.count;

	runs->last = calloc(1, sizeof(*runs->last));
	runs->repeated = calloc(1, sizeof(*runs->repeated));
	if (!runs->last || !runs->repeated)
		return -1;
	runs->last->lengths = calloc(columns + 1, sizeof(*runs->last->lengths));
	runs->repeated->differs = calloc(columns + 1, sizeof(*runs->repeated->differs));
	return runs->last->lengths && runs->repeated->differs ? 0 : -1;
}

static int keep(struct mptcp_runs *runs, const struct mptcp_runs_run *run,
	const struct mptcp_text *cells)
{
	struct mptcp_runs_last *last = runs->last;

	last->run = run;
	mptcp_buffer_reset(&last->text);
	for (size_t i = 0; i < runs->records.columns.count; i++) {
		last->lengths[i] = cells[i].length;
		mptcp_buffer_add(&last->text, cells[i].bytes, cells[i].length);
	}
	return last->text.failed ? -1 : 0;
}

static void compare(struct mptcp_runs *runs, const struct mptcp_text *cells)
{
	const char *bytes = runs->last->text.bytes;

	for (size_t i = 0; i < runs->records.columns.count; i++) {
		size_t length = runs->last->lengths[i];

		if (length != cells[i].length || memcmp(bytes, cells[i].bytes, length))
			runs->repeated->differs[i] = true;
		bytes += length;
	}
}

int mptcp_runs_repeated_see(struct mptcp_runs *runs, const struct mptcp_runs_run *run,
	const struct mptcp_text *cells)
{
	struct mptcp_runs_repeated *repeated = runs->repeated;

	if (!repeated) {
		if (prepare(runs))
			return -1;
		repeated = runs->repeated;
	}
	if (run->rows > 1 && !repeated->run) {
		repeated->run = run;
		repeated->file = strdup(runs->records.name);
		if (!repeated->file)
			return -1;
	}
	if (run == repeated->run && run == runs->last->run)
		compare(runs, cells);
	/* once there is one, its rows alone are of interest */
	return repeated->run && run != repeated->run ? 0 : keep(runs, run, cells);
}

/* Whether a column could not tell rows apart, because it is what they are compared in. */
static bool is_value(const struct mptcp_runs *runs, size_t column)
{
	const struct mptcp_argv *values = &runs->question->values;

	for (size_t i = 0; i < values->count; i++)
		if (!strcmp(values->items[i], runs->records.columns.items[column]))
			return true;
	return false;
}

int mptcp_runs_repeated_check(const struct mptcp_runs *runs, struct mptcp_error *error)
{
	const struct mptcp_runs_repeated *repeated = runs->repeated;
	struct mptcp_buffer names = MPTCP_BUFFER_INIT;

	if (!repeated || !repeated->run)
		return 0;
	for (size_t i = 0, named = 0; i < runs->records.columns.count && named < NAMED; i++)
		if (repeated->differs[i] && !is_value(runs, i))
			mptcp_buffer_format(&names, "%s%s", named++ ? ", " : "; they differ in ",
				runs->records.columns.items[i]);
	const struct mptcp_runs_run *run = repeated->run;
	mptcp_error_set(error, MPTCP_USAGE,
		"%s: %s '%.*s' has %zu rows, which are no repetitions%s: choose one with --where, "
		"or make one of them with --within",
		repeated->file, runs->question->unit, (int)(run->key_length - sizeof(size_t)),
		run->key + sizeof(size_t), run->rows, names.bytes);
	mptcp_buffer_clear(&names);
	return -1;
}

void mptcp_runs_repeated_clear(struct mptcp_runs *runs)
{
	if (runs->last) {
		mptcp_buffer_clear(&runs->last->text);
		free(runs->last->lengths);
	}
	if (runs->repeated) {
		free(runs->repeated->file);
		free(runs->repeated->differs);
	}
	free(runs->last);
	free(runs->repeated);
	runs->last = NULL;
	runs->repeated = NULL;
}
