/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stop.h"

#include <stddef.h>

static volatile sig_atomic_t stopped;

static void stop(int number)
{
	(void)number;
	stopped = 1;
}

const volatile sig_atomic_t *stop_catch(void)
{
	static const int signals[] = {SIGINT, SIGTERM};
	struct sigaction once = {.sa_handler = stop, .sa_flags = (int)SA_RESETHAND}, before;

	sigemptyset(&once.sa_mask);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (!sigaction(signals[i], NULL, &before) && before.sa_handler != SIG_IGN)
			sigaction(signals[i], &once, NULL);
	return &stopped;
}
