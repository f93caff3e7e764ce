/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unprivileged.h"

#include <errno.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534

bool mptcp_unprivileged_needed(void)
{
	return geteuid() == 0;
}

int mptcp_unprivileged_become(void)
{
	if (mptcp_unprivileged_needed() &&
		(setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
			setresuid(NOBODY, NOBODY, NOBODY)))
		return errno;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? errno : 0;
}

static int reads(const char *folder)
{
	return access(folder, R_OK | X_OK) ? errno : 0;
}

int mptcp_unprivileged_reads(const char *folder)
{
	int status = 0;

	if (!mptcp_unprivileged_needed())
		return reads(folder);
	pid_t child = fork();
	if (child < 0)
		return errno;
	if (child == 0) {
		int refused = mptcp_unprivileged_become();
		_exit(refused ? refused : reads(folder));
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}
