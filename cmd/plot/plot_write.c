/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plot_write.h"

#include "gnuplot.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char page_start[] = "<!DOCTYPE html>\n"
				 "<html lang=\"en\">\n"
				 "<meta charset=\"utf-8\">\n"
				 "<title>%s</title>\n"
				 "<style>svg { max-width: 100%%; height: auto }</style>\n";
static const char page_end[] = "</html>\n";

/* @ stands for the plot's name, % for the gnuplot, ! for @. */
static const char makefile[] =
	"# Draws the picture again: make, make @.png, make @.pdf, make @.txt\n"
	"GNUPLOT = %\n"
	"\n"
	"all: @.svg\n"
	"\n"
	"@.svg @.png @.pdf @.txt: @.gp @.dat\n"
	"\t$(GNUPLOT) -d -e \"format='$(subst .,,$(suffix $!))'\" @.gp >$!\n"
	"\n"
	"clean:\n"
	"\trm -f @.svg @.png @.pdf @.txt\n"
	"\n"
	".PHONY: all clean\n"
	".DELETE_ON_ERROR:\n";

const char *mptcp_plot_format(const char *file)
{
	static const struct {
		const char *ending, *format;
	} formats[] = {{".svg", "svg"}, {".png", "png"}, {".pdf", "pdf"}, {".html", "html"},
		{".htm", "html"}, {".txt", "txt"}};
	const char *ending = strrchr(file, '.');

	for (size_t i = 0; ending && i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcasecmp(ending, formats[i].ending))
			return formats[i].format;
	return NULL;
}

int mptcp_plot_draw(const struct mptcp_plot_picture *parts, const char *gnuplot, int *picture,
	struct mptcp_error *error)
{
	struct mptcp_buffer script = MPTCP_BUFFER_INIT;
	int result = mptcp_plot_script(parts, NULL, &script, error);

	*picture = memfd_create("picture", MFD_CLOEXEC);
	if (*picture == -1)
		result = mptcp_error_system(error, MPTCP_IO, "memory stream");
	if (!result)
		result = mptcp_gnuplot_run(gnuplot, &script, *picture, parts->options->log, error);
	mptcp_buffer_clear(&script);
	/* a window takes it without leaving anything */
	if (!result && strcmp(parts->options->format, "window") && !parts->options->terminal &&
		lseek(*picture, 0, SEEK_END) == 0)
		result = mptcp_error_set(error, MPTCP_PROGRAM, "%s: drew nothing", gnuplot);
	if (result && *picture != -1)
		close(*picture);
	return result;
}

/* Reads all of the file in memory. */
static int read_picture(int picture, struct mptcp_buffer *bytes, struct mptcp_error *error)
{
	struct stat about;
	size_t size = fstat(picture, &about) == 0 ? (size_t)about.st_size : 0;

	if (mptcp_buffer_reserve(bytes, size + 1))
		return mptcp_error_memory(error);
	while (bytes->length < size) {
		ssize_t got = pread(picture, bytes->bytes + bytes->length, size - bytes->length,
			(off_t)bytes->length);
		if (got <= 0)
			return mptcp_error_system(error, MPTCP_IO, "memory stream");
		bytes->length += (size_t)got;
	}
	bytes->bytes[bytes->length] = '\0';
	return 0;
}

/* The element alone: what precedes it in XML does not belong inside a page. */
static int put_page(struct mptcp_output *output, const char *name, const char *svg,
	struct mptcp_error *error)
{
	struct mptcp_buffer start = MPTCP_BUFFER_INIT;
	const char *element = strstr(svg, "<svg");

	if (mptcp_buffer_format(&start, page_start, name)) {
		mptcp_buffer_clear(&start);
		return mptcp_error_memory(error);
	}
	mptcp_output_string(output, start.bytes);
	mptcp_output_string(output, element ? element : svg);
	mptcp_output_string(output, page_end);
	mptcp_buffer_clear(&start);
	return 0;
}

int mptcp_plot_copy(const struct mptcp_plot_picture *parts, int picture,
	struct mptcp_output *output, struct mptcp_error *error)
{
	struct mptcp_buffer bytes = MPTCP_BUFFER_INIT;
	int result = read_picture(picture, &bytes, error);

	if (!result && !strcmp(parts->options->format, "html"))
		result = put_page(output, parts->plot->name, bytes.bytes, error);
	else if (!result)
		mptcp_output_write(output, bytes.bytes, bytes.length);
	mptcp_buffer_clear(&bytes);
	return result;
}

static int put_rules(struct mptcp_buffer *rules, const char *name, const char *gnuplot)
{
	for (const char *at = makefile; *at; at++) {
		if (*at == '@')
			mptcp_buffer_add_string(rules, name);
		else if (*at == '%')
			mptcp_buffer_add_string(rules, gnuplot);
		else
			mptcp_buffer_add_char(rules, *at == '!' ? '@' : *at);
	}
	return rules->failed ? -1 : 0;
}

enum { SCRIPT, DATA, RULES, FILES };

/* The files of a folder. */
struct files {
	struct mptcp_buffer path[FILES], text[FILES];
	struct mptcp_output output[FILES];
	size_t open; /* so many of output */
};

static int make_texts(struct files *files, const struct mptcp_plot_picture *parts,
	const char *gnuplot, struct mptcp_error *error)
{
	const char *name = parts->plot->name;
	struct mptcp_buffer data = MPTCP_BUFFER_INIT;
	int result;

	if (mptcp_buffer_format(&data, "%s.dat", name) ||
		put_rules(&files->text[RULES], name, gnuplot))
		result = mptcp_error_memory(error);
	else
		result = mptcp_plot_script(parts, data.bytes, &files->text[SCRIPT], error);
	if (!result)
		result = mptcp_plot_data(parts->options, parts->chart, &files->text[DATA], error);
	mptcp_buffer_clear(&data);
	return result;
}

static int name_files(struct files *files, const char *folder, const char *name,
	const struct protect *protect, struct mptcp_error *error)
{
	if (mptcp_buffer_format(&files->path[SCRIPT], "%s/%s.gp", folder, name) ||
		mptcp_buffer_format(&files->path[DATA], "%s/%s.dat", folder, name) ||
		mptcp_buffer_format(&files->path[RULES], "%s/Makefile", folder))
		return mptcp_error_memory(error);
	for (size_t i = 0; i < FILES; i++)
		if (protect_check(protect, files->path[i].bytes, error))
			return -1;
	return 0;
}

/* All are written before the first takes its place: script and data belong together. */
static int write_files(struct files *files, struct mptcp_error *error)
{
	for (size_t i = 0; i < FILES; i++) {
		struct mptcp_output *output = &files->output[i];
		if (mptcp_output_replace(output, files->path[i].bytes, error))
			return -1;
		files->open++;
		mptcp_output_write(output, files->text[i].bytes, files->text[i].length);
		mptcp_output_flush(output);
		if (mptcp_output_failed(output))
			return mptcp_output_close(&files->output[--files->open], error);
	}
	while (files->open)
		if (mptcp_output_close(&files->output[--files->open], error))
			return -1;
	return 0;
}

static void files_clear(struct files *files)
{
	struct mptcp_error ignored; /* what counts is known */

	while (files->open) {
		mptcp_output_discard(&files->output[--files->open]);
		mptcp_output_close(&files->output[files->open], &ignored);
	}
	for (size_t i = 0; i < FILES; i++) {
		mptcp_buffer_clear(&files->path[i]);
		mptcp_buffer_clear(&files->text[i]);
	}
}

int mptcp_plot_write_folder(const struct mptcp_plot_picture *parts, const char *gnuplot,
	const char *folder, const struct protect *protect, struct mptcp_error *error)
{
	struct files files = {0};
	int result = make_texts(&files, parts, gnuplot, error);

	if (!result && mkdir(folder, 0777) == -1 && errno != EEXIST)
		result = mptcp_error_system(error, MPTCP_IO, "%s", folder);
	if (!result)
		result = name_files(&files, folder, parts->plot->name, protect, error);
	if (!result)
		result = write_files(&files, error);
	files_clear(&files);
	return result;
}
