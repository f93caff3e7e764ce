/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "array.h"

#include <stdlib.h>
#include <string.h>

#define FIRST 4 /* elements: a connection has many arrays that stay small */

void *mptcp_array_reserve(void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	size_t more = *capacity ? 2 * *capacity : FIRST;
	void *grown = realloc(array, more * size);

	if (grown)
		*capacity = more;
	return grown;
}

void *mptcp_array_append(void *array, size_t *count, size_t *capacity, size_t size)
{
	void *grown = mptcp_array_reserve(array, *count, capacity, size);

	if (!grown)
		return NULL;
	memset((char *)grown + *count * size, 0, size);
	++*count;
	return grown;
}
