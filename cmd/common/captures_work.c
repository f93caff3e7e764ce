/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The work on a capture in a process of its own. */
#include "captures_parts.h"
#include "temporary.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t monotonic_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * MPTCP_SECOND + now.tv_nsec;
}

static unsigned cpus(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count > 0 ? (unsigned)count : 1;
}

unsigned captures_at_once(const struct captures *captures)
{
	uint32_t wanted = captures->run->settings.captures.at_once;

	return wanted ? wanted : cpus();
}

/* The processes share what one capture alone would have. */
static unsigned jobs_each(const struct captures *captures)
{
	unsigned jobs = captures->run->settings.input.jobs, at_once = captures_at_once(captures);
	size_t files = captures->division.input ? at_once : captures->file_count;
	unsigned share = files < at_once ? (unsigned)files : at_once;

	if (!jobs)
		jobs = cpus();
	return jobs > share ? jobs / share : 1;
}

/* In the process: what it has of the whole run is made the run of one capture. */
static void become_part(struct captures *captures, struct capture *capture, unsigned jobs)
{
	struct tool_run *run = captures->run;
	struct mptcp_settings *settings = &run->settings;

	settings->operands = &capture->path;
	settings->operand_count = 1;
	settings->output = NULL;
	settings->input.jobs = jobs;
	settings->input.name = capture->shown;
	settings->input.line = capture->packets >= 0 ? capture->line : 0;
	/* as cells that the table of all takes over; packets are written as they are */
	if (run->tool->columns) {
		settings->format_given = true;
		settings->table = (struct mptcp_table_options){.delimiter = ',',
			.format = MPTCP_FORMAT_CSV,
			.time = settings->table.time};
		settings->layout = captures->recorded;
		settings->columns = settings->sort = NULL;
	}
	run->table = NULL;
	run->output = (struct mptcp_output){.fd = -1};
	run->output_open = false;
	run->page = (struct page){0};
	run->progress_wanted = false;
	run->status = MPTCP_DONE;
	run->outcome = capture->outcome;
	run->outcome->rows_to = capture->rows;
}

static _Noreturn void work(struct captures *captures, struct capture *capture, unsigned jobs,
	pid_t parent)
{
	/* a tool that is ended, however that is done, takes its processes with it */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent || dup2(capture->messages, STDERR_FILENO) < 0)
		_exit(MPTCP_IO);
	become_part(captures, capture, jobs);
	captures->body(captures->run, captures->context);
	_exit(tool_finish(captures->run));
}

/* A place for what the process says at its end; as many as may be begun at a time. */
static int give_outcome(struct captures *captures, struct capture *capture)
{
	if (!captures->outcomes) {
		void *shared = mmap(NULL, CAPTURES_AHEAD * sizeof(*captures->outcomes),
			PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (shared == MAP_FAILED)
			return mptcp_error_memory(&captures->run->error);
		captures->outcomes = shared;
	}
	capture->outcome = &captures->outcomes[captures->begun++ % CAPTURES_AHEAD];
	*capture->outcome = (struct tool_outcome){0};
	return 0;
}

int captures_begin(struct captures *captures, struct capture *capture)
{
	struct mptcp_error *error = &captures->run->error;
	unsigned jobs = jobs_each(captures);
	pid_t parent = getpid();

	capture->began = monotonic_now();
	if (give_outcome(captures, capture))
		return -1;
	if (!capture->path) /* nothing of it can be read */
		return 0;
	capture->rows = temporary_file(error);
	if (capture->rows < 0)
		return -1;
	capture->messages = temporary_file(error);
	if (capture->messages < 0)
		return -1;
	capture->pid = fork();
	if (capture->pid == 0)
		work(captures, capture, jobs, parent);
	if (capture->pid > 0) {
		captures->running++;
		return 0;
	}
	capture->pid = 0;
	return mptcp_error_system(error, MPTCP_IO, "fork");
}

int captures_wait(struct captures *captures)
{
	int status;
	pid_t pid;

	do
		pid = waitpid(-1, &status, 0);
	while (pid < 0 && errno == EINTR);
	if (pid < 0)
		return mptcp_error_system(&captures->run->error, MPTCP_IO, "waitpid");
	for (struct capture *capture = captures->first; capture; capture = capture->next)
		if (capture->pid == pid) {
			capture->pid = 0;
			capture->ended = status;
			capture->took = monotonic_now() - capture->began;
			captures->running--;
		}
	return 0;
}

void captures_kill(struct captures *captures, struct capture *capture)
{
	if (!capture->pid)
		return;
	kill(capture->pid, SIGTERM);
	while (waitpid(capture->pid, &capture->ended, 0) < 0 && errno == EINTR)
		;
	capture->pid = 0;
	captures->running--;
}
