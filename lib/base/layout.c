/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layout.h"

#include "names.h"

#include <stdlib.h>
#include <string.h>

/* Room for all columns, none shown. */
static int make_room(struct mptcp_layout *layout, struct mptcp_error *error)
{
	free(layout->shown);
	layout->shown = calloc(layout->count + 1, sizeof(*layout->shown));
	layout->shown_count = 0;
	return layout->shown ? 0 : mptcp_error_memory(error);
}

int mptcp_layout_default(struct mptcp_layout *layout, bool peer, struct mptcp_error *error)
{
	const unsigned hidden =
		MPTCP_CELL_ON_REQUEST | MPTCP_CELL_WITH_BASE | (peer ? 0 : MPTCP_CELL_WITH_PEER);

	if (make_room(layout, error))
		return -1;
	for (size_t i = 0; i < layout->count; i++)
		if (!(layout->columns[i].cells & hidden))
			layout->shown[layout->shown_count++] = i;
	return 0;
}

/* As mptcp_names_choose, among the columns. */
static int choose(const struct mptcp_layout *layout, const char *list, size_t *chosen,
	struct mptcp_error *error)
{
	const char **names = calloc(layout->count + 1, sizeof(*names));

	if (!names)
		return mptcp_error_memory(error);
	for (size_t i = 0; i < layout->count; i++)
		names[i] = layout->columns[i].name;
	int count = mptcp_names_choose(&(struct mptcp_names){names, layout->count}, list, chosen,
		error);
	free(names);
	return count;
}

int mptcp_layout_choose(struct mptcp_layout *layout, const char *list, struct mptcp_error *error)
{
	if (!strcmp(list, "all")) {
		mptcp_layout_clear(layout);
		return 0;
	}
	if (make_room(layout, error))
		return -1;
	int count = choose(layout, list, layout->shown, error);
	if (count < 0)
		return -1;
	layout->shown_count = (size_t)count;
	return 0;
}

int mptcp_layout_find(const struct mptcp_layout *layout, const char *name, size_t length,
	size_t *column, struct mptcp_error *error)
{
	char *copy = strndup(name, strcspn(name, ",") < length ? 0 : length);

	if (!copy)
		return mptcp_error_memory(error);
	int count = choose(layout, copy, column, error);
	free(copy);
	return count < 0 ? -1 : 0;
}

void mptcp_layout_clear(struct mptcp_layout *layout)
{
	free(layout->shown);
	layout->shown = NULL;
	layout->shown_count = 0;
}
