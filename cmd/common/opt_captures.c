/* SPDX-License-Identifier: GPL-2.0-or-later */
/* opt_captures: the options about several captures; see opt_table.h. */
#include "opt_table.h"

#define AT_ONCE_MAX 1024

int mptcp_opt_take_captures(struct mptcp_opt_captures *captures, int letter, const char *name,
	const char *value, struct mptcp_error *error)
{
	const char **file = letter == MPTCP_LETTER_FILES_FROM ? &captures->files_from
		: letter == MPTCP_LETTER_LABEL_FILE           ? &captures->label_file
		: letter == MPTCP_LETTER_STATUS_FILE          ? &captures->status_file
							      : NULL;

	if (file) {
		*file = value;
		return *value ? 1 : mptcp_opt_bad_value(name, value, "a file", error);
	}
	switch (letter) {
	case 'J':
		return mptcp_opt_number(value, 1, AT_ONCE_MAX, &captures->at_once)
			? mptcp_opt_bad_value(name, value, "a number from 1 to 1024", error)
			: 1;
	case '0':
		captures->null = true;
		return 1;
	case MPTCP_LETTER_FAIL_FAST:
		captures->fail_fast = true;
		return 1;
	case MPTCP_LETTER_WITH_CAPTURE:
		captures->with_capture = true;
		return 1;
	case MPTCP_LETTER_LABEL:
		captures->label = value;
		return 1;
	case MPTCP_LETTER_LABEL_OPTIONAL:
		captures->label_optional = true;
		return 1;
	default:
		return 0;
	}
}
