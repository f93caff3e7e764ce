/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opt_selection: the options that select, and the values that they share with others; see
 * opt_table.h. */
#include "decimal.h"
#include "opt_table.h"

#include <string.h>
#include <strings.h>

int mptcp_opt_number(const char *text, unsigned long low, unsigned long high, uint32_t *number)
{
	uint64_t value;

	if (mptcp_decimal_read(&value, text, strlen(text), high) || value < low)
		return -1;
	*number = (uint32_t)value;
	return 0;
}

int mptcp_opt_bad_value(const char *name, const char *value, const char *wanted,
	struct mptcp_error *error)
{
	return mptcp_error_set(error, MPTCP_USAGE, "option --%s: '%s' is not %s", name, value,
		wanted);
}

static int parse_role(const char *text, enum mptcp_role *role)
{
	if (strcasecmp(text, "client") && strcasecmp(text, "server"))
		return -1;
	*role = strcasecmp(text, "client") ? MPTCP_SERVER : MPTCP_CLIENT;
	return 0;
}

static int take_stream(bool *has, uint32_t *stream, const char *name, const char *value,
	struct mptcp_error *error)
{
	*has = true;
	if (mptcp_opt_number(value, 0, UINT32_MAX, stream))
		return mptcp_opt_bad_value(name, value, "the number of a connection", error);
	return 0;
}

/* Seconds since the first packet; nothing comes before it. */
static int take_moment(bool *has, int64_t *moment, const char *name, const char *value,
	struct mptcp_error *error)
{
	*has = true;
	if (*value == '-' || mptcp_time_parse(moment, value, strlen(value)))
		return mptcp_opt_bad_value(name, value, "a number of seconds", error);
	return 0;
}

int mptcp_opt_take_selection(struct mptcp_selection *selection, int letter, const char *name,
	const char *value, struct mptcp_error *error)
{
	uint32_t stream;
	bool any;

	switch (letter) {
	case 'd':
		selection->has_destination = true;
		if (parse_role(value, &selection->destination))
			return mptcp_opt_bad_value(name, value, "client or server", error);
		return 0;
	case 'm':
		return take_stream(&selection->has_mptcpstream, &selection->mptcpstream, name,
			value, error);
	case 't':
		return take_stream(&selection->has_tcpstream, &selection->tcpstream, name, value,
			error);
	case MPTCP_LETTER_TCP:
		selection->tcp = true;
		return 0;
	case MPTCP_LETTER_FROM:
		return take_moment(&selection->has_from, &selection->from, name, value, error);
	case MPTCP_LETTER_TO:
		return take_moment(&selection->has_to, &selection->to, name, value, error);
	default: /* MPTCP_LETTER_SKIP */
		if (take_stream(&any, &stream, name, value, error))
			return -1;
		return mptcp_selection_skip(selection, stream) ? mptcp_error_memory(error) : 0;
	}
}

int mptcp_opt_check_selection(const struct mptcp_selection *selection, struct mptcp_error *error)
{
	if (selection->has_from && selection->has_to && selection->to <= selection->from)
		return mptcp_error_set(error, MPTCP_USAGE, "option --to: must be after --from");
	if (selection->tcp && selection->has_mptcpstream)
		return mptcp_error_set(error, MPTCP_USAGE,
			"option --tcp: those connections are not part of connection %u; give one of the "
			"two",
			selection->mptcpstream);
	return 0;
}
