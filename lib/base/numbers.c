/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "numbers.h"

#include <stdlib.h>
#include <string.h>

void mptcp_numbers_clear(struct mptcp_numbers *numbers)
{
	for (size_t i = 0; i < numbers->count; i++)
		free(numbers->pages[i]);
	free(numbers->pages);
	*numbers = (struct mptcp_numbers){0};
}

int mptcp_numbers_set(struct mptcp_numbers *numbers, uint32_t number, uint32_t index)
{
	size_t page = number / MPTCP_NUMBERS_PAGE;

	if (page >= numbers->count) {
		size_t count = page + 1 > 2 * numbers->count ? page + 1 : 2 * numbers->count;
		uint32_t **pages = realloc(numbers->pages, count * sizeof(*pages));

		if (!pages)
			return -1;
		memset(pages + numbers->count, 0, (count - numbers->count) * sizeof(*pages));
		numbers->pages = pages;
		numbers->count = count;
	}
	if (!numbers->pages[page])
		numbers->pages[page] = calloc(MPTCP_NUMBERS_PAGE, sizeof(**numbers->pages));
	if (!numbers->pages[page])
		return -1;
	numbers->pages[page][number % MPTCP_NUMBERS_PAGE] = index + 1;
	return 0;
}
