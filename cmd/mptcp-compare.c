/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-compare: groups of runs compared, from tables of results. See mptcp-compare(1). */
#include "compare.h"

#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define START_SIZE 16 /* enough for mptcp_capture_known */

static const struct mptcp_tool tool = {
	.name = "mptcp-compare",
	.purpose = "compare groups of runs: medians, intervals, and a verdict for scripts",
	.nothing = "no run to compare",
	.status_one = "a group is worse, or no run",
	.operands = "[TABLE]...",
	.groups = MPTCP_GROUP_TABLE | MPTCP_GROUP_DELIMITER,
	.options = compare_options,
	.take = compare_take,
	.columns = compare_columns,
	.column_count = COMPARE_COLUMNS,
};

/* Reads an open table. */
static int read_from(struct tool_run *run, struct mptcp_runs *runs, int fd, const char *name)
{
	char start[START_SIZE];
	ssize_t length;

	while ((length = read(fd, start, sizeof(start))) < 0 && errno == EINTR)
		;
	if (length < 0)
		return mptcp_error_system(&run->error, MPTCP_IO, "%s", name);
	if (mptcp_capture_known(start, (size_t)length))
		return mptcp_error_set(&run->error, MPTCP_DATA,
			"%s: a capture; make a table of it first, with mptcp-stat for instance",
			name);
	const struct mptcp_opened opened = {fd, name, start, (size_t)length};
	struct mptcp_csv *csv = mptcp_csv_open(&opened, run->settings.table.delimiter, &run->error);
	if (!csv)
		return -1;
	int result = mptcp_runs_read(runs, csv, name, &run->error);
	mptcp_csv_close(csv);
	return result;
}

/* Reads a file, or standard input for "-". */
static int read_table(struct tool_run *run, struct mptcp_runs *runs, const char *path)
{
	if (!strcmp(path, "-"))
		return read_from(run, runs, STDIN_FILENO, "standard input");
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return mptcp_error_system(&run->error, MPTCP_IO, "%s", path);
	int result = read_from(run, runs, fd, path);
	close(fd);
	return result;
}

static int read_all(struct tool_run *run, struct mptcp_runs *runs)
{
	static char *const standard_input[] = {"-"};
	char *const *paths = run->settings.operand_count ? run->settings.operands : standard_input;
	size_t count = run->settings.operand_count ? run->settings.operand_count : 1;

	for (size_t i = 0; i < count; i++)
		if (tool_protect(run, paths[i]))
			return -1;
	for (size_t i = 0; i < count; i++)
		if (read_table(run, runs, paths[i]))
			return tool_report(run);
	return mptcp_runs_end(runs, &run->error) ? tool_report(run) : 0;
}

static void put_rows(struct tool_run *run, const struct compare *compare, struct mptcp_runs *runs)
{
	struct mptcp_comparison *rows;
	size_t count;

	if (mptcp_comparison_rows(runs, &compare->rule, &rows, &count, &run->error)) {
		tool_report(run);
	} else if (!tool_open_table(run)) {
		for (size_t i = 0; i < count; i++)
			compare_put(run->table, runs, &rows[i]);
		if (count)
			compare_judge(run, compare, runs, rows);
	}
	free(rows);
}

int main(int argc, char **argv)
{
	struct compare compare;
	struct mptcp_runs runs;
	struct tool_run run;

	compare_init(&compare, &tool);
	bool started = tool_start(&run, &compare.tool, argc, argv, &compare);
	if (started) {
		mptcp_runs_init(&runs, &compare.question);
		if (compare_check(&compare, &run.error))
			tool_report(&run);
		else if (!read_all(&run, &runs) && !compare_check_base(&run, &compare, &runs))
			put_rows(&run, &compare, &runs);
		tool_finish(&run);
		mptcp_runs_clear(&runs);
	}
	compare_clear(&compare);
	return run.status;
}
