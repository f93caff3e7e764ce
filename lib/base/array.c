/* SPDX-License-Identifier: GPL-2.0-or-later */
/* array: see array.h. */
#include "array.h"

#include <stdlib.h>
#include <string.h>

void *mptcp_array_append(void *array, size_t *count, size_t *capacity, size_t size)
{
	if (*count == *capacity) {
		size_t more = *capacity ? 2 * *capacity : 16;
		void *grown = realloc(array, more * size);

		if (!grown)
			return NULL;
		array = grown;
		*capacity = more;
	}
	memset((char *)array + *count * size, 0, size);
	++*count;
	return array;
}
