/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "noise.h"

#include <string.h>

static bool starts(const char *line, size_t length, const char *with)
{
	return length >= strlen(with) && !memcmp(line, with, strlen(with));
}

bool mptcp_noise(const char *line, size_t length)
{
	if (length && *line == '\r') { /* over a line with a count */
		line++;
		length--;
	}
	return (length == 8 && starts(line, length, "tshark: ")) ||
		starts(line, length, "Running as user ") || starts(line, length, " ** (") ||
		starts(line, length, "** (") || starts(line, length, "Capturing on ") ||
		starts(line, length, "File: ") || starts(line, length, "Packets captured: ") ||
		starts(line, length, "Packets received/dropped on interface ");
}
