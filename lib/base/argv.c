/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "argv.h"

#include "array.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Takes the item over; NULL means that memory ran out. */
static void append(struct mptcp_argv *argv, char *item)
{
	size_t room = argv->items ? argv->count + 1 : 0; /* with the NULL at the end */

	argv->failed |= !item;
	while (!argv->failed && room < argv->count + 2) {
		char **grown =
			mptcp_array_append(argv->items, &room, &argv->capacity, sizeof(*grown));

		if (grown)
			argv->items = grown;
		argv->failed = !grown;
	}
	if (argv->failed)
		free(item);
	else
		argv->items[argv->count++] = item;
}

void mptcp_argv_add(struct mptcp_argv *argv, const char *item)
{
	append(argv, strdup(item));
}

void mptcp_argv_add_part(struct mptcp_argv *argv, const char *item, size_t length)
{
	append(argv, strndup(item, length));
}

void mptcp_argv_format(struct mptcp_argv *argv, const char *format, ...)
{
	char *item = NULL;
	va_list values;

	va_start(values, format);
	if (vasprintf(&item, format, values) < 0)
		item = NULL;
	va_end(values);
	append(argv, item);
}

void mptcp_argv_add_all(struct mptcp_argv *argv, const char *const *items)
{
	while (*items)
		mptcp_argv_add(argv, *items++);
}

void mptcp_argv_clear(struct mptcp_argv *argv)
{
	for (size_t i = 0; i < argv->count; i++)
		free(argv->items[i]);
	free(argv->items);
	*argv = (struct mptcp_argv){0};
}
