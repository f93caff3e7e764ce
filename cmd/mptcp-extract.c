/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-extract: copies the packets of connections into a capture. See mptcp-extract(1). */
#include "decimal.h"
#include "extract.h"
#include "packet_list.h"
#include "reread.h"
#include "tool.h"
#include "wanted.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_FIRST = MPTCP_OPT_LONG, OPTION_MAP, OPTION_PACKETS };

static const struct mptcp_option options[] = {
	{OPTION_FIRST, "first", "N", "only the first N packets of each TCP connection",
		MPTCP_COMPLETE_NONE, NULL},
	{OPTION_MAP, "map", "FILE", "write which packet has become which, as CSV",
		MPTCP_COMPLETE_FILE, NULL},
	{OPTION_PACKETS, "packets", "LIST",
		"packets by number, such as 1,5-9; or a table with them, - for standard input",
		MPTCP_COMPLETE_FILE, NULL},
	{0},
};

struct choice {
	uint64_t first;      /* 0: all */
	const char *map;     /* NULL for none */
	const char *packets; /* NULL for none */
};

/* What is at work. */
struct work {
	struct reread capture;
	struct mptcp_intervals listed, chosen;
	struct mptcp_extract extract;
	struct mptcp_output map;
	bool map_open;
};

static int take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	struct choice *choice = context;

	switch (letter) {
	case OPTION_FIRST:
		if (!mptcp_decimal_read(&choice->first, value, strlen(value), UINT64_MAX) &&
			choice->first)
			return 0;
		return mptcp_opt_bad_value("first", value, "a number from 1 on", error);
	case OPTION_MAP:
		choice->map = value;
		return 0;
	default: /* OPTION_PACKETS */
		choice->packets = value;
		return 0;
	}
}

static const struct mptcp_tool tool = {
	.name = "mptcp-extract",
	.purpose = "copy the packets of MPTCP connections into a capture of their own",
	.nothing = "no such packet",
	.operands = "[ID] [CAPTURE]",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_SELECTION | MPTCP_GROUP_TCP | MPTCP_GROUP_OUTPUT,
	.options = options,
	.take = take,
};

/* The table of --packets. */
static int read_table(struct tool_run *run, struct work *work, const char *path)
{
	bool standard = !strcmp(path, "-");
	const char *name = standard ? "standard input" : path;
	int fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	char delimiter = run->settings.input.delimiter ? run->settings.input.delimiter : ',';

	if (fd < 0)
		return mptcp_error_system(&run->error, MPTCP_IO, "%s", name);
	const struct mptcp_opened opened = {fd, name, NULL, 0};
	struct mptcp_csv *csv = mptcp_csv_open(&opened, delimiter, &run->error);
	int failed = csv ? mptcp_packet_list_read(&work->listed, csv, name, &run->error) : -1;

	if (csv)
		mptcp_csv_close(csv);
	close(fd);
	return failed;
}

/* --packets: a list, unless there is a file of that name. */
static int read_packets(struct tool_run *run, struct work *work, const char *list)
{
	const struct mptcp_text text = {list, strlen(list)};
	struct mptcp_error what;

	if (!strcmp(list, "-") || !access(list, F_OK) ||
		strspn(list, "0123456789-, ") < text.length)
		return read_table(run, work, list) ? tool_report(run) : 0;
	if (!mptcp_packet_list_add(&work->listed, &text, &what))
		return 0;
	mptcp_error_set(&run->error, MPTCP_USAGE, "option --packets: %s", what.text);
	return tool_report(run);
}

static int take_operand(struct tool_run *run, const struct choice *choice, struct work *work)
{
	struct mptcp_settings *settings = &run->settings;
	const char *operand;

	if (mptcp_opt_take_id(settings, &run->error) ||
		mptcp_opt_take_input(settings, &operand, &run->error))
		return tool_report(run);
	if (choice->packets && !strcmp(choice->packets, "-") &&
		(!operand || !strcmp(operand, "-"))) {
		mptcp_error_set(&run->error, MPTCP_USAGE,
			"option --packets: standard input is the list or the capture, not both");
		return tool_report(run);
	}
	return reread_take(run, &work->capture, operand);
}

/* Where -o is a capture already, it may be an older extract, which is replaced. */
static int open_older(struct tool_run *run, struct work *work)
{
	const char *path = run->settings.output;

	if (!path || run->settings.force || !protect_is_capture(path))
		return 0;
	work->extract.older =
		mptcp_capture_open_file(path, path, run->settings.input.editcap, &run->error);
	run->protect.force = true; /* but what it is made of is protected still */
	return work->extract.older ? 0 : tool_report(run);
}

static int open_outputs(struct tool_run *run, const struct choice *choice, struct work *work)
{
	if (tool_open_output(run))
		return -1;
	work->extract.to = &run->output;
	if (isatty(run->output.fd)) {
		mptcp_error_set(&run->error, MPTCP_USAGE,
			"a capture is nothing for a terminal: -o FILE, or a pipe");
		return tool_report(run);
	}
	if (!choice->map)
		return 0;
	if (!strcmp(choice->map, "-")) {
		mptcp_error_set(&run->error, MPTCP_USAGE, "option --map: needs the name of a file");
		return tool_report(run);
	}
	run->protect.force = run->settings.force;
	if (protect_check(&run->protect, choice->map, &run->error) ||
		mptcp_output_replace(&work->map, choice->map, &run->error))
		return tool_report(run);
	work->map_open = true;
	work->extract.map = &work->map;
	return 0;
}

/* Reads the packets and chooses among them. */
static int choose(struct tool_run *run, const struct choice *choice, struct work *work)
{
	struct mptcp_wanted wanted = {.selection = run->settings.selection, .most = choice->first};
	struct mptcp_packet packet;
	int failed = 0;

	if (choice->packets) {
		wanted.listed = &work->listed;
		wanted.selection.tcp = true;
	}
	run->census.whole = true;
	run->settings.input.copies = true;
	if (tool_open_input(run, MPTCP_HAS(packetid), MPTCP_WANTED_COLUMNS | CENSUS_COLUMNS))
		return -1;
	while (!failed && tool_next(run, &packet) == MPTCP_ROW)
		failed = mptcp_wanted_add(&wanted, &packet);
	failed = failed || mptcp_wanted_choose(&wanted, &work->chosen);
	mptcp_wanted_clear(&wanted);
	work->extract.packets = &work->chosen;
	if (!failed)
		return tool_failed(run) ? -1 : 0;
	mptcp_error_memory(&run->error);
	return tool_report(run);
}

/* Where --packets alone says what is wanted, all of it is, TCP or not; nothing is dissected. */
static bool is_list_alone(const struct tool_run *run, const struct choice *choice)
{
	return choice->packets && !choice->first && !run->settings.selection.tcp &&
		!mptcp_selection_chooses(&run->settings.selection);
}

static void extract(struct tool_run *run, const struct choice *choice, struct work *work)
{
	if (open_older(run, work) || take_operand(run, choice, work) ||
		(choice->packets && read_packets(run, work, choice->packets)))
		return;
	work->extract.from = reread_open(run, &work->capture);
	if (!work->extract.from) {
		tool_report(run);
		return;
	}
	work->extract.packets = &work->listed;
	if ((!is_list_alone(run, choice) && choose(run, choice, work)) ||
		open_outputs(run, choice, work))
		return;
	/* what is wrong with the capture was reported where its packets were read */
	if (mptcp_extract(&work->extract, &run->error) && run->status != MPTCP_DATA)
		tool_report(run);
	if (work->extract.older && !work->extract.replaces) {
		mptcp_error_set(&run->error, MPTCP_USAGE,
			"%s: is a capture, and not one that was extracted from %s; --force overwrites it",
			run->settings.output, run->settings.input.name);
		tool_report(run);
	}
	run->input_name = run->settings.input.name;
	if (choice->packets)
		run->nothing =
			"none of the packets of --packets is there, or belongs to what is asked for";
	if (!work->extract.copied && run->status == MPTCP_DONE)
		tool_nothing(run);
}

static void release(struct tool_run *run, struct work *work)
{
	if (work->map_open && tool_failed(run))
		mptcp_output_discard(&work->map);
	if (work->map_open && mptcp_output_close(&work->map, &run->error))
		tool_report(run);
	mptcp_capture_close(work->extract.from);
	mptcp_capture_close(work->extract.older);
	mptcp_intervals_clear(&work->listed);
	mptcp_intervals_clear(&work->chosen);
}

int main(int argc, char **argv)
{
	struct choice choice = {0};
	struct work work = {.capture = REREAD_NONE};
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, &choice))
		return run.status;
	extract(&run, &choice, &work);
	release(&run, &work);
	tool_finish(&run);
	reread_clear(&work.capture);
	return run.status;
}
