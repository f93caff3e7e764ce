/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "actual.h"

#include "array.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX "MPTcpExt"
#define PREFIX_LENGTH (sizeof(PREFIX) - 1)
/* what the name of a counter is made of */
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

void mptcp_actual_clear(struct mptcp_actual *actual)
{
	free(actual->values);
	*actual = (struct mptcp_actual){0};
}

const struct mptcp_actual_value *mptcp_actual_find(const struct mptcp_actual *actual,
	enum mptcp_counter counter)
{
	for (size_t i = 0; i < actual->count; i++)
		if (actual->values[i].counter == (int)counter)
			return &actual->values[i];
	return NULL;
}

static bool is_letter(char letter)
{
	return letter && strchr(LETTERS, letter);
}

/*
 * Reads the number at *at, with white space, and the marks of JSON, before it; goes behind it. The
 * kernel prints a gauge below 0 as a number beyond INT64_MAX.
 */
static int read_number(const char **at, int64_t *number, struct mptcp_error *error)
{
	const char *start = *at + strspn(*at, " \t\":");
	const char *digits = start + (*start == '-');
	char *end = (char *)start;

	errno = 0;
	if (*digits >= '0' && *digits <= '9')
		*number = digits > start ? strtoll(start, &end, 10)
					 : (int64_t)strtoull(start, &end, 10);
	if (end == start || errno || (*end && !strchr(" \t\r\n\",}", *end)))
		return mptcp_error_set(error, MPTCP_DATA, "'%.*s' is not the value of a counter",
			(int)strcspn(start, " \t\r\n,}"), start);
	*at = end;
	return 0;
}

static int put(struct mptcp_actual *actual, const struct mptcp_text *name, int64_t value,
	struct mptcp_error *error)
{
	struct mptcp_actual_value *values;
	int counter = mptcp_counter_find(name->bytes, name->length);

	if (name->length >= sizeof(values->name) || strspn(name->bytes, LETTERS) < name->length)
		return mptcp_error_set(error, MPTCP_DATA, "'%.*s' is not the name of a counter",
			(int)name->length, name->bytes);
	for (size_t i = 0; i < actual->count; i++)
		if ((counter >= 0 && actual->values[i].counter == counter) ||
			(!strncmp(actual->values[i].name, name->bytes, name->length) &&
				!actual->values[i].name[name->length]))
			return mptcp_error_set(error, MPTCP_DATA,
				"counter %.*s is there twice: the counters of one host are wanted",
				(int)name->length, name->bytes);
	values = mptcp_array_append(actual->values, &actual->count, &actual->capacity,
		sizeof(*values));
	if (!values)
		return mptcp_error_memory(error);
	actual->values = values;
	snprintf(values[actual->count - 1].name, sizeof(values->name), "%.*s", (int)name->length,
		name->bytes);
	values[actual->count - 1].counter = counter;
	values[actual->count - 1].value = value;
	return 0;
}

/* "MPTcpExt: NAME NAME ...", and the same line with numbers. */
static int read_lines(struct mptcp_actual *actual, const char **at, struct mptcp_error *error)
{
	const char *name = *at + 1, *line = strchr(name, '\n');

	if (!line || strncmp(line + 1, PREFIX ":", PREFIX_LENGTH + 1) != 0)
		return mptcp_error_set(error, MPTCP_DATA,
			"no line of numbers after that of " PREFIX);
	const char *number = line + 1 + PREFIX_LENGTH + 1;

	for (name += strspn(name, " "); name < line; name += strspn(name, " \r")) {
		struct mptcp_text word = {name, strcspn(name, " \r\n")};
		int64_t value;

		if (read_number(&number, &value, error) || put(actual, &word, value, error))
			return -1;
		name += word.length;
	}
	number += strspn(number, " \r");
	if (*number && *number != '\n')
		return mptcp_error_set(error, MPTCP_DATA, "more numbers than names of " PREFIX);
	*at = number;
	return 0;
}

/* "NAME  12   0.0" or "NAME":12 after the prefix; a truth file has "MPTcpExt.NAME". */
static int read_word(struct mptcp_actual *actual, const char **at, struct mptcp_error *error)
{
	struct mptcp_text word = {*at, strspn(*at, LETTERS)};
	int64_t value;

	*at += word.length;
	if (read_number(at, &value, error) || put(actual, &word, value, error))
		return -1;
	const char *rate = *at + strspn(*at, " \t");

	if (*rate >= '0' && *rate <= '9')
		actual->rates |= strtod(rate, NULL) > 0;
	return 0;
}

int mptcp_actual_read(struct mptcp_actual *actual, const char *text, struct mptcp_error *error)
{
	for (const char *at = strstr(text, PREFIX); at; at = strstr(at, PREFIX)) {
		bool inside = at > text && is_letter(at[-1]); /* another name */

		at += PREFIX_LENGTH;
		if (inside)
			continue;
		if (*at == ':') {
			if (read_lines(actual, &at, error))
				return -1;
			continue;
		}
		at += *at == '.';
		if (strspn(at, LETTERS) && read_word(actual, &at, error))
			return -1;
	}
	if (!actual->count)
		return mptcp_error_set(error, MPTCP_DATA,
			"no counter " PREFIX
			": the output of nstat -az, or /proc/net/netstat, is wanted");
	return 0;
}

/* No file of counters is longer. */
#define FILE_MOST (1U << 20)

int mptcp_actual_load(struct mptcp_actual *actual, const char *path, struct mptcp_error *error)
{
	bool standard = !strcmp(path, "-");
	FILE *file = standard ? stdin : fopen(path, "re");
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	char bytes[4096];
	size_t count;

	if (!file)
		return mptcp_error_system(error, MPTCP_IO, "%s", path);
	while (text.length < FILE_MOST && (count = fread(bytes, 1, sizeof(bytes), file)) > 0)
		mptcp_buffer_add(&text, bytes, count);
	int failed = ferror(file) ? mptcp_error_system(error, MPTCP_IO, "%s", path)
		: text.failed     ? mptcp_error_memory(error)
		: text.length < FILE_MOST
		? mptcp_actual_read(actual, text.bytes, error)
		: mptcp_error_set(error, MPTCP_DATA, "too long for counters");

	if (failed && error->status == MPTCP_DATA)
		mptcp_error_prefix(error, standard ? "standard input" : path);
	mptcp_buffer_clear(&text);
	if (!standard)
		fclose(file);
	return failed;
}
