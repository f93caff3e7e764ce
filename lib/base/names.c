/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "names.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define LONGEST 64 /* longer names resemble no other */

static bool is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * How many letters have to be put in, left out, changed or swapped with their neighbour to make one
 * of the other (the distance of Damerau and Levenshtein); capitals are the same letters.
 */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][LONGEST + 1], *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *spare = before;

		before = above;
		above = row;
		row = spare;
		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			row[j] = least(least(row[j - 1], above[j]) + 1,
				above[j - 1] + !is_same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
				is_same(a[i - 2], b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return row[b_length];
}

const char *mptcp_names_nearest(const struct mptcp_names *names, const char *name, size_t length)
{
	const char *nearest = NULL;
	size_t shortest = SIZE_MAX;

	for (size_t i = 0; i < names->count && length <= LONGEST; i++) {
		size_t other = strlen(names->list[i]), longer = length > other ? length : other;

		if (other > LONGEST)
			continue;
		size_t far = distance(name, length, names->list[i], other);
		/* with all letters of the shorter one changed it is another name */
		if (far < shortest && 2 * far <= longer && far < length && far < other) {
			shortest = far;
			nearest = names->list[i];
		}
	}
	return nearest;
}

void mptcp_names_hint(char hint[MPTCP_NAMES_HINT], const struct mptcp_names *names,
	struct mptcp_text name, const char *prefix, const char *otherwise)
{
	const char *nearest = mptcp_names_nearest(names, name.bytes, name.length);

	if (nearest)
		snprintf(hint, MPTCP_NAMES_HINT, "; did you mean '%s%s'?", prefix, nearest);
	else
		snprintf(hint, MPTCP_NAMES_HINT, "%s%s", *otherwise ? "; " : "", otherwise);
}

static int refuse(const struct mptcp_names *names, struct mptcp_text name, const char *what,
	const char *otherwise, struct mptcp_error *error)
{
	char hint[MPTCP_NAMES_HINT];

	mptcp_names_hint(hint, names, name, "", otherwise);
	return mptcp_error_set(error, MPTCP_USAGE, "%s '%.*s'%s", what, (int)name.length,
		name.bytes, hint);
}

int mptcp_names_refuse(const struct mptcp_names *names, const char *name, const char *what,
	const char *otherwise, struct mptcp_error *error)
{
	return refuse(names, (struct mptcp_text){name, strlen(name)}, what, otherwise, error);
}

int mptcp_names_choose(const struct mptcp_names *names, const char *list, size_t *chosen,
	struct mptcp_error *error)
{
	int count = 0;

	for (const char *name = list;; name++) {
		size_t length = strcspn(name, ","), at = 0;

		while (at < names->count &&
			(strlen(names->list[at]) != length ||
				memcmp(names->list[at], name, length)))
			at++;
		if (!length)
			return mptcp_error_set(error, MPTCP_USAGE,
				"missing name of a column; --columns help lists them");
		if (at == names->count)
			return refuse(names, (struct mptcp_text){name, length}, "unknown column",
				"--columns help lists them", error);
		for (int i = 0; i < count; i++)
			if (chosen[i] == at)
				return mptcp_error_set(error, MPTCP_USAGE,
					"column '%s' appears twice", names->list[at]);
		chosen[count++] = at;
		name += length;
		if (!*name)
			return count;
	}
}
