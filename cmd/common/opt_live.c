/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of a live capture; see opt_table.h. */
#include "opt_table.h"

#include <math.h>
#include <stdlib.h>

bool mptcp_opt_is_live(int letter)
{
	return letter == 'i' || letter == MPTCP_LETTER_FILTER || letter == MPTCP_LETTER_DURATION;
}

int mptcp_opt_take_live(struct mptcp_input_options *input, int letter, const char *name,
	const char *value, struct mptcp_error *error)
{
	char *end;

	switch (letter) {
	case 'i':
		input->interface = value;
		return *value ? 0 : mptcp_opt_bad_value(name, value, "an interface", error);
	case MPTCP_LETTER_FILTER:
		input->filter = value;
		return 0;
	default: /* MPTCP_LETTER_DURATION */
		input->duration = strtod(value, &end);
		if (end == value || *end || !isfinite(input->duration) || input->duration <= 0)
			return mptcp_opt_bad_value(name, value, "a number of seconds", error);
		return 0;
	}
}

int mptcp_opt_check_live(const struct mptcp_settings *settings, struct mptcp_error *error)
{
	const struct mptcp_input_options *input = &settings->input;

	if (!input->interface && (input->filter || input->duration > 0))
		return mptcp_error_set(error, MPTCP_USAGE, "--filter and --duration require -i");
	if (input->interface && settings->operand_count)
		return mptcp_error_set(error, MPTCP_USAGE, "-i and a capture exclude each other");
	return 0;
}
