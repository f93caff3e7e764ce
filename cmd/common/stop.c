/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stop.h"

#include "units.h"

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define AT_ONCE (MPTCP_SECOND / 2) /* what sends a signal to a program and its group sends two */

static volatile sig_atomic_t stopped;
static int64_t when;

static void stop(int number)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	int64_t now = time.tv_sec * MPTCP_SECOND + time.tv_nsec;
	if (!stopped) {
		when = now;
		stopped = 1;
	} else if (now - when > AT_ONCE) {
		signal(number, SIG_DFL);
		raise(number);
	}
}

const volatile sig_atomic_t *stop_catch(void)
{
	static const int signals[] = {SIGINT, SIGTERM};
	struct sigaction action = {.sa_handler = stop}, before;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (!sigaction(signals[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	return &stopped;
}
