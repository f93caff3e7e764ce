/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "label.h"

#include "array.h"
#include "buffer.h"

#include <stdlib.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
#define DIGITS "0123456789"

enum kind { PART_LITERAL, PART_FOLDER, PART_TEXT, PART_DIGITS };

/* A part of a template; PART_FOLDER is a "/". */
struct part {
	enum kind kind;
	size_t at;         /* where it stands in the template */
	size_t start, end; /* of its literal, or of its name, in `names` */
};

struct mptcp_label_template {
	char *text;
	struct part *parts;
	size_t count, capacity;
	struct mptcp_buffer
		names;  /* literals without double braces, and names, each ended by NUL */
	size_t *labels; /* which parts are labels */
	size_t label_count, label_capacity;
	size_t folders; /* how many "/" */
	bool whole;     /* it begins with one */
};

bool mptcp_label_is_name(const char *bytes, size_t length)
{
	if (!length || memchr(DIGITS, *bytes, strlen(DIGITS)))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!memchr(LETTERS DIGITS, bytes[i], strlen(LETTERS DIGITS)))
			return false;
	return true;
}

static struct part *add_part(struct mptcp_label_template *pattern, enum kind kind, size_t at)
{
	struct part *parts = mptcp_array_append(pattern->parts, &pattern->count, &pattern->capacity,
		sizeof(*parts));

	if (!parts)
		return NULL;
	pattern->parts = parts;
	parts[pattern->count - 1] = (struct part){kind, at, pattern->names.length, 0};
	return &parts[pattern->count - 1];
}

/* Ends the text of a part. */
static int end_part(struct mptcp_label_template *pattern, struct part *part)
{
	if (!part)
		return -1;
	part->end = pattern->names.length;
	return mptcp_buffer_add_char(&pattern->names, '\0');
}

/* Text up to the next brace or folder; a double brace is one. */
static int add_literal(struct mptcp_label_template *pattern, const char **at)
{
	struct part *part = add_part(pattern, PART_LITERAL, (size_t)(*at - pattern->text));

	for (; **at && **at != '/'; ++*at) {
		if (**at == '{' || **at == '}') {
			if ((*at)[1] != **at)
				break;
			++*at;
		}
		mptcp_buffer_add_char(&pattern->names, **at);
	}
	return end_part(pattern, part);
}

static int add_folder(struct mptcp_label_template *pattern, const char **at)
{
	struct part *part = add_part(pattern, PART_FOLDER, (size_t)(*at - pattern->text));

	pattern->whole |= *at == pattern->text;
	pattern->folders++;
	*at += strspn(*at, "/");
	return end_part(pattern, part);
}

static bool has_label(const struct mptcp_label_template *pattern, const char *name, size_t length)
{
	for (size_t i = 0; i < pattern->label_count; i++) {
		const char *other = mptcp_label_name(pattern, i);

		if (strlen(other) == length && !memcmp(other, name, length))
			return true;
	}
	return false;
}

/* "{name}" or "{name:d}". 0; 1: memory ran out; -1: refused. */
static int add_label(struct mptcp_label_template *pattern, const char **at,
	struct mptcp_error *error)
{
	const char *name = *at + 1;
	size_t length = strcspn(name, "{}/:"), rest = strcspn(name + length, "{}/");
	int shown = (int)(length + rest);
	bool digits = rest == 2 && name[length + 1] == 'd';

	if (name[length + rest] != '}')
		return mptcp_error_set(error, MPTCP_USAGE,
			"'{%.*s' lacks its '}' ('{{' is a brace)", shown, name);
	if (!mptcp_label_is_name(name, length))
		return mptcp_error_set(error, MPTCP_USAGE,
			"'{%.*s}' is not a name of letters, digits and _", shown, name);
	if (rest && !digits)
		return mptcp_error_set(error, MPTCP_USAGE, "'{%.*s}': only ':d' may follow a name",
			shown, name);
	if (has_label(pattern, name, length))
		return mptcp_error_set(error, MPTCP_USAGE, "label '%.*s' is there twice",
			(int)length, name);
	struct part *part =
		add_part(pattern, digits ? PART_DIGITS : PART_TEXT, (size_t)(*at - pattern->text));
	size_t *labels = mptcp_array_append(pattern->labels, &pattern->label_count,
		&pattern->label_capacity, sizeof(*labels));
	if (!labels)
		return 1;
	pattern->labels = labels;
	labels[pattern->label_count - 1] = pattern->count - 1;
	mptcp_buffer_add(&pattern->names, name, length);
	*at = name + length + rest + 1;
	return end_part(pattern, part) ? 1 : 0;
}

static int parse(struct mptcp_label_template *pattern, struct mptcp_error *error)
{
	const char *at = pattern->text;
	int result = 0;

	while (*at && !result) {
		if (*at == '/')
			result = add_folder(pattern, &at) ? 1 : 0;
		else if (*at == '{' && at[1] != '{')
			result = add_label(pattern, &at, error);
		else if (*at == '}' && at[1] != '}')
			return mptcp_error_set(error, MPTCP_USAGE,
				"'%s' has no '{' before it ('}}' is a brace)", at);
		else
			result = add_literal(pattern, &at) ? 1 : 0;
	}
	return result > 0 ? mptcp_error_memory(error) : result;
}

struct mptcp_label_template *mptcp_label_template_new(const char *text, struct mptcp_error *error)
{
	struct mptcp_label_template *pattern = calloc(1, sizeof(*pattern));

	if (pattern) {
		mptcp_buffer_reset(&pattern->names);
		pattern->text = strdup(text);
	}
	if (!pattern || !pattern->text) {
		mptcp_error_memory(error);
	} else if (!parse(pattern, error)) {
		return pattern;
	}
	mptcp_label_template_free(pattern);
	return NULL;
}

void mptcp_label_template_free(struct mptcp_label_template *pattern)
{
	if (!pattern)
		return;
	mptcp_buffer_clear(&pattern->names);
	free(pattern->labels);
	free(pattern->parts);
	free(pattern->text);
	free(pattern);
}

size_t mptcp_label_count(const struct mptcp_label_template *pattern)
{
	return pattern->label_count;
}

const char *mptcp_label_name(const struct mptcp_label_template *pattern, size_t label)
{
	return pattern->names.bytes + pattern->parts[pattern->labels[label]].start;
}

bool mptcp_label_is_number(const struct mptcp_label_template *pattern, size_t label)
{
	return pattern->parts[pattern->labels[label]].kind == PART_DIGITS;
}

/* A path being compared with a template. */
struct matching {
	const struct mptcp_label_template *pattern;
	const char *path; /* from where the template is compared */
	size_t length;
	struct mptcp_text *values;
	unsigned char *tried; /* for each part and place: no match from there on */
	size_t reached;       /* the part that no try came beyond */
};

static int match_from(struct matching *matching, size_t part, size_t place);

/* One of several lengths, from `first` on towards `last`. */
static int match_label(struct matching *matching, size_t part, size_t place)
{
	const char *bytes = matching->path + place;
	bool digits = matching->pattern->parts[part].kind == PART_DIGITS;
	size_t most = digits ? strspn(bytes, DIGITS) : strcspn(bytes, "/"), label = 0;

	while (matching->pattern->labels[label] != part)
		label++;
	for (size_t i = 1; i <= most; i++) {
		size_t length = digits ? most + 1 - i : i;

		if (match_from(matching, part + 1, place + length))
			continue;
		matching->values[label] = (struct mptcp_text){bytes, length};
		return 0;
	}
	return -1;
}

/* What is not a label: how long it is at this place; 0 where it is not there. */
static size_t literal_length(const struct matching *matching, const struct part *part,
	const char *bytes)
{
	size_t length = part->end - part->start;

	if (part->kind == PART_FOLDER)
		return strspn(bytes, "/");
	return strncmp(bytes, matching->pattern->names.bytes + part->start, length) ? 0 : length;
}

/* Whether the rest of the path is the rest of the template: 0 or -1. */
static int match_from(struct matching *matching, size_t part, size_t place)
{
	size_t count = matching->pattern->count, length;

	if (part > matching->reached)
		matching->reached = part;
	if (part == count)
		return place == matching->length ? 0 : -1;
	unsigned char *tried = &matching->tried[part * (matching->length + 1) + place];
	if (*tried)
		return -1;
	*tried = 1;
	const struct part *this = &matching->pattern->parts[part];
	if (this->kind == PART_TEXT || this->kind == PART_DIGITS)
		return match_label(matching, part, place);
	length = literal_length(matching, this, matching->path + place);
	return length ? match_from(matching, part + 1, place + length) : -1;
}

/* Where as many folders begin at the end of the path as the template has; NULL where the path has
 * fewer. */
static const char *find_start(const struct mptcp_label_template *pattern, const char *path)
{
	const char *at = path + strlen(path);

	if (pattern->whole)
		return path;
	for (size_t folders = 0;; folders++) {
		while (at > path && at[-1] != '/')
			at--;
		if (folders == pattern->folders)
			return at;
		while (at > path && at[-1] == '/')
			at--;
		if (at == path)
			return NULL;
	}
}

static int refuse(const struct matching *matching, const char *path, struct mptcp_error *error)
{
	const struct mptcp_label_template *pattern = matching->pattern;
	size_t part = matching->reached;

	if (part < pattern->count)
		return mptcp_error_set(error, MPTCP_USAGE, "'%s' does not match from '%s' on", path,
			pattern->text + pattern->parts[part].at);
	return mptcp_error_set(error, MPTCP_USAGE, "'%s' has more after '%s'", path,
		pattern->text + pattern->parts[part - 1].at);
}

int mptcp_label_match(const struct mptcp_label_template *pattern, const char *path,
	struct mptcp_text *values, struct mptcp_error *error)
{
	struct matching matching = {.pattern = pattern, .values = values};

	if (!pattern->count)
		return 0;
	matching.path = find_start(pattern, path);
	if (!matching.path)
		return mptcp_error_set(error, MPTCP_USAGE, "'%s' has fewer folders than '%s'", path,
			pattern->text);
	matching.length = strlen(matching.path);
	matching.tried = calloc(pattern->count, matching.length + 1);
	if (!matching.tried)
		return mptcp_error_memory(error);
	int result = match_from(&matching, 0, 0);
	free(matching.tried);
	return result ? refuse(&matching, path, error) : 0;
}

/* How much of a file's name is left without the endings that say what it is. */
static size_t without_endings(const char *name, size_t length)
{
	static const char *const endings[] = {".gz", ".zst", ".lz4", ".xz", ".bz2", ".pcapng",
		".pcap", ".cap", ".dmp", ".snoop", ".erf", ".csv", ".tsv"};
	const size_t count = sizeof(endings) / sizeof(*endings);

	/* from the outermost in: a table of one kind, so that an ending follows those it may have
	 */
	for (size_t i = 0; i < count; i++) {
		size_t ending = strlen(endings[i]);

		if (length >= ending && !memcmp(name + length - ending, endings[i], ending))
			length -= ending;
	}
	return length;
}

bool mptcp_label_next(const char **at, struct mptcp_text *name, struct mptcp_text *value)
{
	while (**at) {
		const char *piece = *at;
		size_t length = strcspn(piece, "/,"), key = strcspn(piece, "=/,");

		*at = piece + length + (piece[length] ? 1 : 0);
		if (key == length || !mptcp_label_is_name(piece, key))
			continue;
		*name = (struct mptcp_text){piece, key};
		*value = (struct mptcp_text){piece + key + 1, length - key - 1};
		if (!piece[length])
			value->length = without_endings(value->bytes, value->length);
		return true;
	}
	return false;
}
