/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config: the configuration file, mptcp-config(5).
 *
 * INI, read with libinih, all keys in the section [mptcp] or before any section (a file of
 * mptcpanalyzer can be used as well: config_older.h). Order of
 * precedence: option > environment > $XDG_CONFIG_HOME/mptcp/config > each of
 * $XDG_CONFIG_DIRS/mptcp/config. One table of keys (mptcp_config_keys) is the source of everything:
 * the tests check the manual and share/config.example against it.
 */
#ifndef MPTCP_CONFIG_H
#define MPTCP_CONFIG_H

#include "buffer.h"
#include "error.h"

#include <stddef.h>
#include <stdint.h>

struct mptcp_config_key {
	const char *name;
	const char
		*environment; /* variable that overrides the file, or NULL; empty counts as unset */
	const char *fallback; /* the value where nothing sets one; "" for none */
	const char *meaning;
};

extern const struct mptcp_config_key mptcp_config_keys[];
extern const size_t mptcp_config_key_count;

struct mptcp_config;

/*
 * Reads the files that exist (`path` not NULL: only that one, and then it must exist); as root only
 * those that nobody else can write (trust.h), for they name programs that are run. What is wrong in
 * a file that can still be used is appended to `warnings`, one line each with file and line: an
 * unknown key or section; no value for a key that needs one, which then has its default; and a file
 * that root does not use. Of two lines with the same key the last wins. MPTCP_DATA for a line that
 * is not INI or is too long, MPTCP_IO for a file that cannot be read.
 */
struct mptcp_config *mptcp_config_load(const char *path, struct mptcp_buffer *warnings,
	struct mptcp_error *error);
/* The value in force of a key of the table ("" for another name). Never NULL; valid until release.
 */
const char *mptcp_config_get(const struct mptcp_config *config, const char *name);
/* Where it comes from: a file name with line, the variable's name, or "default". */
const char *mptcp_config_origin(const struct mptcp_config *config, const char *name);
/* "4G", "512M", "100k", "12345" (multiples of 1024, either case, T too): bytes. -1 if it is not a
 * size. */
int mptcp_config_size(const char *text, uint64_t *bytes);
void mptcp_config_free(struct mptcp_config *config);

#endif
