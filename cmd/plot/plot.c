/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot.h"

#include "argv.h"
#include "gnuplot.h"
#include "names.h"
#include "xdg.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".gp"
#define FILE_MAX (1 << 20) /* bytes; a larger file is not a plot */

const char mptcp_plot_prefixes[] = "pnum kMGT";

/* The folder of this program is DIR in DIR/../share/...; a build in a folder of its own (make
 * check-asan) is one deeper. */
static const char *const relative[] = {"../share/mptcp/plots", "../share/plots",
	"../../share/plots"};

static int own_folder(struct mptcp_buffer *path)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program));

	while (length > 0 && program[length - 1] != '/')
		length--;
	return length > 0 ? mptcp_buffer_add(path, program, (size_t)length) : 0;
}

int mptcp_plot_places(struct mptcp_plot_places *places, const char *first,
	struct mptcp_error *error)
{
	struct mptcp_buffer *next = places->folders;

	*places = (struct mptcp_plot_places){0};
	if (first && *first)
		mptcp_buffer_add_string(next++, first);
	mptcp_xdg_data(next);
	if (next->length)
		mptcp_buffer_add_string(next++, "/plots");
	for (size_t i = 0; i < sizeof(relative) / sizeof(relative[0]); i++) {
		own_folder(next);
		if (next->length)
			mptcp_buffer_add_string(next++, relative[i]);
	}
	places->count = (size_t)(next - places->folders);
	for (size_t i = 0; i < MPTCP_PLOT_PLACES; i++)
		if (places->folders[i].failed) {
			mptcp_plot_places_clear(places);
			return mptcp_error_memory(error);
		}
	return 0;
}

void mptcp_plot_places_clear(struct mptcp_plot_places *places)
{
	for (size_t i = 0; i < MPTCP_PLOT_PLACES; i++)
		mptcp_buffer_clear(&places->folders[i]);
	places->count = 0;
}

bool mptcp_plot_is_name(const char *name)
{
	if (!isalnum((unsigned char)*name))
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("_-.", *name))
			return false;
	return true;
}

static int parse_bound(const char *text, size_t length, double *bound)
{
	char copy[32], *end;

	*bound = NAN;
	if (length == 0 || (length == 1 && *text == '*'))
		return 0;
	if (length >= sizeof(copy) || strcspn(text, "0123456789.-+") != 0)
		return -1;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (strspn(copy, "0123456789+-.eEpnumkMGT") != length)
		return -1;
	*bound = strtod(copy, &end);
	if (end == copy)
		return -1;
	if (*end) {
		const char *prefix = strchr(mptcp_plot_prefixes, *end);
		if (!prefix || end[1])
			return -1;
		*bound *= pow(10, 3.0 * (double)(prefix - mptcp_plot_prefixes - 4));
	}
	return isfinite(*bound) ? 0 : -1;
}

int mptcp_plot_range(const char *text, double *low, double *high, struct mptcp_error *error)
{
	const char *colon = strchr(text, ':');

	if (!colon || parse_bound(text, (size_t)(colon - text), low) ||
		parse_bound(colon + 1, strlen(colon + 1), high) || *low >= *high)
		return mptcp_error_set(error, MPTCP_USAGE,
			"'%s' is not a range such as 0:2.5, 10k:2M or 5:", text);
	return 0;
}

enum mptcp_result mptcp_plot_read(const char *path, char **text, struct mptcp_error *error)
{
	struct mptcp_buffer buffer = MPTCP_BUFFER_INIT;
	char bytes[4096];
	size_t count;
	FILE *file = fopen(path, "r");

	if (!file && errno == ENOENT)
		return MPTCP_END;
	if (!file)
		return mptcp_error_system(error, MPTCP_IO, "%s", path);
	while ((count = fread(bytes, 1, sizeof(bytes), file)) > 0 && buffer.length < FILE_MAX)
		mptcp_buffer_add(&buffer, bytes, count);
	int failed = ferror(file) ? mptcp_error_system(error, MPTCP_IO, "%s", path) : 0;
	fclose(file);
	mptcp_buffer_add_char(&buffer, '\n'); /* in case the last line has none */
	if (!failed && buffer.failed)
		failed = mptcp_error_memory(error);
	if (!failed && (buffer.length >= FILE_MAX || strlen(buffer.bytes) != buffer.length))
		failed = mptcp_error_set(error, MPTCP_DATA, "%s: not a plot", path);
	if (!failed)
		*text = mptcp_buffer_take(&buffer);
	mptcp_buffer_clear(&buffer);
	return failed ? MPTCP_FAILED : MPTCP_ROW;
}

static int set_member(char **member, const char *value, size_t length, struct mptcp_error *error)
{
	char *copy = strndup(value, length);

	if (!copy)
		return mptcp_error_memory(error);
	free(*member);
	*member = copy;
	return 0;
}

static int set_thin(struct mptcp_plot *plot, const char *value, size_t length,
	struct mptcp_error *error)
{
	static const char *const words[] = {[MPTCP_THIN_NO] = "no",
		[MPTCP_THIN_COLUMN] = "column",
		[MPTCP_THIN_ROW] = "row",
		[MPTCP_THIN_PIXEL] = "pixel"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == length && !strncmp(words[i], value, length)) {
			plot->thin = (enum mptcp_thin)i;
			return 0;
		}
	return mptcp_error_set(error, MPTCP_DATA,
		"%s: thin: '%.*s' is not no, column, row or pixel", plot->path, (int)length, value);
}

static int take_line(struct mptcp_plot *plot, const char *line, size_t length,
	struct mptcp_error *error)
{
	const struct {
		const char *key;
		char **member;
	} keys[] = {{"series", &plot->series}, {"title", &plot->title}, {"xlabel", &plot->xlabel},
		{"ylabel", &plot->ylabel}, {"xunit", &plot->xunit}, {"yunit", &plot->yunit},
		{"options", &plot->options}, {"meaning", &plot->meaning}, {"drawn", &plot->drawn},
		{"yrange", &plot->yrange}};
	const char *colon = memchr(line, ':', length);

	if (!colon)
		return 0;
	const char *value = colon + 1, *end = line + length;
	while (value < end && isblank((unsigned char)*value))
		value++;
	while (end > value && isspace((unsigned char)end[-1]))
		end--;
	size_t key_length = (size_t)(colon - line), value_length = (size_t)(end - value);
	if (key_length == 4 && !strncmp(line, "thin", 4))
		return set_thin(plot, value, value_length, error);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i].key) == key_length && !strncmp(line, keys[i].key, key_length))
			return set_member(keys[i].member, value, value_length, error);
	return 0;
}

static int take_comments(struct mptcp_plot *plot, struct mptcp_error *error)
{
	const char *line = plot->text;

	while (*line == '#') {
		size_t length = strcspn(line, "\n");
		size_t start = 1 + strspn(line + 1, " \t");

		if (start < length && take_line(plot, line + start, length - start, error))
			return -1;
		line += length + (line[length] == '\n');
	}
	if (!mptcp_plot_is_name(plot->series))
		return mptcp_error_set(error, MPTCP_DATA, "%s: series: '%s' is not a name",
			plot->path, plot->series);
	plot->ylow = plot->yhigh = NAN;
	if (mptcp_gnuplot_check_words("drawn", plot->drawn, false, error) ||
		(*plot->yrange &&
			mptcp_plot_range(plot->yrange, &plot->ylow, &plot->yhigh, error))) {
		error->status = MPTCP_DATA;
		return mptcp_error_prefix(error, plot->path);
	}
	return 0;
}

static enum mptcp_result load_file(struct mptcp_plot *plot, const char *name, const char *path,
	struct mptcp_error *error)
{
	char **members[] = {&plot->title, &plot->xlabel, &plot->ylabel, &plot->xunit, &plot->yunit,
		&plot->options, &plot->meaning, &plot->yrange};
	int failed = 0;

	*plot = (struct mptcp_plot){.thin = MPTCP_THIN_PIXEL};
	for (size_t i = 0; !failed && i < sizeof(members) / sizeof(members[0]); i++)
		failed = set_member(members[i], "", 0, error);
	failed = failed || set_member(&plot->drawn, "lines", strlen("lines"), error) ||
		set_member(&plot->name, name, strlen(name), error) ||
		set_member(&plot->series, name, strlen(name), error) ||
		set_member(&plot->path, path, strlen(path), error);
	enum mptcp_result got = failed ? MPTCP_FAILED : mptcp_plot_read(path, &plot->text, error);
	if (got == MPTCP_ROW && take_comments(plot, error))
		got = MPTCP_FAILED;
	if (got != MPTCP_ROW)
		mptcp_plot_clear(plot);
	return got;
}

/* MPTCP_END where there is none with that name. */
static enum mptcp_result load_from(struct mptcp_plot *plot, const struct mptcp_buffer *folder,
	const char *name, struct mptcp_error *error)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	enum mptcp_result result;

	if (mptcp_buffer_format(&path, "%s/%s" SUFFIX, folder->bytes, name))
		result = mptcp_error_memory(error);
	else
		result = load_file(plot, name, path.bytes, error);
	mptcp_buffer_clear(&path);
	return result;
}

/* Adds the plots in a folder. */
static void add_folder(struct mptcp_argv *names, const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		size_t length = strlen(entry->d_name);

		if (length > strlen(SUFFIX) &&
			!strcmp(entry->d_name + length - strlen(SUFFIX), SUFFIX))
			mptcp_argv_add_part(names, entry->d_name, length - strlen(SUFFIX));
	}
	if (folder)
		closedir(folder);
}

static int refuse_name(const struct mptcp_plot_places *places, const char *name,
	struct mptcp_error *error)
{
	struct mptcp_argv names = {0};

	for (size_t i = 0; i < places->count; i++)
		add_folder(&names, places->folders[i].bytes);
	mptcp_names_refuse(&(struct mptcp_names){(const char *const *)names.items, names.count},
		name, "unknown plot", "--list lists them", error);
	mptcp_argv_clear(&names);
	return -1;
}

int mptcp_plot_load(struct mptcp_plot *plot, const struct mptcp_plot_places *places,
	const char *name, struct mptcp_error *error)
{
	*plot = (struct mptcp_plot){0};
	for (size_t i = 0; mptcp_plot_is_name(name) && i < places->count; i++) {
		enum mptcp_result got = load_from(plot, &places->folders[i], name, error);
		if (got != MPTCP_END)
			return got == MPTCP_FAILED ? -1 : 0;
	}
	return refuse_name(places, name, error);
}

void mptcp_plot_clear(struct mptcp_plot *plot)
{
	char *members[] = {plot->name, plot->path, plot->text, plot->series, plot->title,
		plot->xlabel, plot->ylabel, plot->xunit, plot->yunit, plot->options, plot->meaning,
		plot->drawn, plot->yrange};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		free(members[i]);
	*plot = (struct mptcp_plot){0};
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list_names(const struct mptcp_plot_places *places, const struct mptcp_argv *names,
	struct mptcp_buffer *text)
{
	struct mptcp_error ignored;
	struct mptcp_plot plot;

	for (size_t i = 0; i < names->count; i++) {
		if (i && !strcmp(names->items[i], names->items[i - 1]))
			continue;
		if (mptcp_plot_load(&plot, places, names->items[i], &ignored))
			continue;
		mptcp_buffer_format(text, "%s\t%s\t%s\t%s\n", plot.name, plot.series, plot.meaning,
			plot.path);
		mptcp_plot_clear(&plot);
	}
	return text->failed ? -1 : 0;
}

int mptcp_plot_list(const struct mptcp_plot_places *places, struct mptcp_buffer *text,
	struct mptcp_error *error)
{
	struct mptcp_argv names = {0}; /* a name that several places have comes several times */
	int result = 0;

	for (size_t i = 0; i < places->count; i++)
		add_folder(&names, places->folders[i].bytes);
	if (!names.failed && names.count) {
		qsort(names.items, names.count, sizeof(*names.items), by_name);
		result = list_names(places, &names, text);
	}
	if (result || names.failed)
		result = mptcp_error_memory(error);
	mptcp_argv_clear(&names);
	return result;
}
