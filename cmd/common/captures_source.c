/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which captures there are: operands, --files-from, and the parts of a CSV of several. */
#include "array.h"
#include "captures_parts.h"
#include "temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static struct captures_file *add_file(struct captures *captures, const char *name)
{
	struct captures_file *files = mptcp_array_append(captures->files, &captures->file_count,
		&captures->file_capacity, sizeof(*files));

	if (!files) {
		mptcp_error_memory(&captures->run->error);
		return NULL;
	}
	captures->files = files;
	struct captures_file *file = &files[captures->file_count - 1];
	*file = (struct captures_file){.name = strdup(name), .copy = -1};
	if (file->name)
		return file;
	mptcp_error_memory(&captures->run->error);
	return NULL;
}

/* The whole of a file, ended by NUL. */
static char *read_all(const char *path, size_t *length, struct mptcp_error *error)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);
	ssize_t got = fd < 0 ? -1 : 1;

	while (got > 0 && !mptcp_buffer_reserve(&text, 65536)) {
		do
			got = read(fd, text.bytes + text.length, 65536);
		while (got < 0 && errno == EINTR);
		text.length += got > 0 ? (size_t)got : 0;
	}
	if (got < 0)
		mptcp_error_system(error, MPTCP_IO, "%s",
			strcmp(path, "-") ? path : "standard input");
	if (fd >= 0)
		close(fd);
	mptcp_buffer_add_char(&text, '\0');
	if (got >= 0 && text.failed)
		mptcp_error_memory(error);
	*length = text.length ? text.length - 1 : 0;
	char *bytes = got < 0 || text.failed ? NULL : mptcp_buffer_take(&text);
	mptcp_buffer_clear(&text);
	return bytes;
}

/* The names of --files-from. */
static int list_from(struct captures *captures, const char *path, char end)
{
	size_t length;

	captures->list = read_all(path, &length, &captures->run->error);
	if (!captures->list)
		return -1;
	for (char *name = captures->list, *stop = name + length; name < stop;) {
		char *after = memchr(name, end, (size_t)(stop - name));

		if (!after)
			after = stop;
		*after = '\0';
		if (*name && !add_file(captures, name))
			return -1;
		name = after + 1;
	}
	return 0;
}

/* Opens the file if it is a CSV of several captures; NULL if not. */
static struct mptcp_input *open_divided(const struct captures *captures,
	const struct captures_file *file)
{
	struct mptcp_input_options options = captures->run->settings.input;
	char path[TEMPORARY_PATH];

	options.log = (struct mptcp_log){0};
	options.interface = NULL;
	if (file->copy < 0)
		return mptcp_input_open_captures(file->name, &options);
	options.name = strcmp(file->name, "-") ? file->name : "standard input";
	temporary_path(file->copy, path);
	return mptcp_input_open_captures(path, &options);
}

/* Looks at a file: what can be read only once is copied, and the names of its labels are taken. */
static int look_at(struct captures *captures, struct captures_file *file)
{
	struct mptcp_error *error = &captures->run->error;
	struct captures_division division;
	struct labels_carried carried;

	if (!file->input) {
		int copy = temporary_copy(file->name, error);

		if (copy == -1)
			return -1;
		file->copy = copy == -2 ? -1 : copy;
		file->input = open_divided(captures, file);
	}
	file->divided = file->input != NULL;
	if (!file->divided)
		return labels_add_names(&captures->labels, file->name, error);
	captures_divide(&division, file->input);
	int result = captures_carried(&division, &carried, error) ||
		labels_add_carried(&captures->labels, &carried, error);
	mptcp_argv_clear(&carried.cells);
	if (captures->file_count > 1) { /* not all of them can be open */
		mptcp_input_close(file->input);
		file->input = NULL;
	}
	return result ? -1 : 0;
}

/* The labels of each capture are known before the work on the first one is begun. */
static int check_labels(const struct captures *captures, const struct captures_file *file)
{
	struct mptcp_argv cells = {0};
	int result = file->divided
		? 0
		: labels_of(&captures->labels, file->name, NULL, &cells, &captures->run->error);

	mptcp_argv_clear(&cells);
	return result;
}

static int look_at_all(struct captures *captures)
{
	struct mptcp_settings *settings = &captures->run->settings;

	if (labels_init(&captures->labels, &settings->captures, settings->input.delimiter,
		    &captures->run->error))
		return -1;
	for (size_t i = 0; i < captures->file_count; i++)
		if (look_at(captures, &captures->files[i]))
			return -1;
	for (size_t i = 0; i < captures->file_count; i++)
		if (check_labels(captures, &captures->files[i]))
			return -1;
	return 0;
}

int captures_list(struct captures *captures)
{
	struct mptcp_settings *settings = &captures->run->settings;
	const char *list = settings->captures.files_from;

	for (size_t i = 0; i < settings->operand_count; i++)
		if (!add_file(captures, settings->operands[i]))
			return -1;
	if (list && list_from(captures, list, settings->captures.null ? '\0' : '\n'))
		return -1;
	if (!captures->file_count && !list && !add_file(captures, "-"))
		return -1;
	if (!captures->file_count)
		return mptcp_error_set(&captures->run->error, MPTCP_NOTHING, "%s: names no capture",
			strcmp(list, "-") ? list : "standard input");
	return look_at_all(captures);
}

int captures_list_open(struct captures *captures, struct mptcp_input *input)
{
	struct captures_file *file = add_file(captures, mptcp_input_name(input));

	if (!file) {
		mptcp_input_close(input);
		return -1;
	}
	file->input = input;
	return look_at_all(captures);
}

/* A file that is one capture. */
static struct capture *take_file(struct captures *captures, const struct captures_file *file,
	bool *failed)
{
	struct mptcp_error *error = &captures->run->error;
	struct capture *capture = capture_new(file->name, strlen(file->name), error);
	char path[TEMPORARY_PATH];

	*failed = true;
	if (!capture || labels_of(&captures->labels, file->name, NULL, &capture->labels, error))
		return capture;
	if (file->copy >= 0) {
		temporary_path(file->copy, path);
		*failed = capture_set_path(capture, path,
				  strcmp(file->name, "-") ? file->name : "standard input",
				  error) != 0;
	} else {
		*failed = capture_set_path(capture, file->name, NULL, error) != 0;
	}
	return capture;
}

/* Turns to the next file; NULL where it is a CSV that has to be divided, now begun. */
static struct capture *next_file(struct captures *captures, bool *failed)
{
	struct captures_file *file = &captures->files[captures->next_file++];

	if (file->divided && !file->input)
		file->input = open_divided(captures, file);
	if (!file->input)
		return take_file(captures, file, failed);
	captures_divide(&captures->division, file->input);
	file->input = NULL;
	return NULL;
}

struct capture *captures_next(struct captures *captures, bool *failed)
{
	struct capture *capture = NULL;

	*failed = false;
	for (;;) {
		capture = captures_next_part(captures, failed);
		if (capture || *failed)
			break;
		captures_end_division(&captures->division);
		if (captures->next_file == captures->file_count)
			return NULL;
		capture = next_file(captures, failed);
		if (capture || *failed)
			break;
	}
	if (*failed && capture) {
		capture_free(capture);
		capture = NULL;
	}
	return capture;
}

void captures_list_clear(struct captures *captures)
{
	captures_end_division(&captures->division);
	for (size_t i = 0; i < captures->file_count; i++) {
		struct captures_file *file = &captures->files[i];

		mptcp_input_close(file->input);
		if (file->copy >= 0)
			close(file->copy);
		free(file->name);
	}
	free(captures->files);
	free(captures->list);
	labels_clear(&captures->labels);
}
