/* SPDX-License-Identifier: GPL-2.0-or-later */
/* array: arrays that grow by one element at a time; they come from malloc, or are NULL. */
#ifndef MPTCP_ARRAY_H
#define MPTCP_ARRAY_H

#include <stddef.h>

/*
 * Makes room for one more element of `size` bytes. Returns the array, which may have moved, or NULL
 * when memory ran out: then nothing has changed.
 */
void *mptcp_array_reserve(void *array, size_t count, size_t *capacity, size_t size);
/* The same, and appends a zeroed element. */
void *mptcp_array_append(void *array, size_t *count, size_t *capacity, size_t size);

#endif
