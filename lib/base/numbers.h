/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * numbers: from stream numbers to indices of an array.
 *
 * Stream numbers may be sparse (few MPTCP subflows among a million TCP streams) and, in a stream
 * that somebody filtered or wrote by hand, anything; looking one up is two array accesses. A zeroed
 * struct is empty.
 */
#ifndef MPTCP_NUMBERS_H
#define MPTCP_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

#define MPTCP_NUMBERS_PAGE 4096
#define MPTCP_NUMBERS_NONE UINT32_MAX

struct mptcp_numbers {
	uint32_t **pages; /* MPTCP_NUMBERS_PAGE indices each, one added, so that 0 is none; NULL
			     where there is none */
	size_t count;
};

void mptcp_numbers_clear(struct mptcp_numbers *numbers);
/* Remembers the index (below UINT32_MAX) of a number. 0, or -1 when memory ran out. */
int mptcp_numbers_set(struct mptcp_numbers *numbers, uint32_t number, uint32_t index);

/* The index of a number, or MPTCP_NUMBERS_NONE. */
static inline uint32_t mptcp_numbers_get(const struct mptcp_numbers *numbers, uint32_t number)
{
	size_t page = number / MPTCP_NUMBERS_PAGE;

	if (page >= numbers->count || !numbers->pages[page])
		return MPTCP_NUMBERS_NONE;
	return numbers->pages[page][number % MPTCP_NUMBERS_PAGE] - 1; /* 0 is none */
}

#endif
