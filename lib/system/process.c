/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "process.h"

#include "unprivileged.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KEPT (UINT64_C(64) << 10) /* of standard error, by mptcp_process_trim */
#define PATIENCE 500              /* milliseconds between SIGTERM and SIGKILL */

/* Everything the child needs, made before the fork, so that the child itself has little left that
 * can fail. */
struct plan {
	int in, out, err; /* what become its descriptors 0, 1, 2 */
	int our_in, our_out;
	int report[2];        /* what the child has to say; closed by an exec that succeeds */
	bool own_in, own_out; /* opened here, to be closed in the parent */
	bool unprivileged;    /* gives up privileges */
	const char *path;     /* of the program; NULL: it is looked for in PATH */
};

/* What a child says through the pipe. */
struct report {
	int refused; /* errno with which the kernel kept it from giving up privileges, or 0 */
	int failed;  /* errno of a failed exec; 0: none yet */
};

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void plan_clear(struct plan *plan)
{
	if (plan->own_in)
		close_one(&plan->in);
	if (plan->own_out)
		close_one(&plan->out);
	close_one(&plan->report[0]);
	close_one(&plan->report[1]);
}

/* One of the first two descriptors: `wanted` as in mptcp_process_options. */
static int plan_stream(int wanted, bool input, int *theirs, int *ours, bool *own)
{
	int ends[2];

	*theirs = wanted;
	*own = wanted < 0;
	if (wanted >= 0)
		return 0;
	if (wanted != MPTCP_PROCESS_PIPE) {
		*theirs = open("/dev/null", (input ? O_RDONLY : O_WRONLY) | O_CLOEXEC);
		return *theirs < 0 ? -1 : 0;
	}
	if (pipe2(ends, O_CLOEXEC))
		return -1;
	*theirs = ends[input ? 0 : 1];
	*ours = ends[input ? 1 : 0];
	return 0;
}

static int plan_make(struct plan *plan, const struct mptcp_process_options *options)
{
	*plan = (struct plan){.in = -1,
		.out = -1,
		.err = -1,
		.our_in = -1,
		.our_out = -1,
		.report = {-1, -1}};
	if (plan_stream(options->in, true, &plan->in, &plan->our_in, &plan->own_in) ||
		plan_stream(options->out, false, &plan->out, &plan->our_out, &plan->own_out))
		return -1;
	if (!options->keep_err) {
		plan->err = memfd_create("stderr", MFD_CLOEXEC);
		if (plan->err < 0)
			return -1;
	}
	return 0;
}

/* In the child: the signals as a fresh program expects them, and an end when the parent ends. */
static int child_signals(pid_t parent)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM))
		return -1;
	return getppid() == parent ? 0 : -1; /* the parent died before prctl could help */
}

/* In the child: descriptors 0 to 2. Each is first moved out of the way, since it may be one of the
 * three itself. */
static int child_descriptors(const struct plan *plan)
{
	int from[3] = {plan->in, plan->out, plan->err};

	for (int fd = 0; fd < 3; fd++)
		if (from[fd] >= 0 && (from[fd] = fcntl(from[fd], F_DUPFD_CLOEXEC, 3)) < 0)
			return -1;
	for (int fd = 0; fd < 3; fd++)
		if (from[fd] >= 0 && dup2(from[fd], fd) < 0)
			return -1;
	return 0;
}

static void child_environment(const char *const *environment)
{
	for (; environment && *environment; environment++) {
		const char *equals = strchr(*environment, '=');
		if (!equals) {
			unsetenv(*environment);
			continue;
		}
		char *name = strndup(*environment, (size_t)(equals - *environment));
		if (name)
			setenv(name, equals + 1, 1);
		free(name);
	}
}

static _Noreturn void child_run(const struct plan *plan, const char *const argv[],
	const struct mptcp_process_options *options, pid_t parent)
{
	struct report say = {0, 0};
	/* With 0, 1 or 2 closed in the parent the report pipe itself could be one of the three. */
	int report = fcntl(plan->report[1], F_DUPFD_CLOEXEC, 3);

	/* Before the signals: a change of user makes the kernel forget the one that the parent's
	 * end sends. */
	if (plan->unprivileged && (say.refused = mptcp_unprivileged_become()))
		(void)!write(report, &say, sizeof(say));
	if (report >= 0 && !child_signals(parent) && !child_descriptors(plan) &&
		!(options->own_group && setpgid(0, 0))) {
		close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
		child_environment(options->environment);
		if (plan->path)
			execv(plan->path, (char *const *)(uintptr_t)argv);
		else
			execvp(argv[0], (char *const *)(uintptr_t)argv);
	}
	say.failed = errno;
	(void)!write(report, &say, sizeof(say));
	_exit(127);
}

/* Starts the child of a plan: 0, or -1 where there can be no process. What it says is in `last`. */
static int launch(struct mptcp_process *process, struct plan *plan, const char *const argv[],
	const struct mptcp_process_options *options, struct report *last)
{
	pid_t parent = getpid();
	struct report heard;
	ssize_t got;

	*last = (struct report){0, 0};
	if (pipe2(plan->report, O_CLOEXEC))
		return -1;
	process->pid = fork();
	if (process->pid < 0) {
		process->pid = 0;
		return -1;
	}
	if (process->pid == 0)
		child_run(plan, argv, options, parent);
	close_one(&plan->report[1]);
	while ((got = read(plan->report[0], &heard, sizeof(heard))) != 0)
		if (got == (ssize_t)sizeof(heard))
			*last = heard;
		else if (errno != EINTR)
			break;
	close_one(&plan->report[0]);
	if (last->failed) {
		waitpid(process->pid, NULL, 0);
		process->pid = 0;
	}
	return 0;
}

/* The same for a child that is to be nobody. One that cannot be (the kernel refuses, or nobody may
 * not execute the program, as in root's home) is what we are. */
static int launch_unprivileged(struct mptcp_process *process, struct plan *plan,
	const char *const argv[], const struct mptcp_process_options *options, struct report *last)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	struct mptcp_error missing;

	/* Root's PATH may have folders that nobody cannot search. */
	if (mptcp_process_find(argv[0], &path, &missing)) {
		mptcp_buffer_clear(&path);
		return launch(process, plan, argv, options, last);
	}
	plan->unprivileged = true;
	plan->path = path.bytes;
	int failed = launch(process, plan, argv, options, last);
	int refused = last->refused ? last->refused : last->failed;
	plan->unprivileged = false;
	plan->path = NULL;
	mptcp_buffer_clear(&path);
	if (!failed && last->failed)
		failed = launch(process, plan, argv, options, last);
	process->refused = refused;
	if (refused && !failed && !last->failed)
		mptcp_log_say(options->log, MPTCP_LOG_INFO, "%s: runs as root: as nobody: %s",
			argv[0], strerror(refused));
	return failed;
}

int mptcp_process_start(struct mptcp_process *process, const char *const argv[],
	const struct mptcp_process_options *options, struct mptcp_error *error)
{
	struct report last = {0, 0};
	struct plan plan;

	*process = MPTCP_PROCESS_NONE;
	mptcp_log_command(options->log, argv);
	int failed = plan_make(&plan, options);
	process->in = plan.our_in;
	process->out = plan.our_out;
	process->err = plan.err;
	if (!failed)
		failed = (options->unprivileged && mptcp_unprivileged_needed()
				? launch_unprivileged
				: launch)(process, &plan, argv, options, &last);
	if (failed)
		mptcp_error_system(error, MPTCP_IO, "%s: cannot be started", argv[0]);
	plan_clear(&plan);
	if (!failed && !last.failed)
		return 0;
	mptcp_process_clear(process);
	if (failed)
		return -1;
	if (last.failed == ENOENT)
		return mptcp_error_set(error, MPTCP_PROGRAM,
			"%s: not found: is it installed, and in PATH?", argv[0]);
	errno = last.failed;
	return mptcp_error_system(error, MPTCP_PROGRAM, "%s: cannot be executed", argv[0]);
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

static _Noreturn void feeder_run(const void *bytes, size_t length, int from, int to, pid_t parent)
{
	static char block[1 << 16];
	ssize_t got;

	if (child_signals(parent) || dup2(to, 1) < 0 || dup2(from, 0) < 0)
		_exit(1);
	close_range(3, ~0U, 0);
	if (write_all(1, bytes, length))
		_exit(1);
	while ((got = read(0, block, sizeof(block))) != 0)
		if (got < 0 ? errno != EINTR : write_all(1, block, (size_t)got))
			_exit(1);
	_exit(0);
}

int mptcp_process_feed(struct mptcp_process *process, const void *bytes, size_t length, int fd,
	struct mptcp_error *error)
{
	int ends[2];
	pid_t parent = getpid();

	*process = MPTCP_PROCESS_NONE;
	if (pipe2(ends, O_CLOEXEC))
		return mptcp_error_system(error, MPTCP_IO, "cannot create a pipe");
	process->pid = fork();
	if (process->pid < 0) {
		process->pid = 0;
		close(ends[0]);
		close(ends[1]);
		return mptcp_error_system(error, MPTCP_IO, "cannot create a process");
	}
	if (process->pid == 0)
		feeder_run(bytes, length, fd, ends[1], parent);
	close(ends[1]);
	process->out = ends[0];
	return 0;
}

ssize_t mptcp_process_write(struct mptcp_process *process, const void *bytes, size_t length)
{
	sigset_t broken, pending, before;
	struct timespec at_once = {0};

	sigemptyset(&broken);
	sigaddset(&broken, SIGPIPE);
	sigpending(&pending);
	sigprocmask(SIG_BLOCK, &broken, &before);
	ssize_t written = write(process->in, bytes, length);
	int cause = errno;
	if (written < 0 && cause == EPIPE && !sigismember(&pending, SIGPIPE))
		while (sigtimedwait(&broken, NULL, &at_once) < 0 && errno == EINTR)
			;
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = cause;
	return written;
}

void mptcp_process_trim(struct mptcp_process *process)
{
	struct stat status;

	if (process->err < 0 || fstat(process->err, &status))
		return;
	uint64_t held = (uint64_t)status.st_blocks * 512;
	if (held > 4 * KEPT && (uint64_t)status.st_size > KEPT)
		fallocate(process->err, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
			status.st_size - (off_t)KEPT);
}

int mptcp_process_wait(struct mptcp_process *process)
{
	close_one(&process->in);
	close_one(&process->out);
	if (process->pid) {
		while (waitpid(process->pid, &process->status, 0) < 0)
			if (errno != EINTR) {
				process->status =
					0; /* somebody else has reaped it: nothing is known */
				break;
			}
		process->pid = 0;
	}
	return WIFSIGNALED(process->status) ? 128 + WTERMSIG(process->status)
					    : WEXITSTATUS(process->status);
}

void mptcp_process_end(const struct mptcp_process *process)
{
	if (process->pid)
		kill(process->pid, SIGTERM);
}

void mptcp_process_kill(struct mptcp_process *process)
{
	struct timespec pause = {.tv_nsec = 1000000};

	close_one(&process->in);
	close_one(&process->out);
	if (!process->pid)
		return;
	kill(process->pid, SIGTERM);
	for (int waited = 0; waited < PATIENCE; waited++) {
		pid_t ended = waitpid(process->pid, &process->status, WNOHANG);
		if (ended == process->pid || (ended < 0 && errno == ECHILD)) {
			process->pid = 0;
			return;
		}
		nanosleep(&pause, NULL);
	}
	kill(process->pid, SIGKILL);
	mptcp_process_wait(process);
}

void mptcp_process_clear(struct mptcp_process *process)
{
	mptcp_process_kill(process);
	close_one(&process->err);
	*process = MPTCP_PROCESS_NONE;
}
