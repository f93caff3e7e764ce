/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "start.h"

#include "store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool mptcp_start_is_text(const unsigned char *start, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((start[i] < 0x20 && !strchr("\t\r\n", start[i])) || start[i] == 0x7f ||
			!start[i])
			return false;
	return true;
}

int mptcp_start_read(int fd, const char *name, unsigned char *start, size_t *length,
	struct mptcp_error *error)
{
	*length = 0;
	while (*length < MPTCP_STORE_MAGIC_LENGTH) {
		ssize_t got = read(fd, start + *length, MPTCP_START_SIZE - *length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return mptcp_error_system(error, MPTCP_IO, "%s: cannot be read", name);
		if (!got)
			break;
		*length += (size_t)got;
	}
	if (!*length)
		return mptcp_error_set(error, MPTCP_DATA,
			"%s: empty: neither a capture nor packets as CSV", name);
	return 0;
}
