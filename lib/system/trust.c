/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "trust.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What speaks against a file or folder itself; NULL for nothing. */
static const char *fault_of(const char *path)
{
	struct stat status, own;

	if (stat(path, &status))
		return NULL; /* whoever opens it says why that is not possible */
	if (status.st_uid && !stat("/proc/self/exe", &own) && status.st_uid == own.st_uid)
		return NULL; /* in a source tree: root runs a program of that user already */
	if (status.st_uid)
		return "belongs to another user";
	return status.st_mode & (S_IWGRP | S_IWOTH) && !(status.st_mode & S_ISVTX)
		? "can be written by others"
		: NULL;
}

const char *mptcp_trust_fault(const char *path)
{
	char *resolved = geteuid() ? NULL : realpath(path, NULL);
	const char *fault = NULL;

	if (!resolved)
		return NULL;
	fault = fault_of(resolved);
	char *slash = strrchr(resolved, '/');
	if (!fault && slash != resolved) {
		*slash = '\0';
		fault = fault_of(resolved);
	}
	free(resolved);
	return fault;
}
