/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plot: a plot is a file, NAME.gp: gnuplot commands after comments that say what they draw.
 *
 * The comments at its top are lines `# key: value` with the keys of struct mptcp_plot; the first
 * line that is not a comment ends them, and any other comment is just that. mptcp-plot(1) has the
 * form. The places are searched in order; the first file of a name hides the others.
 */
#ifndef MPTCP_PLOT_H
#define MPTCP_PLOT_H

#include "buffer.h"
#include "error.h"
#include "thin.h"

#include <stdbool.h>

#define MPTCP_PLOT_PLACES 6

/* Folders with plots. */
struct mptcp_plot_places {
	struct mptcp_buffer folders[MPTCP_PLOT_PLACES];
	size_t count;
};

/*
 * `first` (if not NULL and not empty), then $XDG_DATA_HOME/mptcp/plots, then share/mptcp/plots of
 * the installation and share/plots of the source tree that this program is run from.
 */
int mptcp_plot_places(struct mptcp_plot_places *places, const char *first,
	struct mptcp_error *error);
void mptcp_plot_places_clear(struct mptcp_plot_places *places);

struct mptcp_plot {
	char *name;    /* of the file, without .gp */
	char *path;    /* where it was found */
	char *text;    /* all of the file, '\n' at its end */
	char *series;  /* `series:` that it draws; the plot's name by default */
	char *title;   /* `title:` */
	char *xlabel;  /* `xlabel:` without unit */
	char *ylabel;  /* `ylabel:` without unit */
	char *xunit;   /* `xunit:` s, bytes, bit/s get prefixes such as k; others do not */
	char *yunit;   /* `yunit:` */
	char *options; /* `options:` of the series that make sense here; for the reader */
	char *meaning; /* `meaning:` one line for --list */
	char *drawn;   /* `drawn:` a gnuplot style such as linespoints; --style may replace it */
	char *yrange;  /* `yrange:` LOW:HIGH in force without --yrange */
	double ylow, yhigh;   /* the same as numbers, NaN: from the data */
	enum mptcp_thin thin; /* `thin:` no, column, row, pixel (default) */
};

/* Of numbers, from 10^-12 on in steps of 10^3; the blank is 10^0. */
extern const char mptcp_plot_prefixes[];
/*
 * "LOW:HIGH" in the units of the series, each a number, optionally followed by one of p n u m k M G
 * T; empty or "*": from the data (NaN). MPTCP_USAGE.
 */
int mptcp_plot_range(const char *text, double *low, double *high, struct mptcp_error *error);
/* The text of a file of gnuplot's language, to be freed, '\n' at its end; MPTCP_END where there is
 * none; MPTCP_DATA for one that is too large or no text. */
enum mptcp_result mptcp_plot_read(const char *path, char **text, struct mptcp_error *error);
/* Only letters, digits, `_`, `-` and `.`, a letter or digit first. */
bool mptcp_plot_is_name(const char *name);
/*
 * Finds and reads a plot. Members are "" where the file does not say. MPTCP_USAGE for an invalid
 * name or one that no place has; MPTCP_DATA for an invalid file; MPTCP_IO.
 */
int mptcp_plot_load(struct mptcp_plot *plot, const struct mptcp_plot_places *places,
	const char *name, struct mptcp_error *error);
void mptcp_plot_clear(struct mptcp_plot *plot);
/* Appends a line for each plot, sorted by name: name, series, meaning, path, separated by tabs. A
 * file that cannot be read is left out. */
int mptcp_plot_list(const struct mptcp_plot_places *places, struct mptcp_buffer *text,
	struct mptcp_error *error);

#endif
