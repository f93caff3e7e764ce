/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "config_older.h"
#include "decimal.h"
#include "trust.h"
#include "xdg.h"

#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTION "mptcp"
#define STYLE(n) \
	{ \
		"style" #n, "MPTCP_STYLE" #n, "", "gnuplot style of line " #n " of a plot" \
	}

const struct mptcp_config_key mptcp_config_keys[] = {
	{"tshark_binary", "MPTCP_TSHARK_BINARY", "tshark", "the tshark that dissects captures"},
	{"editcap_binary", "MPTCP_EDITCAP_BINARY", "editcap", "the editcap that converts captures"},
	{"dumpcap_binary", "MPTCP_DUMPCAP_BINARY", "dumpcap",
		"the dumpcap that captures from interfaces"},
	{"wireshark_profile", "MPTCP_WIRESHARK_PROFILE", "", "Wireshark profile to dissect with"},
	{"delimiter", "MPTCP_DELIMITER", ",", "the character between the cells of CSV"},
	{"cache", "MPTCP_CACHE", "yes", "keep exports in the cache: yes or no"},
	{"cache_size", "MPTCP_CACHE_SIZE", "4G", "number of bytes that the cache may hold"},
	{"jobs", "MPTCP_JOBS", "0", "number of tshark processes, 0 for the number of CPUs"},
	{"gnuplot_binary", "MPTCP_GNUPLOT_BINARY", "gnuplot", "the gnuplot that draws plots"},
	{"terminal", "MPTCP_TERMINAL", "", "gnuplot terminal of plots"},
	STYLE(0),
	STYLE(1),
	STYLE(2),
	STYLE(3),
	STYLE(4),
	STYLE(5),
	STYLE(6),
	STYLE(7),
	STYLE(8),
	STYLE(9),
};

#define KEYS (sizeof(mptcp_config_keys) / sizeof(mptcp_config_keys[0]))
const size_t mptcp_config_key_count = KEYS;

/* NULL in both where nothing set a value: the fallback is in force. */
struct mptcp_config {
	char *values[KEYS];
	char *origins[KEYS];
};

/* A file being read with libinih. */
struct reading {
	struct mptcp_config *config;
	struct mptcp_buffer *warnings;
	const char *name;
	FILE *file;
	unsigned line;     /* the one read last */
	unsigned unusable; /* the first line that is too long or binary, 0 for none */
	bool failed;       /* out of memory */
};

static size_t find_key(const char *name)
{
	size_t i = 0;

	while (i < KEYS && strcmp(mptcp_config_keys[i].name, name) != 0)
		i++;
	return i;
}

/* Takes value and origin over. */
static void put(struct mptcp_config *config, size_t key, char *value, char *origin)
{
	free(config->values[key]);
	free(config->origins[key]);
	config->values[key] = value;
	config->origins[key] = origin;
}

static char *file_and_line(const struct reading *reading)
{
	char *text;

	return asprintf(&text, "%s:%u", reading->name, reading->line) < 0 ? NULL : text;
}

/* "x" in quotes is x: the way to write a blank, or the ';' that libinih takes for a comment. */
static char *unquoted(const char *value)
{
	size_t length = strlen(value);

	if (length >= 2 && value[0] == '"' && value[length - 1] == '"')
		return strndup(value + 1, length - 2);
	return strdup(value);
}

/* libinih's handler: one line "name = value". Returns 1: what is wrong with a key is not an INI
 * error. */
static int take(void *context, const char *section, const char *name, const char *value)
{
	struct reading *reading = context;
	size_t key = find_key(mptcp_config_older_name(name));
	const char *advice = mptcp_config_older_advice(name, value);

	if (section[0] && strcmp(section, SECTION) != 0 && !mptcp_config_older_section(section)) {
		mptcp_buffer_format(reading->warnings, "%s:%u: unknown section '%s'\n",
			reading->name, reading->line, section);
		return 1;
	}
	if (advice) {
		mptcp_buffer_format(reading->warnings, "%s:%u: %s = %s: not used; %s\n",
			reading->name, reading->line, name, value, advice);
		return 1;
	}
	if (key == KEYS) {
		mptcp_buffer_format(reading->warnings, "%s:%u: unknown key '%s'\n", reading->name,
			reading->line, name);
		return 1;
	}
	if (!value[0] && mptcp_config_keys[key].fallback[0]) {
		mptcp_buffer_format(reading->warnings, "%s:%u: no value for '%s'\n", reading->name,
			reading->line, name);
		put(reading->config, key, NULL, NULL);
		return 1;
	}
	char *text = unquoted(value);
	char *origin = file_and_line(reading);
	put(reading->config, key, text, origin);
	if (!text || !origin)
		reading->failed = true;
	return 1;
}

/*
 * libinih's reader, fgets with two differences. Blanks at the start of a line are dropped, because
 * libinih takes an indented line for more of the one before. And a line that does not fit is an
 * error: libinih would take the rest for a line of its own.
 */
static char *read_line(char *line, int size, void *context)
{
	struct reading *reading = context;
	int length = 0, c;
	bool empty = true, fits = true;

	while ((c = getc(reading->file)) != EOF && c != '\n') {
		empty = false;
		if (length == 0 && isspace(c))
			continue;
		if (c == '\0' || length + 1 >= size)
			fits = false;
		else
			line[length++] = (char)c;
	}
	if (c == EOF && empty)
		return NULL;
	line[length] = '\0';
	mptcp_config_older_quote(line, (size_t)size);
	reading->line++;
	if (!fits && !strchr("#;", line[0]) && !reading->unusable)
		reading->unusable = reading->line;
	return line;
}

/* What is wrong with a file as a whole, after libinih came back with `result`. */
static int check_result(const struct reading *reading, int result, struct mptcp_error *error)
{
	if (ferror(reading->file))
		return mptcp_error_system(error, MPTCP_IO, "%s", reading->name);
	if (reading->failed || reading->warnings->failed || result < 0)
		return mptcp_error_memory(error);
	if (reading->unusable && (result == 0 || reading->unusable <= (unsigned)result))
		return mptcp_error_set(error, MPTCP_DATA, "%s:%u: line too long or not text",
			reading->name, reading->unusable);
	if (result > 0)
		return mptcp_error_set(error, MPTCP_DATA,
			"%s:%d: neither 'key = value' nor '[section]'", reading->name, result);
	return 0;
}

/* What speaks against the file that was opened, whatever has its name now. */
static const char *fault_of(FILE *file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(file));
	return mptcp_trust_fault(path);
}

/* Reads one file over what is there. `named` by the user: it must exist, and is believed. */
static int read_file(struct mptcp_config *config, const char *path, bool named,
	struct mptcp_buffer *warnings, struct mptcp_error *error)
{
	struct reading reading = {.config = config, .warnings = warnings, .name = path};

	reading.file = fopen(path, "re");
	if (!reading.file) {
		if (!named && (errno == ENOENT || errno == ENOTDIR))
			return 0;
		return mptcp_error_system(error, MPTCP_IO, "%s", path);
	}
	const char *fault = named ? NULL : fault_of(reading.file);
	if (fault) {
		mptcp_buffer_format(warnings, "%s: %s: not used as root (-c FILE uses it)\n", path,
			fault);
		fclose(reading.file);
		return warnings->failed ? mptcp_error_memory(error) : 0;
	}
	int result = ini_parse_stream(read_line, &reading, take, &reading);
	result = check_result(&reading, result, error);
	fclose(reading.file);
	return result;
}

/* The user's file and those of the system, the least important first, so that later ones win. */
static int read_all(struct mptcp_config *config, struct mptcp_buffer *warnings,
	struct mptcp_error *error)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	unsigned count = 0;
	int result = 0;

	while (mptcp_xdg_config_dir(count, &path) == 0)
		count++;
	while (result == 0 && !path.failed && count-- > 0)
		if (mptcp_xdg_config_dir(count, &path) == 0 &&
			mptcp_buffer_add_string(&path, "/config") == 0)
			result = read_file(config, path.bytes, false, warnings, error);
	if (result == 0 && !path.failed && mptcp_xdg_config(&path) == 0 && path.length &&
		mptcp_buffer_add_string(&path, "/config") == 0)
		result = read_file(config, path.bytes, false, warnings, error);
	if (result == 0 && path.failed)
		result = mptcp_error_memory(error);
	mptcp_buffer_clear(&path);
	return result;
}

static int read_environment(struct mptcp_config *config, struct mptcp_error *error)
{
	for (size_t key = 0; key < KEYS; key++) {
		const char *variable = mptcp_config_keys[key].environment;
		const char *value = variable ? getenv(variable) : NULL;
		if (!value || !value[0])
			continue;
		put(config, key, strdup(value), strdup(variable));
		if (!config->values[key] || !config->origins[key])
			return mptcp_error_memory(error);
	}
	return 0;
}

struct mptcp_config *mptcp_config_load(const char *path, struct mptcp_buffer *warnings,
	struct mptcp_error *error)
{
	struct mptcp_config *config = calloc(1, sizeof(*config));

	if (!config) {
		mptcp_error_memory(error);
		return NULL;
	}
	int result = path ? read_file(config, path, true, warnings, error)
			  : read_all(config, warnings, error);
	if (result || read_environment(config, error)) {
		mptcp_config_free(config);
		return NULL;
	}
	return config;
}

const char *mptcp_config_get(const struct mptcp_config *config, const char *name)
{
	size_t key = find_key(name);

	if (key == KEYS)
		return "";
	return config->values[key] ? config->values[key] : mptcp_config_keys[key].fallback;
}

const char *mptcp_config_origin(const struct mptcp_config *config, const char *name)
{
	size_t key = find_key(name);

	return key < KEYS && config->origins[key] ? config->origins[key] : "default";
}

int mptcp_config_size(const char *text, uint64_t *bytes)
{
	static const char suffixes[] = "kmgt";
	unsigned shift = 0;
	const char *end = text + strspn(text, "0123456789");
	uint64_t number;

	if (mptcp_decimal_read(&number, text, (size_t)(end - text), UINT64_MAX))
		return -1;
	if (*end) {
		const char *suffix = strchr(suffixes, tolower((unsigned char)*end));
		if (!suffix || end[1])
			return -1;
		shift = 10 * (unsigned)(suffix - suffixes + 1);
	}
	if (number > UINT64_MAX >> shift)
		return -1;
	*bytes = number << shift;
	return 0;
}

void mptcp_config_free(struct mptcp_config *config)
{
	if (!config)
		return;
	for (size_t key = 0; key < KEYS; key++)
		put(config, key, NULL, NULL);
	free(config);
}
