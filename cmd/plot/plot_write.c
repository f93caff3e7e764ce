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
		result = mptcp_gnuplot_run(gnuplot, &script, *picture, error);
	mptcp_buffer_clear(&script);
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

/* Writes a file FOLDER/NAME+ENDING. */
static int write_file(const char *folder, const char *name, const char *ending,
	const struct mptcp_buffer *text, struct mptcp_error *error)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	struct mptcp_output output;
	int result;

	if (mptcp_buffer_format(&path, "%s/%s%s", folder, name, ending))
		result = mptcp_error_memory(error);
	else
		result = mptcp_output_open(&output, path.bytes, error);
	if (!result) {
		mptcp_output_write(&output, text->bytes, text->length);
		result = mptcp_output_close(&output, error);
	}
	mptcp_buffer_clear(&path);
	return result;
}

int mptcp_plot_write_folder(const struct mptcp_plot_picture *parts, const char *gnuplot,
	const char *folder, struct mptcp_error *error)
{
	const char *name = parts->plot->name;
	struct mptcp_buffer script = MPTCP_BUFFER_INIT, data = MPTCP_BUFFER_INIT,
			    rules = MPTCP_BUFFER_INIT, file = MPTCP_BUFFER_INIT;
	int result = 0;

	if (mkdir(folder, 0777) == -1 && errno != EEXIST)
		return mptcp_error_system(error, MPTCP_IO, "%s", folder);
	if (mptcp_buffer_format(&file, "%s.dat", name) || put_rules(&rules, name, gnuplot))
		result = mptcp_error_memory(error);
	if (!result)
		result = mptcp_plot_script(parts, file.bytes, &script, error);
	if (!result)
		result = mptcp_plot_data(parts->options, parts->chart, &data, error);
	if (!result)
		result = write_file(folder, name, ".gp", &script, error) ||
				write_file(folder, name, ".dat", &data, error) ||
				write_file(folder, "Makefile", "", &rules, error)
			? -1
			: 0;
	mptcp_buffer_clear(&script);
	mptcp_buffer_clear(&data);
	mptcp_buffer_clear(&rules);
	mptcp_buffer_clear(&file);
	return result;
}
