/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page: a text that is made in memory before a terminal shows it, because it may be too long for
 * it, or is drawn over the one before.
 */
#ifndef PAGE_H
#define PAGE_H

#include "error.h"
#include "output.h"

#include <stdbool.h>
#include <stddef.h>

struct page {
	bool open;
	int fd; /* of a file in memory */
	struct mptcp_output output;
	char *bytes; /* what page_end found */
	size_t length;
};

/* Begins a text, written to page->output; what the page had before is gone. 0 or -1. */
int page_begin(struct page *page, struct mptcp_error *error);
/* Ends it: `bytes` and `length` are valid until the next call. 0 or -1. */
int page_end(struct page *page, struct mptcp_error *error);
void page_close(struct page *page);
/*
 * Writes what page_end found to a terminal of so many rows (0: not known): through the user's pager
 * where it is longer than that ($PAGER, otherwise less -FRSX), directly where it is not, `paged` is
 * false or there is no such program.
 */
void page_show(const struct page *page, struct mptcp_output *terminal, unsigned rows, bool paged);

#endif
