/* SPDX-License-Identifier: GPL-2.0-or-later */
/* array: arrays that grow by one element at a time. */
#ifndef MPTCP_ARRAY_H
#define MPTCP_ARRAY_H

#include <stddef.h>

/*
 * Adds a zeroed element of `size` bytes behind the others of an array that malloc gave (or NULL).
 * Returns the array, which may have moved, or NULL when memory ran out: then nothing has changed.
 */
void *mptcp_array_append(void *array, size_t *count, size_t *capacity, size_t size);

#endif
