/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "doctor.h"

#include "cache.h"
#include "doctor_capture.h"
#include "human.h"
#include "frame.h"
#include "listing.h"
#include "plugin_folder.h"
#include "process.h"
#include "process_read.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define INSTALL_TSHARK "install tshark (Debian: apt install tshark), or set tshark_binary"
#define INSTALL_EDITCAP \
	"install editcap (Debian: apt install wireshark-common), or set editcap_binary"
#define INSTALL_DUMPCAP \
	"for live captures: install dumpcap (Debian: apt install wireshark-common), or set " \
	"dumpcap_binary"
#define INSTALL_GNUPLOT "install gnuplot (Debian: apt install gnuplot-nox), or set gnuplot_binary"

struct doctor {
	const struct mptcp_input_options *options;
	const struct mptcp_config *config;
	mptcp_doctor_report *report;
	void *context;
	bool failed;
};

const char *mptcp_check_state_name(enum mptcp_check_state state)
{
	static const char *const names[] = {"ok", "note", "failed"};

	return names[state];
}

/* Hands a check on and releases it. */
static void hand_on(struct doctor *doctor, struct doctor_check *check)
{
	if (check->state == MPTCP_CHECK_OK)
		check->remedy = "";
	if (check->state == MPTCP_CHECK_FAILED)
		doctor->failed = true;
	doctor->report(doctor->context, check);
	mptcp_buffer_clear(&check->found);
}

static void set(struct doctor_check *check, enum mptcp_check_state state, const char *text)
{
	check->state = state;
	mptcp_buffer_reset(&check->found);
	mptcp_buffer_add_string(&check->found, text);
}

/* "TShark (Wireshark) 4.0.17 (Git ...).", "gnuplot 5.4 patchlevel 4": from the first digit on. */
static void add_version(struct mptcp_buffer *found, const char *text)
{
	const char *from = text + strcspn(text, "0123456789\n");
	const char *patch = strstr(from, " patchlevel ");
	size_t line = strcspn(from, "\n");

	mptcp_buffer_add(found, from, strspn(from, "0123456789."));
	if (patch && patch < from + line)
		mptcp_buffer_format(found, ".%.*s", (int)strcspn(patch + 12, " \n"), patch + 12);
}

/* The program's version and where it is. `missing`: what it means if it is not there. */
static bool check_program(struct doctor *doctor, const char *name, const char *program,
	enum mptcp_check_state missing, const char *remedy)
{
	struct doctor_check check = {.name = name, .remedy = remedy};
	const char *argv[] = {program, "--version", NULL};
	struct mptcp_buffer text = MPTCP_BUFFER_INIT, path = MPTCP_BUFFER_INIT;
	struct mptcp_error error;

	if (mptcp_process_find(program, &path, &error)) {
		set(&check, missing, error.text);
	} else {
		int status = mptcp_process_read(argv, MPTCP_READ_UNPRIVILEGED, &text, &error);

		if (status == 0)
			add_version(&check.found, text.bytes);
		if (check.found.length)
			mptcp_buffer_format(&check.found, ", %s", path.bytes);
		else
			set(&check, missing, "did not report a version");
	}
	bool there = check.state == MPTCP_CHECK_OK;
	hand_on(doctor, &check);
	mptcp_buffer_clear(&text);
	mptcp_buffer_clear(&path);
	return there;
}

/* Is there a line with this name between its tabs? `tshark -G fields`: F TAB label TAB name TAB ...
 */
static bool has_field(const char *list, const char *name)
{
	char wanted[128];

	snprintf(wanted, sizeof(wanted), "\t%s\t", name);
	return strstr(list, wanted) != NULL;
}

static void check_fields(struct doctor *doctor)
{
	struct doctor_check check = {.name = "fields",
		.remedy = "use tshark 3.4 or later, with its TCP dissector"};
	const char *argv[] = {doctor->options->tshark, "-G", "fields", NULL};
	struct mptcp_buffer list = MPTCP_BUFFER_INIT, missing = MPTCP_BUFFER_INIT;
	struct mptcp_error error;

	if (mptcp_process_read(argv, MPTCP_READ_UNPRIVILEGED, &list, &error)) {
		set(&check, MPTCP_CHECK_FAILED, "tshark -G fields failed");
	} else {
		for (size_t i = 0; i < mptcp_frame_field_count; i++)
			if (!has_field(list.bytes, mptcp_frame_fields[i]))
				mptcp_buffer_format(&missing, " %s", mptcp_frame_fields[i]);
		check.state = missing.length ? MPTCP_CHECK_FAILED : MPTCP_CHECK_OK;
		if (missing.length)
			mptcp_buffer_format(&check.found, "missing:%s", missing.bytes);
		else
			mptcp_buffer_format(&check.found, "all %zu that the tools read",
				mptcp_frame_field_count);
	}
	hand_on(doctor, &check);
	mptcp_buffer_clear(&list);
	mptcp_buffer_clear(&missing);
}

/* Which way tshark gives its frames: the plugin, or -T fields, and then why. */
static void check_plugin(struct doctor *doctor)
{
	struct doctor_check check = {.name = "plugin",
		.remedy =
			"for a faster export: build with libwireshark-dev of tshark's version, in a "
			"folder that the user who runs tshark (for root: nobody) can read"};
	struct mptcp_buffer folder = MPTCP_BUFFER_INIT, why = MPTCP_BUFFER_INIT;

	if (doctor->options->profile)
		mptcp_buffer_add_string(&why, "a profile is set");
	else if (mptcp_plugin_folder(&folder, &why))
		mptcp_plugin_works(doctor->options->tshark, &folder, &why);
	check.state = why.length ? MPTCP_CHECK_NOTE : MPTCP_CHECK_OK;
	if (why.length)
		mptcp_buffer_format(&check.found, "not used, but -T fields: %s", why.bytes);
	else
		mptcp_buffer_format(&check.found, "used, %s", folder.bytes);
	hand_on(doctor, &check);
	mptcp_buffer_clear(&folder);
	mptcp_buffer_clear(&why);
}

static void check_terminals(struct doctor *doctor, const char *gnuplot)
{
	static const char *const wanted[] = {"pngcairo", "svg", "pdfcairo", "dumb"};
	struct doctor_check check = {.name = "terminals",
		.remedy = "install gnuplot with cairo (Debian: apt install gnuplot-nox)"};
	const char *argv[] = {gnuplot, "-e", "set print '-'; print GPVAL_TERMINALS", NULL};
	struct mptcp_buffer list = MPTCP_BUFFER_INIT;
	struct mptcp_error error;
	bool asked = mptcp_process_read(argv, 0, &list, &error) == 0;

	if (asked && list.length && list.bytes[list.length - 1] == '\n')
		list.bytes[list.length - 1] = ' ';
	for (size_t i = 0; asked && i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		char name[32];

		snprintf(name, sizeof(name), " %s ", wanted[i]);
		bool there = strstr(list.bytes, name) != NULL;
		if (!there)
			check.state = MPTCP_CHECK_NOTE;
		mptcp_buffer_format(&check.found, "%s%s%s", check.found.length ? ", " : "",
			there ? "" : "no ", wanted[i]);
	}
	if (!asked)
		set(&check, MPTCP_CHECK_NOTE, "gnuplot did not report its terminals");
	hand_on(doctor, &check);
	mptcp_buffer_clear(&list);
}

static void add_size(struct mptcp_buffer *to, uint64_t bytes)
{
	char digits[32];
	int length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)bytes);

	mptcp_human_add(to, "bytes", digits, (size_t)length);
}

static void check_cache(struct doctor *doctor)
{
	struct doctor_check check = {.name = "cache",
		.remedy = "make the folder writable, or set XDG_CACHE_HOME; without a cache, each "
			  "tool exports again"};
	struct mptcp_cache cache;
	struct mptcp_cache_item *items;
	struct mptcp_error error;
	size_t count;

	if (doctor->options->no_cache) {
		check.remedy = "set cache = yes to keep exports";
		set(&check, MPTCP_CHECK_NOTE, "switched off by the configuration");
	} else if (mptcp_cache_open(&cache, NULL, doctor->options->cache_size, &error)) {
		set(&check, MPTCP_CHECK_NOTE, error.text);
	} else {
		if (access(cache.folder, W_OK))
			mptcp_buffer_format(&check.found, "%s: cannot be written", cache.folder);
		else if (mptcp_cache_list(&cache, &items, &count, &error))
			mptcp_buffer_add_string(&check.found, error.text);
		else {
			uint64_t bytes = 0;

			for (size_t i = 0; i < count; i++)
				bytes += items[i].size;
			mptcp_buffer_format(&check.found, "%s: %zu exports, ", cache.folder, count);
			add_size(&check.found, bytes);
			mptcp_buffer_add_string(&check.found, " of ");
			add_size(&check.found, cache.limit);
			mptcp_cache_items_free(items, count);
			mptcp_cache_close(&cache);
			hand_on(doctor, &check);
			return;
		}
		check.state = MPTCP_CHECK_NOTE;
		mptcp_cache_close(&cache);
	}
	hand_on(doctor, &check);
}

/* Where values other than the defaults come from. */
static void check_configuration(struct doctor *doctor)
{
	struct doctor_check check = {.name = "configuration", .remedy = ""};

	for (size_t i = 0; i < mptcp_config_key_count; i++) {
		const char *key = mptcp_config_keys[i].name;
		const char *origin = mptcp_config_origin(doctor->config, key);

		if (strcmp(origin, "default"))
			mptcp_buffer_format(&check.found, "%s%s (%s)",
				check.found.length ? ", " : "", key, origin);
	}
	if (!check.found.length)
		mptcp_buffer_add_string(&check.found, "all keys have their defaults");
	hand_on(doctor, &check);
}

/* Reads the packets of the built-in capture into a listing; returns how many there are, or -1. */
static int list_packets(const struct mptcp_input_options *options, const char *path,
	struct mptcp_listing *listing, struct mptcp_error *error)
{
	struct mptcp_input *input =
		mptcp_input_open(path, options, MPTCP_LISTING_NEEDED, MPTCP_LISTING_COLUMNS, error);
	struct mptcp_packet packet;
	enum mptcp_result got;
	int count = 0;

	if (!input)
		return -1;
	while ((got = mptcp_input_next(input, &packet, error)) == MPTCP_ROW || got == MPTCP_IDLE) {
		if (got == MPTCP_IDLE)
			continue;
		count++;
		if (mptcp_listing_add(listing, &packet, error)) {
			got = MPTCP_FAILED;
			break;
		}
	}
	mptcp_input_close(input);
	if (got == MPTCP_FAILED || mptcp_story_end(&listing->story, error))
		return -1;
	return count;
}

static bool is_as_known(const struct mptcp_listing *listing, int packets)
{
	const struct mptcp_roster *roster = &listing->story.roster;
	uint32_t token;

	if (packets != MPTCP_DOCTOR_PACKETS || roster->connection_count != 1 ||
		roster->subflow_count != MPTCP_DOCTOR_SUBFLOWS)
		return false;
	const struct mptcp_story_connection *connection = roster->connections[0];

	return connection->established == MPTCP_DOCTOR_SUBFLOWS &&
		mptcp_listing_bytes(connection, MPTCP_SERVER) == MPTCP_DOCTOR_BYTES &&
		mptcp_story_token(connection, MPTCP_CLIENT, &token) && token == MPTCP_DOCTOR_TOKEN;
}

static void check_pipeline(struct doctor *doctor)
{
	struct doctor_check check = {.name = "pipeline",
		.remedy = "run 'mptcp-export -vv' on a capture for details"};
	struct mptcp_input_options options = *doctor->options;
	struct mptcp_listing listing;
	struct mptcp_error error = {0};
	char path[64];
	int fd = memfd_create("capture", MFD_CLOEXEC), packets = -1;

	mptcp_listing_init(&listing, NULL);
	options.no_cache = true;
	if (fd < 0 ||
		write(fd, mptcp_doctor_capture, sizeof(mptcp_doctor_capture)) !=
			(ssize_t)sizeof(mptcp_doctor_capture)) {
		mptcp_error_system(&error, MPTCP_IO, "memory for the capture");
	} else {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		packets = list_packets(&options, path, &listing, &error);
	}
	if (packets < 0)
		set(&check, MPTCP_CHECK_FAILED, error.text);
	else if (!is_as_known(&listing, packets))
		set(&check, MPTCP_CHECK_FAILED, "the built-in capture gives a wrong result");
	else
		mptcp_buffer_format(&check.found,
			"%d packets through tshark: 1 connection, %zu subflows", packets,
			listing.story.roster.subflow_count);
	mptcp_listing_clear(&listing);
	if (fd >= 0)
		close(fd);
	hand_on(doctor, &check);
}

int mptcp_doctor(const struct mptcp_input_options *options, const struct mptcp_config *config,
	mptcp_doctor_report *report, void *context)
{
	struct doctor doctor = {.options = options,
		.config = config,
		.report = report,
		.context = context};
	const char *gnuplot = mptcp_config_get(config, "gnuplot_binary");

	bool tshark = check_program(&doctor, "tshark", options->tshark, MPTCP_CHECK_FAILED,
		INSTALL_TSHARK);
	if (tshark) {
		check_fields(&doctor);
		check_plugin(&doctor);
	}
	check_program(&doctor, "editcap", options->editcap, MPTCP_CHECK_FAILED, INSTALL_EDITCAP);
	check_program(&doctor, "dumpcap", options->dumpcap, MPTCP_CHECK_NOTE, INSTALL_DUMPCAP);
	if (check_program(&doctor, "gnuplot", gnuplot, MPTCP_CHECK_FAILED, INSTALL_GNUPLOT))
		check_terminals(&doctor, gnuplot);
	check_cache(&doctor);
	check_configuration(&doctor);
	if (tshark)
		check_pipeline(&doctor);
	return doctor.failed ? -1 : 0;
}
