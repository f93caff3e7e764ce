/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * label: what the path of a capture says of its experiment: which scheduler, which loss, which run.
 *
 * A template describes paths, "{scheduler}/{cc}-{loss}pct-{run:d}.pcap". It is compared with as
 * many folders and files at the end of a path as it has itself, from the start of the first of
 * them; one that begins with "/" with the whole path. `{name}` stands for the shortest text, of at
 * least one byte and without "/", with which the rest matches; `{name:d}` for the longest number of
 * digits;
 * "{{" and "}}" for braces; all else for itself. Several "/" are one.
 *
 * Without a template the path may say it itself: "sched=blest,rtt=20,run=3.pcap".
 */
#ifndef MPTCP_LABEL_H
#define MPTCP_LABEL_H

#include "error.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>

struct mptcp_label_template;

/* NULL with MPTCP_USAGE, which says what is wrong with the template, or MPTCP_IO. The empty one has
 * no label and matches every path. */
struct mptcp_label_template *mptcp_label_template_new(const char *text, struct mptcp_error *error);
void mptcp_label_template_free(struct mptcp_label_template *pattern);
/* How many labels it takes, their names, and whether one is a number, from left to right. */
size_t mptcp_label_count(const struct mptcp_label_template *pattern);
const char *mptcp_label_name(const struct mptcp_label_template *pattern, size_t label);
bool mptcp_label_is_number(const struct mptcp_label_template *pattern, size_t label);
/*
 * Puts the value of each label, a part of `path`, into `values`. MPTCP_USAGE names the first part
 * of the template that does not match; MPTCP_IO.
 */
int mptcp_label_match(const struct mptcp_label_template *pattern, const char *path,
	struct mptcp_text *values, struct mptcp_error *error);

/* A name that a label may have: letters, digits and _, no digit first. */
bool mptcp_label_is_name(const char *bytes, size_t length);
/*
 * The next NAME=VALUE in a path, from `*at` on, which is moved behind it; false where there is none
 * left. "/" and "," separate them; what has no "=" after a name is no label. The value at the end
 * of the path ends before the endings of a capture's or a table's name (.pcap, .pcapng.gz, .csv,
 * ...).
 */
bool mptcp_label_next(const char **at, struct mptcp_text *name, struct mptcp_text *value);

#endif
