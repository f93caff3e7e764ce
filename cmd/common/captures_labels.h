/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * captures_labels: the columns that say which experiment a capture is of, and their cells.
 *
 * They come from what the options name: a template of paths (label.h) and a table with a column
 * `capture`. Where there is neither, they come from the captures themselves: from NAME=VALUE in
 * their paths, and from the labels that a CSV of several captures has already.
 */
#ifndef CAPTURES_LABELS_H
#define CAPTURES_LABELS_H

#include "argv.h"
#include "error.h"
#include "label.h"
#include "opt.h"

struct label_row;

struct labels {
	struct mptcp_argv names;               /* of the columns, from left to right */
	struct mptcp_label_template *template; /* takes the first of them; NULL for none */
	struct label_row *rows;                /* of the table, by capture */
	bool from_options, optional;
};

/* Labels that a capture brings along. */
struct labels_carried {
	const char *const *names;
	struct mptcp_argv cells;
	size_t count;
};

/* What the options name. 0; -1 with MPTCP_USAGE, or an error of the table. */
int labels_init(struct labels *labels, const struct mptcp_opt_captures *options, char delimiter,
	struct mptcp_error *error);
/* Where the options name nothing: the columns that a capture has, too. 0 or -1. */
int labels_add_names(struct labels *labels, const char *path, struct mptcp_error *error);
int labels_add_carried(struct labels *labels, const struct labels_carried *carried,
	struct mptcp_error *error);
/* Whether the column holds numbers. */
bool labels_is_number(const struct labels *labels, size_t column);
/*
 * Adds the cells of a capture, one for each name. `carried` may be NULL. MPTCP_USAGE where the
 * options have none for it and are not optional.
 */
int labels_of(const struct labels *labels, const char *capture,
	const struct labels_carried *carried, struct mptcp_argv *cells, struct mptcp_error *error);
void labels_clear(struct labels *labels);

#endif
