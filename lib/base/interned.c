/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "interned.h"

#include "hashed.h"

#include <stdlib.h>
#include <string.h>

struct mptcp_interned {
	UT_hash_handle hh;
	char string[];
};

const char *mptcp_interned_add(struct mptcp_interned **set, struct mptcp_text text)
{
	struct mptcp_interned *item;

	HASH_FIND(hh, *set, text.bytes, text.length, item);
	if (item)
		return item->string;
	item = malloc(sizeof(*item) + text.length + 1);
	if (!item)
		return NULL;
	memcpy(item->string, text.bytes, text.length);
	item->string[text.length] = '\0';
	HASH_ADD_KEYPTR(hh, *set, item->string, text.length, item);
	if (!item->hh.tbl) {
		free(item);
		return NULL;
	}
	return item->string;
}

void mptcp_interned_free(struct mptcp_interned *set)
{
	struct mptcp_interned *item, *next;

	HASH_ITER (hh, set, item, next) {
		HASH_DEL(set, item);
		free(item);
	}
}
