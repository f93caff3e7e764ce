/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "watch.h"

#include <inttypes.h>

#define LINE_MOST ((size_t)1 << 30) /* bytes of a line, its beginning that is there */

/* Whether it has been told all that it needs to answer. One that waits for more of a file holds
 * lines back, and may. */
static bool owes(const struct mptcp_distribution *distribution, const struct mptcp_worker *worker)
{
	if (worker->ended)
		return false;
	if (worker->last)
		return true;
	return worker->answered < worker->fed &&
		(distribution->call.at_once || !distribution->starving);
}

/* Lines of packets that it never got, or one without end. */
static bool writes_too_much(const struct mptcp_worker *worker)
{
	size_t waiting = worker->output.length - worker->taken;

	return (worker->answered == worker->fed && waiting && !worker->parted) ||
		(worker->searched == worker->output.length && waiting > LINE_MOST);
}

int mptcp_watch_look(struct mptcp_watch *watch, const struct mptcp_distribution *distribution,
	unsigned milliseconds, bool heard, struct mptcp_error *error)
{
	const unsigned patience = watch->patience ? watch->patience : MPTCP_WATCH_PATIENCE;
	const char *program = distribution->call.program;

	watch->silent = heard ? 0 : watch->silent + milliseconds;
	for (const struct mptcp_worker *worker = distribution->workers; worker;
		worker = worker->next) {
		if (writes_too_much(worker))
			return mptcp_error_set(error, MPTCP_PROGRAM,
				"%s: wrote more lines than it received packets", program);
		if (watch->silent / 1000 < patience || !owes(distribution, worker))
			continue;
		if (worker->answered == worker->fed)
			return mptcp_error_set(error, MPTCP_PROGRAM,
				"%s: answered all packets and does not end (%u s)", program,
				patience);
		return mptcp_error_set(error, MPTCP_PROGRAM,
			"%s: does not answer: %" PRIu64 " of %" PRIu64 " packets (%u s)", program,
			worker->answered, worker->fed, patience);
	}
	return 0;
}
