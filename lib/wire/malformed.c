/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "malformed.h"

#include "decimal.h"
#include "option_walk.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

#define KIND "kind_"

static const char *const reasons[MPTCP_MALFORMED_REASONS] = {"length", "no_subtype", "no_checksum",
	"zero_length", "past_end"};

const char *mptcp_malformed_reason_name(enum mptcp_malformed_reason reason)
{
	return reasons[reason];
}

void mptcp_malformed_name(char name[MPTCP_MALFORMED_NAME], const struct mptcp_malformed *malformed)
{
	if (malformed->kind != MPTCP_KIND_MPTCP)
		snprintf(name, MPTCP_MALFORMED_NAME, KIND "%u", malformed->kind);
	else
		snprintf(name, MPTCP_MALFORMED_NAME, "%s",
			malformed->subtype < 0 ? "MPTCP"
					       : mptcp_subtype_name((unsigned)malformed->subtype));
}

int mptcp_malformed_add(struct mptcp_buffer *list, const struct mptcp_malformed *malformed)
{
	char name[MPTCP_MALFORMED_NAME];

	mptcp_malformed_name(name, malformed);
	if (list->length)
		mptcp_buffer_add_char(list, ';');
	return mptcp_buffer_format(list, "%s:%u:%s", name, malformed->length,
		reasons[malformed->reason]);
}

/* A decimal number of one byte. */
static bool read_byte(uint8_t *byte, const char *text, size_t length)
{
	uint64_t value;

	if (mptcp_decimal_read(&value, text, length, UINT8_MAX))
		return false;
	*byte = (uint8_t)value;
	return true;
}

static bool read_name(struct mptcp_malformed *malformed, const char *name, size_t length)
{
	malformed->subtype = -1;
	malformed->kind = MPTCP_KIND_MPTCP;
	if (length > strlen(KIND) && !memcmp(name, KIND, strlen(KIND)))
		return read_byte(&malformed->kind, name + strlen(KIND), length - strlen(KIND));
	if (length == 5 && !memcmp(name, "MPTCP", 5))
		return true;
	malformed->subtype = (int8_t)mptcp_subtype_find(name, length);
	return malformed->subtype >= 0;
}

static bool read_reason(struct mptcp_malformed *malformed, const char *name, size_t length)
{
	for (int i = 0; i < MPTCP_MALFORMED_REASONS; i++)
		if (strlen(reasons[i]) == length && !memcmp(reasons[i], name, length)) {
			malformed->reason = (enum mptcp_malformed_reason)i;
			return true;
		}
	return false;
}

bool mptcp_malformed_next(struct mptcp_malformed *malformed, const char *list, size_t length,
	size_t *at)
{
	if (*at >= length)
		return false;
	const char *name = list + *at, *end = list + length;
	const char *stop = memchr(name, ';', (size_t)(end - name));

	*at = stop ? (size_t)(stop + 1 - list) : length;
	end = stop ? stop : end;
	const char *first = memchr(name, ':', (size_t)(end - name));
	const char *second = first ? memchr(first + 1, ':', (size_t)(end - first - 1)) : NULL;
	return second && read_name(malformed, name, (size_t)(first - name)) &&
		read_byte(&malformed->length, first + 1, (size_t)(second - first - 1)) &&
		read_reason(malformed, second + 1, (size_t)(end - second - 1));
}
