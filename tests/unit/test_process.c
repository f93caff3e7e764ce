/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process: starting, feeding, ending programs, and what they said. */
#include "process.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct mptcp_error failure;

static int start_shell(struct mptcp_process *process, const char *script, int in, int out)
{
	const char *argv[] = {"sh", "-c", script, NULL};
	const char *environment[] = {"MPTCP_TEST=a=b", "HOME", NULL};
	struct mptcp_process_options options = {.in = in, .out = out, .environment = environment};

	return mptcp_process_start(process, argv, &options, &failure);
}

/* All that comes out of a process, as text. */
static const char *output_of(struct mptcp_process *process)
{
	static char text[4096];
	size_t length = 0;
	ssize_t got;

	while ((got = read(process->out, text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)got;
	text[length] = '\0';
	return text;
}

static void bytes_go_through_both_pipes_and_the_status_comes_back(void **state)
{
	struct mptcp_process process;
	(void)state;

	assert_int_equal(
		start_shell(&process, "tr a-z A-Z; exit 7", MPTCP_PROCESS_PIPE, MPTCP_PROCESS_PIPE),
		0);
	assert_int_equal(mptcp_process_write(&process, "hello", 5), 5);
	close(process.in);
	process.in = -1;
	assert_string_equal(output_of(&process), "HELLO");
	assert_int_equal(mptcp_process_wait(&process), 7);
	assert_int_equal(mptcp_process_wait(&process), 7);
	mptcp_process_clear(&process);
}

static void the_environment_is_set_and_unset(void **state)
{
	struct mptcp_process process;
	(void)state;

	assert_int_equal(
		start_shell(&process, "echo $MPTCP_TEST ${HOME-none}", -1, MPTCP_PROCESS_PIPE), 0);
	assert_string_equal(output_of(&process), "a=b none\n");
	assert_int_equal(mptcp_process_wait(&process), 0);
	mptcp_process_clear(&process);
}

static void a_child_gets_no_other_descriptor_of_ours(void **state)
{
	struct mptcp_process process;
	int ours = open("/dev/null", O_RDONLY); /* not close-on-exec */
	(void)state;

	assert_true(ours >= 0);
	assert_int_equal(start_shell(&process, "exec ls /proc/self/fd", -1, MPTCP_PROCESS_PIPE), 0);
	assert_string_equal(output_of(&process),
		"0\n1\n2\n3\n"); /* the fourth is the folder itself */
	mptcp_process_clear(&process);
	close(ours);
}

static void a_missing_program_is_told_by_start(void **state)
{
	const char *argv[] = {"no-such-program-here", NULL};
	struct mptcp_process_options options = {.in = -1, .out = -1};
	struct mptcp_process process;
	(void)state;

	assert_int_equal(mptcp_process_start(&process, argv, &options, &failure), -1);
	assert_int_equal(failure.status, MPTCP_PROGRAM);
	assert_non_null(strstr(failure.text, "no-such-program-here: not found"));
	assert_int_equal(process.pid, 0);
	argv[0] = "/etc/passwd";
	assert_int_equal(mptcp_process_start(&process, argv, &options, &failure), -1);
	assert_int_equal(failure.status, MPTCP_PROGRAM);
	assert_non_null(strstr(failure.text, "ermission denied"));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no zombie of either */
	assert_int_equal(errno, ECHILD);
}

static bool is_noise(const char *line, size_t length)
{
	return length > 8 && !memcmp(line, "Running ", 8);
}

static void message_is_the_last_that_says_something(void **state)
{
	struct mptcp_process process;
	struct mptcp_buffer message = MPTCP_BUFFER_INIT;
	(void)state;

	start_shell(&process,
		"echo 'first' >&2; printf 'tshark: Bad fields:\\n\\tone\\n\\ttwo\\n' >&2;"
		"echo 'Running as root' >&2; echo >&2; exit 1",
		-1, -1);
	assert_int_equal(mptcp_process_wait(&process), 1);
	mptcp_process_message(&process, is_noise, &message);
	assert_string_equal(message.bytes, "tshark: Bad fields: one two");
	mptcp_process_message(&process, NULL, &message);
	assert_string_equal(message.bytes, "Running as root");
	mptcp_process_first_line(&process, NULL, &message);
	assert_string_equal(message.bytes, "first");
	mptcp_process_clear(&process);

	start_shell(&process, "exit 0", -1, -1);
	mptcp_process_wait(&process);
	mptcp_process_message(&process, is_noise, &message);
	assert_string_equal(message.bytes, "");
	mptcp_process_clear(&process);
	mptcp_buffer_clear(&message);
}

static void a_flood_on_standard_error_neither_blocks_nor_stays(void **state)
{
	struct mptcp_process process;
	struct mptcp_buffer message = MPTCP_BUFFER_INIT;
	struct stat status;
	(void)state;

	start_shell(&process, "yes 'a line a packet' | head -c 4000000 >&2; echo; echo the end >&2",
		-1, MPTCP_PROCESS_PIPE);
	output_of(&process);
	mptcp_process_trim(&process);
	assert_int_equal(mptcp_process_wait(&process), 0);
	assert_int_equal(fstat(process.err, &status), 0);
	assert_true(status.st_blocks * 512 < 200000);
	mptcp_process_message(&process, is_noise, &message);
	assert_non_null(strstr(message.bytes, "the end"));
	mptcp_buffer_clear(&message);
	mptcp_process_clear(&process);
}

static void writing_to_a_dead_program_gives_epipe_and_no_signal(void **state)
{
	struct mptcp_process process;
	char byte = 'x';
	sigset_t pending;
	(void)state;

	signal(SIGPIPE, SIG_DFL);
	start_shell(&process, "exec 0<&-; echo", MPTCP_PROCESS_PIPE, MPTCP_PROCESS_PIPE);
	output_of(&process);
	assert_int_equal(mptcp_process_write(&process, &byte, 1), -1);
	assert_int_equal(errno, EPIPE);
	sigpending(&pending);
	assert_false(sigismember(&pending, SIGPIPE));
	mptcp_process_clear(&process);
}

static void kill_ends_a_program_that_ignores_sigterm(void **state)
{
	struct mptcp_process process;
	pid_t pid;
	(void)state;

	start_shell(&process, "trap '' TERM; echo; while :; do sleep 0.05; done", -1,
		MPTCP_PROCESS_PIPE);
	char ready;
	assert_int_equal(read(process.out, &ready, 1), 1);
	pid = process.pid;
	mptcp_process_kill(&process);
	assert_int_equal(process.pid, 0);
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
	assert_int_equal(mptcp_process_wait(&process), 128 + SIGKILL);
	mptcp_process_clear(&process);
}

static void a_child_dies_with_its_parent(void **state)
{
	int pid_pipe[2];
	pid_t grandchild = 0;
	struct timespec pause = {.tv_nsec = 10000000};
	(void)state;

	assert_int_equal(pipe(pid_pipe), 0);
	pid_t parent = fork();
	if (parent == 0) {
		struct mptcp_process process;
		start_shell(&process, "exec sleep 60", -1, -1);
		(void)!write(pid_pipe[1], &process.pid, sizeof(process.pid));
		raise(SIGKILL);
	}
	assert_int_equal(read(pid_pipe[0], &grandchild, sizeof(grandchild)), sizeof(grandchild));
	waitpid(parent, NULL, 0);
	char path[64], text[256] = "";
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)grandchild);
	bool gone = false;
	for (int tries = 0; tries < 300 && !gone; tries++) {
		int fd = open(path, O_RDONLY);
		gone = fd < 0 || read(fd, text, sizeof(text) - 1) <= 0 || strstr(text, ") Z ");
		if (fd >= 0)
			close(fd);
		nanosleep(&pause, NULL);
	}
	assert_true(gone);
	close(pid_pipe[0]);
	close(pid_pipe[1]);
}

static void feed_puts_what_was_read_in_front_of_the_rest(void **state)
{
	struct mptcp_process feeder;
	int rest[2];
	(void)state;

	assert_int_equal(pipe(rest), 0);
	assert_int_equal(write(rest[1], " and the rest", 13), 13);
	close(rest[1]);
	assert_int_equal(mptcp_process_feed(&feeder, "the start", 9, rest[0], &failure), 0);
	assert_string_equal(output_of(&feeder), "the start and the rest");
	assert_int_equal(mptcp_process_wait(&feeder), 0);
	mptcp_process_clear(&feeder);
	close(rest[0]);
}

static void find_looks_into_path_and_takes_paths(void **state)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	(void)state;

	assert_int_equal(mptcp_process_find("sh", &path, &failure), 0);
	assert_int_equal(path.bytes[0], '/');
	assert_int_equal(mptcp_process_find("/bin/sh", &path, &failure), 0);
	assert_int_equal(mptcp_process_find("/etc/passwd", &path, &failure), -1);
	assert_int_equal(failure.status, MPTCP_PROGRAM);
	assert_int_equal(mptcp_process_find("no-such-program-here", &path, &failure), -1);
	assert_int_equal(mptcp_process_find("", &path, &failure), -1);
	mptcp_buffer_clear(&path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_go_through_both_pipes_and_the_status_comes_back),
		cmocka_unit_test(the_environment_is_set_and_unset),
		cmocka_unit_test(a_child_gets_no_other_descriptor_of_ours),
		cmocka_unit_test(a_missing_program_is_told_by_start),
		cmocka_unit_test(message_is_the_last_that_says_something),
		cmocka_unit_test(a_flood_on_standard_error_neither_blocks_nor_stays),
		cmocka_unit_test(writing_to_a_dead_program_gives_epipe_and_no_signal),
		cmocka_unit_test(kill_ends_a_program_that_ignores_sigterm),
		cmocka_unit_test(a_child_dies_with_its_parent),
		cmocka_unit_test(feed_puts_what_was_read_in_front_of_the_rest),
		cmocka_unit_test(find_looks_into_path_and_takes_paths),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
