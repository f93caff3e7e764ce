/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-le: lists the signalling of MPTCP connections as a timeline. See mptcp-le(1). */
#include "captures.h"
#include "outage.h"
#include "story.h"
#include "units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	LE_PACKETID,
	LE_TIME,
	LE_MPTCPSTREAM,
	LE_TCPSTREAM,
	LE_MPTCPDEST,
	LE_EVENT,
	LE_KERNEL_EVENT,
	LE_ADDRID,
	LE_ADDRESS,
	LE_PORT,
	LE_TOKEN,
	LE_BACKUP,
	LE_ECHO,
	LE_REASON,
	LE_TRANSIENT,
	LE_DSN,
	LE_KEY,
	LE_OPTION,
	LE_LENGTH,
	LE_BYTES,
	LE_DURATION,
	LE_FROM,
	LE_ABSTIME,
	LE_RELTIME,
	LE_COLUMNS
};

static const struct mptcp_table_column columns[] = {
	[LE_PACKETID] = {"packetid", MPTCP_CELL_NUMBER, 6, "", "packet at which it happened"},
	[LE_TIME] = {"time", MPTCP_CELL_NUMBER | MPTCP_CELL_MOMENT, 1, "s", "its time"},
	[LE_MPTCPSTREAM] = {"mptcpstream", MPTCP_CELL_NUMBER, 1, "", "number of the connection"},
	[LE_TCPSTREAM] = {"tcpstream", MPTCP_CELL_NUMBER, 2, "", "number of the TCP connection"},
	[LE_MPTCPDEST] = {"mptcpdest", MPTCP_CELL_TEXT, 4, "",
		"MPTCP role of the host to which the packet goes: client or server"},
	[LE_EVENT] = {"event", MPTCP_CELL_TEXT | MPTCP_CELL_MARKED, 1, "", "what happened"},
	[LE_KERNEL_EVENT] = {"kernel_event", MPTCP_CELL_TEXT, 9, "",
		"its name in ip mptcp monitor"},
	[LE_ADDRID] = {"addrid", MPTCP_CELL_NUMBER, 5, "", "address identifier"},
	[LE_ADDRESS] = {"address", MPTCP_CELL_TEXT, 5, "",
		"address announced, or the sender's in a handshake"},
	[LE_PORT] = {"port", MPTCP_CELL_NUMBER, 8, "",
		"port announced, or the sender's in a handshake"},
	[LE_TOKEN] = {"token", MPTCP_CELL_TEXT, 9, "",
		"the receiver's in MP_JOIN; the sender's, from its key, in MP_CAPABLE"},
	[LE_BACKUP] = {"backup", MPTCP_CELL_TEXT, 8, "", "backup flag: yes or no"},
	[LE_ECHO] = {"echo", MPTCP_CELL_TEXT, 8, "",
		"yes if the ADD_ADDR confirms a received one, otherwise no"},
	[LE_REASON] = {"reason", MPTCP_CELL_TEXT, 3, "",
		"reason of MP_TCPRST or of a failure; whether an HMAC is valid"},
	[LE_TRANSIENT] = {"transient", MPTCP_CELL_TEXT, 10, "", "T flag of MP_TCPRST: yes or no"},
	[LE_DSN] = {"dsn", MPTCP_CELL_NUMBER, 7, "bytes",
		"relative data sequence number of DATA_FIN or MP_FAIL"},
	[LE_KEY] = {"key", MPTCP_CELL_WIDE, 12, "",
		"the sender's in MP_CAPABLE, the receiver's in MP_FASTCLOSE"},
	[LE_OPTION] = {"option", MPTCP_CELL_TEXT, 11, "",
		"name of the malformed option; reason says what is wrong"},
	[LE_LENGTH] = {"length", MPTCP_CELL_NUMBER, 12, "bytes", "its length, as on the wire"},
	[LE_BYTES] = {"bytes", MPTCP_CELL_NUMBER, 7, "bytes",
		"data that was sent and not acknowledged (SUBFLOW_SILENT)"},
	[LE_DURATION] = {"duration", MPTCP_CELL_NUMBER, 7, "s",
		"how long the subflow has been silent (DATA_MOVED, SUBFLOW_RESUMED)"},
	[LE_FROM] = {"from", MPTCP_CELL_NUMBER, 7, "",
		"tcpstream of the silent subflow (DATA_MOVED)"},
	[LE_ABSTIME] = {"abstime", MPTCP_CELL_NUMBER, 12, "s",
		"its time since the epoch, whatever --time says"},
	[LE_RELTIME] = {"reltime", MPTCP_CELL_NUMBER, 12, "s",
		"the same since the capture's first packet"},
};
_Static_assert(sizeof(columns) / sizeof(*columns) == LE_COLUMNS, "every column described");

struct timeline {
	struct tool_run *run;
	bool is_short;   /* a line for each event, no table */
	uint64_t events; /* a bit for each kind that is shown; 0: all are */
	struct mptcp_story story;
	uint64_t shown, others; /* events so far: of the selection, and of them not asked for */
	char nothing[64];       /* what is said where only others are there */
};

enum { LE_OPTION_EVENT = MPTCP_OPT_LONG };

static const struct mptcp_option options[] = {
	{'f', "format", "FORMAT",
		"csv, table, json or short: a line for each event (default: csv; on a terminal "
		"table, but short with -i or standard input)",
		MPTCP_COMPLETE_WORDS, "csv table json short"},
	{LE_OPTION_EVENT, "event", "EVENT,...", "show these events only", MPTCP_COMPLETE_LIST,
		"MP_CAPABLE_SYN MP_CAPABLE_SYNACK MP_CAPABLE_ACK MP_JOIN_SYN MP_JOIN_SYNACK "
		"MP_JOIN_ACK ADD_ADDR REMOVE_ADDR MP_PRIO MP_FAIL MP_FASTCLOSE MP_TCPRST "
		"OPTION_MALFORMED DATA_FIN INFINITE_MAPPING FALLBACK CONNECT_FAILED JOIN_FAILED "
		"SUBFLOW_FAILED SUBFLOW_RESET SUBFLOW_CLOSED CONNECTION_CLOSED "
		"SUBFLOW_SILENT DATA_MOVED SUBFLOW_RESUMED"},
	{0},
};

static int take(int letter, const char *value, void *context, struct mptcp_error *error)
{
	struct timeline *timeline = context;
	struct mptcp_settings *settings = &timeline->run->settings;

	if (letter == LE_OPTION_EVENT)
		return mptcp_event_choose(value, &timeline->events, error);
	timeline->is_short = !strcmp(value, "short");
	settings->format_given = true;
	if (timeline->is_short || !mptcp_opt_take_format(settings, value, error))
		return 0;
	return mptcp_opt_bad_value("format", value, "csv, table, json or short", error);
}

static const struct mptcp_tool tool = {
	.name = "mptcp-le",
	.purpose = "list the signalling events of MPTCP connections",
	.nothing = "no event",
	.operands = "[ID] [CAPTURE|CSV]...",
	.takes_id = true,
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_LIVE | MPTCP_GROUP_CAPTURES | MPTCP_GROUP_TABLE |
		MPTCP_GROUP_SELECTION | MPTCP_GROUP_TIME,
	.options = options,
	.take = take,
	.columns = columns,
	.column_count = LE_COLUMNS,
	.time = MPTCP_TIME_CONNECTION,
};

/* Whether events of outages are asked for: they need every packet of data. */
static bool wants_outages(const struct timeline *timeline)
{
	const uint64_t kinds = UINT64_C(1) << MPTCP_EVENT_SUBFLOW_SILENT |
		UINT64_C(1) << MPTCP_EVENT_DATA_MOVED | UINT64_C(1) << MPTCP_EVENT_SUBFLOW_RESUMED;

	return !timeline->events || timeline->events & kinds;
}

static bool is_wanted(struct timeline *timeline, const struct mptcp_event *event)
{
	struct tool_run *run = timeline->run;
	const struct mptcp_selection *selection = &run->settings.selection;
	bool placed = event->has_mptcpstream
		? mptcp_selection_takes_subflow(selection, event->mptcpstream, event->tcpstream)
		: !selection->has_mptcpstream &&
			mptcp_selection_takes_stream(selection, event->tcpstream);

	if (!placed)
		return false;
	if (mptcp_selection_takes_direction(selection, event->moment.mptcpdest) &&
		mptcp_selection_takes_moment(selection, event->moment.reltime)) {
		bool shown = !timeline->events || timeline->events >> event->kind & 1;

		timeline->others += !shown;
		return shown;
	}
	census_refuse(&run->census, selection, event->moment.mptcpdest, event->moment.reltime);
	return false;
}

static void put_tristate(struct mptcp_table *table, size_t column, enum mptcp_tristate value)
{
	if (value != MPTCP_ABSENT)
		mptcp_table_string(table, column, value == MPTCP_YES ? "yes" : "no");
}

/* When and where it happened. */
static void put_place(struct mptcp_table *table, const struct mptcp_event *event)
{
	mptcp_table_unsigned(table, LE_PACKETID, event->moment.packetid);
	mptcp_table_time(table, LE_TIME, event->moment.abstime);
	mptcp_table_time(table, LE_ABSTIME, event->moment.abstime);
	mptcp_table_time(table, LE_RELTIME, event->moment.reltime);
	mptcp_table_unsigned(table, LE_TCPSTREAM, event->tcpstream);
	if (!event->has_mptcpstream)
		return;
	mptcp_table_unsigned(table, LE_MPTCPSTREAM, event->mptcpstream);
	mptcp_table_string(table, LE_MPTCPDEST,
		event->moment.mptcpdest == MPTCP_SERVER ? "server" : "client");
}

static void put_row(struct tool_run *run, const struct mptcp_event *event)
{
	struct mptcp_table *table = run->table;

	if (event->has_mptcpstream)
		tool_about_connection(run, event->mptcpstream);
	else
		tool_about_stream(run, event->tcpstream);
	put_place(table, event);
	mptcp_table_string(table, LE_EVENT, mptcp_event_name(event->kind));
	mptcp_table_string(table, LE_KERNEL_EVENT, mptcp_kernel_event_name(event->kernel));
	if (event->has_addrid)
		mptcp_table_unsigned(table, LE_ADDRID, event->addrid);
	mptcp_table_address(table, LE_ADDRESS, &event->address);
	if (event->has_port)
		mptcp_table_unsigned(table, LE_PORT, event->port);
	if (event->has_token)
		mptcp_table_token(table, LE_TOKEN, event->token);
	put_tristate(table, LE_BACKUP, event->backup);
	put_tristate(table, LE_ECHO, event->echo);
	mptcp_table_string(table, LE_REASON, event->reason);
	put_tristate(table, LE_TRANSIENT, event->transient);
	if (event->has_dsn)
		mptcp_table_unsigned(table, LE_DSN, event->dsn);
	if (event->has_key)
		mptcp_table_unsigned(table, LE_KEY, event->key);
	mptcp_table_string(table, LE_OPTION, event->option);
	if (*event->option)
		mptcp_table_unsigned(table, LE_LENGTH, event->length);
	if (event->has_bytes)
		mptcp_table_unsigned(table, LE_BYTES, event->bytes);
	if (event->has_duration)
		mptcp_table_time(table, LE_DURATION, event->duration);
	if (event->has_from)
		mptcp_table_unsigned(table, LE_FROM, event->from);
	mptcp_table_end_row(table);
}

static void put_line(struct timeline *timeline, const struct mptcp_event *event)
{
	struct tool_run *run = timeline->run;
	const struct mptcp_story_connection *connection = event->has_mptcpstream
		? mptcp_roster_connection(&timeline->story.roster, event->mptcpstream)
		: NULL;
	uint32_t token = event->token;
	bool known = connection ? mptcp_story_token(connection, MPTCP_SERVER, &token) ||
			mptcp_story_token(connection, MPTCP_CLIENT, &token)
				: event->has_token;

	mptcp_buffer_reset(&run->text);
	if (mptcp_event_line(event, known ? &token : NULL, &run->text)) {
		mptcp_error_memory(&run->error);
		tool_report(run);
		return;
	}
	mptcp_output_write(&run->output, run->text.bytes, run->text.length);
}

/* The events settled so far; for a file, at its end and in order of packets. */
static void put_events(struct timeline *timeline)
{
	struct mptcp_events *events = &timeline->story.events;

	for (size_t i = 0; i < events->count && !tool_failed(timeline->run); i++) {
		const struct mptcp_event *event = &events->list[i];

		if (!is_wanted(timeline, event))
			continue;
		timeline->shown++;
		if (timeline->run->table)
			put_row(timeline->run, event);
		else
			put_line(timeline, event);
	}
	events->count = 0;
}

/* Nothing comes at the moment. In a live capture time passes also without packets, and what is over
 * is forgotten. */
static int pause_story(struct tool_run *run, struct mptcp_story *story)
{
	int64_t now = tool_live_time(run);

	if (!now || !story->now)
		return 0;
	return mptcp_story_pass(story, now, &run->error) || mptcp_story_forget(story, &run->error)
		? -1
		: 0;
}

/* Adds what comes to the story; of a stream, events are shown as soon as they are settled. */
static int read_story(struct timeline *timeline)
{
	struct tool_run *run = timeline->run;
	struct mptcp_story *story = &timeline->story;
	bool stream = mptcp_input_is_stream(run->input);
	struct mptcp_story_subflow *subflow;
	bool outages = wants_outages(timeline);
	struct mptcp_packet packet;
	enum mptcp_result got;

	mptcp_outages_begin(story);
	while ((got = tool_next_or_idle(run, &packet)) == MPTCP_ROW || got == MPTCP_IDLE) {
		if (got == MPTCP_ROW ? mptcp_story_add(story, &packet, &subflow, &run->error) ||
					(outages &&
						mptcp_outages_add(story, subflow, &packet,
							&run->error))
				     : pause_story(run, story))
			return -1;
		if (stream && story->events.count)
			put_events(timeline);
		if (got == MPTCP_IDLE)
			mptcp_output_flush(&run->output);
	}
	if (tool_failed(run))
		return 0;
	return mptcp_story_end(story, &run->error) || mptcp_outages_end(story, &run->error) ? -1
											    : 0;
}

static void list(struct timeline *timeline)
{
	struct tool_run *run = timeline->run;
	int failed = read_story(timeline);

	if (!failed && mptcp_events_sort(&timeline->story.events))
		failed = mptcp_error_memory(&run->error);
	if (failed)
		tool_report(run);
	put_events(timeline);
	if (!timeline->shown)
		census_story(&run->census, &timeline->story, run->origin);
	if (!timeline->shown && timeline->others) {
		snprintf(timeline->nothing, sizeof(timeline->nothing),
			"no such event; %" PRIu64 " of other kinds", timeline->others);
		run->nothing = timeline->nothing;
	}
	if (!timeline->shown && !run->table && run->status == MPTCP_DONE)
		tool_nothing(run);
	mptcp_story_clear(&timeline->story);
}

static void work(struct tool_run *run, void *context)
{
	struct timeline *timeline = context;

	if (tool_open_input(run, MPTCP_STORY_NEEDED, MPTCP_OUTAGES_COLUMNS))
		return;
	bool stream = mptcp_input_is_stream(run->input);
	bool terminal = !run->settings.output && isatty(STDOUT_FILENO);
	bool is_short = timeline->is_short || (stream && terminal && !run->settings.format_given);

	run->output_direct = run->settings.input.interface != NULL;
	if (!(is_short ? tool_open_output(run) : tool_open_table(run)))
		list(timeline);
}

int main(int argc, char **argv)
{
	struct tool_run run;
	struct timeline timeline = {.run = &run};

	if (!tool_start(&run, &tool, argc, argv, &timeline))
		return run.status;
	run.alone = timeline.is_short ? "-f short" : NULL;
	return captures_run(&run, work, &timeline);
}
