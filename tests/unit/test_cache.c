/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The cache: entries appear whole or not at all, also where processes die or work at the same time;
 * the least recently used go first; and a cache that cannot be used is an error, not the end.
 */
#include "cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define ENTRY_SIZE 1000

static char top[64];    /* a folder of the test's own */
static char folder[96]; /* the cache in it */
static struct mptcp_cache cache;
static struct mptcp_error error;
static bool no_tmpfile, no_locks, unseen_locks;
static unsigned synced;

/* Replaces the C library's open: a file system without O_TMPFILE, when a test wants one. */
int open(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode = 0;

	if (no_tmpfile && (flags & O_TMPFILE) == O_TMPFILE) {
		errno = EOPNOTSUPP;
		return -1;
	}
	if ((flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE) {
		va_start(arguments, flags);
		mode = va_arg(arguments, mode_t);
		va_end(arguments);
	}
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/*
 * Replaces the C library's fcntl: a network file system without locks; and one where another
 * machine does not see them, so that all are free.
 */
int fcntl(int fd, int command, ...)
{
	va_list arguments;

	va_start(arguments, command);
	void *argument = va_arg(arguments, void *);
	va_end(arguments);
	if ((command == F_OFD_SETLK || command == F_OFD_GETLK) && no_locks) {
		errno = ENOLCK;
		return -1;
	}
	if ((command == F_OFD_SETLK || command == F_OFD_GETLK) && unseen_locks) {
		((struct flock *)argument)->l_type = F_UNLCK;
		return 0;
	}
	return (int)syscall(SYS_fcntl, fd, command, argument);
}

int fdatasync(int fd)
{
	synced++;
	return (int)syscall(SYS_fdatasync, fd);
}

static int set_up(void **state)
{
	(void)state;
	no_tmpfile = no_locks = unseen_locks = false;
	strcpy(top, "/tmp/mptcp-cache-XXXXXX");
	if (!mkdtemp(top))
		return -1;
	snprintf(folder, sizeof(folder), "%s/cache/mptcp", top);
	return mptcp_cache_open(&cache, folder, 0, &error);
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	mptcp_cache_close(&cache);
	snprintf(command, sizeof(command), "rm -rf '%s'", top);
	return system(command);
}

static void assert_ok(int result)
{
	if (result < 0)
		fail_msg("%s", error.text);
}

/* Makes the entry of a key: ENTRY_SIZE times a letter. */
static void make(const char *key, char letter)
{
	struct mptcp_cache_entry entry;
	char bytes[ENTRY_SIZE];
	bool waited;

	memset(bytes, letter, sizeof(bytes));
	assert_ok(mptcp_cache_lock(&cache, key, &entry, &waited, &error));
	assert_false(waited);
	assert_ok(mptcp_cache_create(&cache, &entry, &error));
	assert_int_equal(write(entry.fd, bytes, sizeof(bytes)), sizeof(bytes));
	assert_ok(mptcp_cache_commit(&cache, &entry, &error));
}

/* The letter that the entry of a key is made of, 0 where there is none. */
static char look(const char *key)
{
	char bytes[ENTRY_SIZE + 1];
	int fd = mptcp_cache_find(&cache, key, &error);

	if (fd < 0) {
		assert_int_equal(errno, ENOENT);
		return 0;
	}
	assert_int_equal(read(fd, bytes, sizeof(bytes)), ENTRY_SIZE);
	close(fd);
	assert_int_equal(bytes[0], bytes[ENTRY_SIZE - 1]);
	return bytes[0];
}

/* When an entry was used, in seconds since the epoch. */
static void set_used(const char *key, time_t seconds)
{
	const struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;

	assert_ok(mptcp_cache_path(&cache, key, &path, &error));
	assert_int_equal(utimensat(AT_FDCWD, path.bytes, times, 0), 0);
	mptcp_buffer_clear(&path);
}

/* All files below entries/, whatever they are called. */
static unsigned count_files(void)
{
	char command[160];
	unsigned count;

	snprintf(command, sizeof(command), "find '%s/entries' -type f | wc -l", folder);
	FILE *pipe = popen(command, "r");
	assert_int_equal(fscanf(pipe, "%u", &count), 1);
	assert_int_equal(pclose(pipe), 0);
	return count;
}

static void opening_makes_a_private_folder_with_a_tag(void **state)
{
	char path[128], text[64] = "";
	struct stat status;

	(void)state;
	assert_int_equal(stat(folder, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0700);
	snprintf(path, sizeof(path), "%s/CACHEDIR.TAG", folder);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	assert_string_equal(text, "Signature: 8a477f597d28d172789f06886806bc55\n");
	assert_true(cache.limit == MPTCP_CACHE_DEFAULT_SIZE);
}

static void the_default_folder_is_the_one_of_xdg(void **state)
{
	struct mptcp_cache other;
	char expected[128];

	(void)state;
	setenv("XDG_CACHE_HOME", top, 1);
	assert_ok(mptcp_cache_look(&other, NULL, 7, &error));
	snprintf(expected, sizeof(expected), "%s/mptcp", top);
	assert_string_equal(other.folder, expected);
	assert_true(other.limit == 7);
	assert_int_equal(access(expected, F_OK), -1);
	mptcp_cache_close(&other);
	unsetenv("XDG_CACHE_HOME");
	unsetenv("HOME");
	assert_int_equal(mptcp_cache_open(&other, NULL, 0, &error), -1);
	assert_int_equal(error.status, MPTCP_IO);
	assert_non_null(strstr(error.text, "HOME"));
}

static void a_folder_that_cannot_be_made_is_an_error_that_names_it(void **state)
{
	struct mptcp_cache other;
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/file", top);
	fclose(fopen(path, "w"));
	strcat(path, "/mptcp");
	assert_int_equal(mptcp_cache_open(&other, path, 0, &error), -1);
	assert_int_equal(error.status, MPTCP_IO);
	assert_non_null(strstr(error.text, path));
	mptcp_cache_close(&other);
}

static void the_name_of_an_entry_is_the_sha256_of_its_key(void **state)
{
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	char expected[256];

	(void)state;
	assert_ok(mptcp_cache_path(&cache, "abc", &path, &error));
	snprintf(expected, sizeof(expected), "%s/entries/ba/%s", folder,
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(path.bytes, expected);
	mptcp_buffer_clear(&path);
}

static void an_entry_is_found_after_commit_and_not_before(void **state)
{
	struct mptcp_cache_entry entry;
	bool waited;

	(void)state;
	assert_int_equal(look("key"), 0);
	assert_ok(mptcp_cache_lock(&cache, "key", &entry, &waited, &error));
	assert_ok(mptcp_cache_create(&cache, &entry, &error));
	assert_int_equal(write(entry.fd, "half", 4), 4);
	assert_int_equal(look("key"), 0);
	assert_int_equal(count_files(), 0);
	mptcp_cache_abandon(&entry);
	assert_int_equal(count_files(), 0);
	make("key", 'a');
	assert_int_equal(look("key"), 'a');
	assert_int_equal(look("other"), 0);
}

static void a_new_entry_replaces_the_old_one(void **state)
{
	(void)state;
	make("key", 'a');
	make("key", 'b');
	assert_int_equal(look("key"), 'b');
	assert_int_equal(count_files(), 1);
}

static void without_o_tmpfile_a_temporary_name_does_the_same(void **state)
{
	struct mptcp_cache_entry entry;
	bool waited;

	(void)state;
	no_tmpfile = true;
	synced = 0;
	make("key", 'a');
	make("key", 'b');
	/* Another machine sees the name of an entry after its bytes. */
	assert_int_equal(synced, 2);
	assert_int_equal(look("key"), 'b');
	assert_int_equal(count_files(), 1);
	assert_ok(mptcp_cache_lock(&cache, "other", &entry, &waited, &error));
	assert_ok(mptcp_cache_create(&cache, &entry, &error));
	assert_non_null(entry.temporary);
	assert_int_equal(count_files(), 2);
	mptcp_cache_abandon(&entry);
	assert_int_equal(count_files(), 1);
}

static void the_list_begins_with_what_was_used_last_and_a_hit_is_a_use(void **state)
{
	struct mptcp_cache_item *items;
	struct mptcp_buffer path = MPTCP_BUFFER_INIT;
	size_t count;

	(void)state;
	assert_ok(mptcp_cache_list(&cache, &items, &count, &error));
	assert_int_equal(count, 0);
	mptcp_cache_items_free(items, count);
	make("one", '1');
	make("two", '2');
	make("three", '3');
	set_used("one", 1000);
	set_used("two", 2000);
	set_used("three", 3000);
	assert_int_equal(look("one"), '1');
	assert_ok(mptcp_cache_list(&cache, &items, &count, &error));
	assert_int_equal(count, 3);
	mptcp_cache_path(&cache, "one", &path, &error);
	assert_string_equal(items[0].path, path.bytes);
	assert_true(items[0].used / 1000000000 + 60 > time(NULL));
	mptcp_cache_path(&cache, "three", &path, &error);
	assert_string_equal(items[1].path, path.bytes);
	assert_true(items[1].used == INT64_C(3000) * 1000000000);
	assert_true(items[1].size == ENTRY_SIZE);
	mptcp_cache_path(&cache, "two", &path, &error);
	assert_string_equal(items[2].path, path.bytes);
	mptcp_buffer_clear(&path);
	mptcp_cache_items_free(items, count);
}

static void past_the_limit_the_least_recently_used_goes(void **state)
{
	(void)state;
	cache.limit = 3 * ENTRY_SIZE;
	make("one", '1');
	make("two", '2');
	make("three", '3');
	set_used("one", 1000);
	set_used("two", 2000);
	set_used("three", 3000);
	assert_int_equal(look("one"), '1');
	make("four", '4');
	assert_int_equal(look("one"), '1');
	assert_int_equal(look("two"), 0);
	assert_int_equal(look("three"), '3');
	assert_int_equal(look("four"), '4');
	/* Never the new one, not even where a clock says that all others are from the future. */
	set_used("one", time(NULL) + 1000);
	set_used("three", time(NULL) + 2000);
	set_used("four", time(NULL) + 3000);
	make("five", '5');
	assert_int_equal(look("five"), '5');
	assert_int_equal(look("one"), 0);
	assert_int_equal(count_files(), 3);
}

static void an_entry_larger_than_the_limit_is_not_kept_and_evicts_nothing(void **state)
{
	struct mptcp_cache_entry entry;
	bool waited;

	(void)state;
	cache.limit = ENTRY_SIZE;
	make("small", 's');
	assert_ok(mptcp_cache_lock(&cache, "large", &entry, &waited, &error));
	assert_ok(mptcp_cache_create(&cache, &entry, &error));
	assert_int_equal(ftruncate(entry.fd, ENTRY_SIZE + 1), 0);
	assert_int_equal(mptcp_cache_commit(&cache, &entry, &error), -1);
	assert_int_equal(error.status, MPTCP_IO);
	assert_non_null(strstr(error.text, "1001 bytes"));
	assert_int_equal(look("large"), 0);
	assert_int_equal(look("small"), 's');
	/* And the lock is free again. */
	make("large", 'l');
}

static void clean_removes_all_and_says_how_much(void **state)
{
	uint64_t removed, bytes;

	(void)state;
	make("one", '1');
	make("two", '2');
	assert_ok(mptcp_cache_clean(&cache, &removed, &bytes, &error));
	assert_true(removed == 2 && bytes == 2 * ENTRY_SIZE);
	assert_int_equal(count_files(), 0);
	assert_ok(mptcp_cache_clean(&cache, &removed, &bytes, &error));
	assert_true(removed == 0 && bytes == 0);
	make("one", '1');
	assert_int_equal(look("one"), '1');
}

/* Makes all temporary files as old as this, in seconds. */
static void age(unsigned seconds)
{
	char command[192];

	snprintf(command, sizeof(command),
		"find '%s/entries' -name 'tmp-*' -exec touch -d '%u seconds ago' {} +", folder,
		seconds);
	assert_int_equal(system(command), 0);
}

/* Starts a process that locks and half writes an entry, then waits to be killed. */
static pid_t start_writer(const char *key)
{
	struct mptcp_cache_entry entry;
	bool waited;
	int ready[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		/* Should a test fail before it kills this one. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (mptcp_cache_lock(&cache, key, &entry, &waited, &error) ||
			mptcp_cache_create(&cache, &entry, &error) ||
			write(entry.fd, "half", 4) != 4 || write(ready[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_true(child > 0);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void kill_and_wait(pid_t child)
{
	int status;

	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
}

static void a_process_killed_while_it_writes_leaves_nothing_and_no_lock(void **state)
{
	(void)state;
	kill_and_wait(start_writer("key"));
	assert_int_equal(count_files(), 0);
	assert_int_equal(look("key"), 0);
	/* Does not wait: make says so. */
	make("key", 'a');
	assert_int_equal(look("key"), 'a');
}

static void without_o_tmpfile_the_next_eviction_takes_what_the_dead_left(void **state)
{
	uint64_t removed, bytes;

	(void)state;
	no_tmpfile = true;
	pid_t living = start_writer("living");
	kill_and_wait(start_writer("dead"));
	assert_int_equal(count_files(), 2);
	assert_int_equal(look("dead"), 0);
	/* Not at once: it could be alive on another machine, whose locks are not seen here. */
	make("key", 'a');
	assert_int_equal(count_files(), 3);
	age(3700);
	make("key", 'a');
	/* The new entry, and the temporary file of the living process. */
	assert_int_equal(count_files(), 2);
	kill_and_wait(start_writer("dead"));
	assert_ok(mptcp_cache_clean(&cache, &removed, &bytes, &error));
	assert_true(removed == 2 && bytes == ENTRY_SIZE + 4);
	assert_int_equal(count_files(), 1);
	kill_and_wait(living);
	assert_ok(mptcp_cache_clean(&cache, &removed, &bytes, &error));
	assert_int_equal(count_files(), 0);
}

static void without_locks_entries_are_made_nevertheless_and_the_dead_go_after_a_day(void **state)
{
	uint64_t removed, bytes;

	(void)state;
	no_tmpfile = no_locks = true;
	make("key", 'a');
	assert_int_equal(look("key"), 'a');
	kill_and_wait(start_writer("dead"));
	age(3700);
	make("key", 'b');
	assert_ok(mptcp_cache_clean(&cache, &removed, &bytes, &error));
	assert_true(removed == 1);
	assert_int_equal(count_files(), 1);
	age(90000);
	make("key", 'c');
	assert_int_equal(look("key"), 'c');
	assert_int_equal(count_files(), 1);
}

/* Two machines that do not see the locks of each other, and whose processes have the same number:
 * each writes a file of its own, and no reader ever sees half of one. */
static void of_two_machines_that_make_an_entry_at_once_the_last_one_stays(void **state)
{
	struct mptcp_cache_entry one, two;
	char bytes[ENTRY_SIZE];
	bool waited;

	(void)state;
	no_tmpfile = unseen_locks = true;
	assert_ok(mptcp_cache_lock(&cache, "key", &one, &waited, &error));
	assert_ok(mptcp_cache_create(&cache, &one, &error));
	assert_int_equal(write(one.fd, "half", 4), 4);
	assert_ok(mptcp_cache_lock(&cache, "key", &two, &waited, &error));
	assert_ok(mptcp_cache_create(&cache, &two, &error));
	assert_string_not_equal(one.temporary, two.temporary);
	memset(bytes, '2', sizeof(bytes));
	assert_int_equal(write(two.fd, bytes, sizeof(bytes)), sizeof(bytes));
	assert_ok(mptcp_cache_commit(&cache, &two, &error));
	assert_int_equal(look("key"), '2');
	memset(bytes, '1', sizeof(bytes));
	assert_int_equal(pwrite(one.fd, bytes, sizeof(bytes), 0), sizeof(bytes));
	assert_ok(mptcp_cache_commit(&cache, &one, &error));
	assert_int_equal(look("key"), '1');
	assert_int_equal(count_files(), 1);
}

/* What an export does: look, lock, look again after waiting, work. 'w' worked, 'f' found. */
static char export(const char *key)
{
	struct mptcp_cache_entry entry;
	bool waited;
	char bytes[ENTRY_SIZE] = "x";

	bytes[ENTRY_SIZE - 1] = 'x';
	if (look(key))
		return 'f';
	if (mptcp_cache_lock(&cache, key, &entry, &waited, &error))
		return 'e';
	if (look(key)) {
		mptcp_cache_abandon(&entry);
		return waited ? 'f' : 'l';
	}
	usleep(50000);
	if (mptcp_cache_create(&cache, &entry, &error) ||
		write(entry.fd, bytes, sizeof(bytes)) != sizeof(bytes) ||
		mptcp_cache_commit(&cache, &entry, &error))
		return 'e';
	return 'w';
}

static void of_many_processes_that_want_an_entry_exactly_one_works(void **state)
{
	enum { PROCESSES = 12 };
	unsigned worked = 0, other = 0;
	int results[2];
	char result;

	(void)state;
	assert_int_equal(pipe(results), 0);
	for (int i = 0; i < PROCESSES; i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			result = export("key");
			_exit(write(results[1], &result, 1) == 1 ? 0 : 1);
		}
	}
	close(results[1]);
	for (int i = 0; i < PROCESSES; i++) {
		assert_true(wait(NULL) > 0);
		assert_int_equal(read(results[0], &result, 1), 1);
		if (result == 'w')
			worked++;
		else if (result != 'f' && result != 'l')
			other++;
	}
	close(results[0]);
	assert_int_equal(worked, 1);
	assert_int_equal(other, 0);
	assert_int_equal(look("key"), 'x');
	assert_int_equal(count_files(), 1);
}

static void who_waited_for_another_is_told_so_and_locks_of_other_keys_do_not_wait(void **state)
{
	struct mptcp_cache_entry entry;
	bool waited;
	pid_t writer = start_writer("key");

	(void)state;
	/* Another key: make would say that it waited. */
	make("other", 'o');
	pid_t killer = fork();
	assert_true(killer >= 0);
	if (killer == 0) {
		usleep(100000);
		_exit(kill(writer, SIGKILL) ? 1 : 0);
	}
	assert_ok(mptcp_cache_lock(&cache, "key", &entry, &waited, &error));
	assert_true(waited);
	mptcp_cache_abandon(&entry);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	assert_int_equal(waitpid(killer, NULL, 0), killer);
}

/* Makes and cleans at once: everything may vanish at any time, and that must not be an error. */
static void making_listing_and_cleaning_at_once_give_no_error(void **state)
{
	struct mptcp_cache_item *items;
	uint64_t removed, bytes;
	size_t count;
	int status;
	char key[16];

	(void)state;
	cache.limit = 5 * ENTRY_SIZE;
	pid_t child = fork();
	assert_true(child >= 0);
	for (int i = 0; i < 150; i++) {
		snprintf(key, sizeof(key), "%d", i % 20);
		struct mptcp_cache_entry entry;
		bool waited;
		if (mptcp_cache_lock(&cache, key, &entry, &waited, &error) ||
			mptcp_cache_create(&cache, &entry, &error) ||
			ftruncate(entry.fd, ENTRY_SIZE) ||
			mptcp_cache_commit(&cache, &entry, &error))
			break;
		if (mptcp_cache_list(&cache, &items, &count, &error))
			break;
		mptcp_cache_items_free(items, count);
		if (i % 10 == 9 && mptcp_cache_clean(&cache, &removed, &bytes, &error))
			break;
		error.text[0] = '\0';
	}
	if (child == 0)
		_exit(error.text[0] ? 1 : 0);
	assert_string_equal(error.text, "");
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void a_cache_that_vanished_gives_errors_and_no_entries(void **state)
{
	struct mptcp_cache_entry entry;
	struct mptcp_cache_item *items;
	uint64_t removed, bytes;
	size_t count;
	char command[128];
	bool waited;

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
	assert_int_equal(look("key"), 0);
	assert_int_equal(mptcp_cache_lock(&cache, "key", &entry, &waited, &error), -1);
	assert_int_equal(error.status, MPTCP_IO);
	assert_non_null(strstr(error.text, "cannot lock"));
	mptcp_cache_abandon(&entry);
	assert_ok(mptcp_cache_list(&cache, &items, &count, &error));
	assert_int_equal(count, 0);
	mptcp_cache_items_free(items, count);
	assert_ok(mptcp_cache_clean(&cache, &removed, &bytes, &error));
}

static void a_folder_for_entries_that_is_a_file_fails_creation_with_a_text(void **state)
{
	struct mptcp_cache_entry entry;
	char path[128];
	bool waited;

	(void)state;
	snprintf(path, sizeof(path), "%s/entries/ba", folder);
	fclose(fopen(path, "w"));
	assert_ok(mptcp_cache_lock(&cache, "abc", &entry, &waited, &error));
	assert_int_equal(mptcp_cache_create(&cache, &entry, &error), -1);
	assert_int_equal(error.status, MPTCP_IO);
	assert_non_null(strstr(error.text, folder));
	mptcp_cache_abandon(&entry);
}

static void the_key_of_a_file_changes_with_its_size_times_and_content(void **state)
{
	const struct timespec times[2] = {{.tv_sec = 5, .tv_nsec = 7}, {.tv_sec = 5, .tv_nsec = 7}};
	struct mptcp_buffer one = MPTCP_BUFFER_INIT, two = MPTCP_BUFFER_INIT;
	/* of "12345" */
	const char hash[] = "5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5";
	char path[128], other[128], expected[512];
	struct stat status;

	(void)state;
	snprintf(path, sizeof(path), "%s/x y.pcap", top);
	snprintf(other, sizeof(other), "%s/other", top);
	FILE *file = fopen(path, "w");
	fputs("12345", file);
	fclose(file);
	utimensat(AT_FDCWD, path, times, 0);
	stat(path, &status);
	assert_ok(mptcp_cache_key_file(&one, "capture", path, &error));
	snprintf(expected, sizeof(expected), "capture %s 5 5000000007 %jd %s\n", path,
		(intmax_t)status.st_ctim.tv_sec * 1000000000 + status.st_ctim.tv_nsec, hash);
	assert_string_equal(one.bytes, expected);
	/* Through a link it is the same file. */
	assert_int_equal(symlink(path, other), 0);
	assert_ok(mptcp_cache_key_file(&two, "capture", other, &error));
	assert_string_equal(one.bytes, two.bytes);
	/* Touched: another. */
	mptcp_buffer_reset(&two);
	utimensat(AT_FDCWD, path, NULL, 0);
	assert_ok(mptcp_cache_key_file(&two, "capture", path, &error));
	assert_string_not_equal(one.bytes, two.bytes);
	/* Replaced by a file of the same size and time, while the old one still exists: another. */
	unlink(other);
	assert_int_equal(rename(path, other), 0);
	file = fopen(path, "w");
	fputs("67890", file);
	fclose(file);
	utimensat(AT_FDCWD, path, times, 0);
	mptcp_buffer_reset(&two);
	assert_ok(mptcp_cache_key_file(&two, "capture", path, &error));
	assert_string_not_equal(one.bytes, two.bytes);
	mptcp_buffer_clear(&one);
	mptcp_buffer_clear(&two);
}

/* The end of the line that is the key of a file of `size` bytes, of which one differs: its hash. */
static void hash_with(size_t size, size_t different, char hash[65])
{
	struct mptcp_buffer key = MPTCP_BUFFER_INIT;
	char path[128];

	snprintf(path, sizeof(path), "%s/large", top);
	FILE *file = fopen(path, "w");
	for (size_t i = 0; i < size; i++)
		fputc(i == different ? 'x' : 'o', file);
	fclose(file);
	assert_ok(mptcp_cache_key_file(&key, "capture", path, &error));
	assert_int_equal(key.bytes[key.length - 66], ' ');
	snprintf(hash, 65, "%.64s", key.bytes + key.length - 65);
	mptcp_buffer_clear(&key);
}

static void the_hash_is_that_of_the_first_and_the_last_4096_bytes(void **state)
{
	const size_t seen[] = {0, 4095, 96000 - 4096, 95999}, unseen[] = {4096, 96000 - 4097};
	char same[65], hash[65];

	(void)state;
	hash_with(96000, 96000, same);
	for (size_t i = 0; i < 4; i++) {
		hash_with(96000, seen[i], hash);
		assert_string_not_equal(hash, same);
	}
	for (size_t i = 0; i < 2; i++) {
		hash_with(96000, unseen[i], hash);
		assert_string_equal(hash, same);
	}
	hash_with(5000, 5000, same);
	for (size_t i = 0; i < 5000; i += 833) {
		hash_with(5000, i, hash);
		assert_string_not_equal(hash, same);
	}
	/* every byte once */
	hash_with(5, 5, hash);
	assert_string_equal(hash,
		"8b285aa098f20922bc0a7e6320b5e2785628589728bc2b52f79a58dc7672eeeb");
}

/* A program that counts how often it is asked; prints `text` for --version. */
static void write_program(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	fprintf(file, "#!/bin/sh\necho >>'%s/asked'\n%s\n", top, text);
	fclose(file);
	assert_int_equal(chmod(path, 0700), 0);
}

static unsigned asked(void)
{
	char path[128];
	struct stat status;

	snprintf(path, sizeof(path), "%s/asked", top);
	return stat(path, &status) ? 0 : (unsigned)status.st_size;
}

static void check_program_key(const char *path, const char *expected)
{
	struct mptcp_buffer key = MPTCP_BUFFER_INIT;

	assert_ok(mptcp_cache_key_program(&cache, &key, "tshark", path, &error));
	assert_memory_equal(key.bytes, expected, strlen(expected));
	assert_ptr_equal(strchr(key.bytes, '\n'), key.bytes + key.length - 1);
	mptcp_buffer_clear(&key);
}

static void a_program_is_its_version_which_is_asked_once(void **state)
{
	char path[128], expected[256];
	uint64_t removed, bytes;

	(void)state;
	snprintf(path, sizeof(path), "%s/tshark", top);
	write_program(path, "echo TShark 4.0.17; echo Compiled; yes");
	check_program_key(path, "tshark TShark 4.0.17\n");
	check_program_key(path, "tshark TShark 4.0.17\n");
	assert_int_equal(asked(), 1);
	/* Elsewhere, as on another machine: asked, and the same. */
	snprintf(path, sizeof(path), "%s/other-tshark", top);
	write_program(path, "echo TShark 4.0.17");
	check_program_key(path, "tshark TShark 4.0.17\n");
	assert_int_equal(asked(), 2);
	/* Another program there now. */
	write_program(path, "echo TShark 4.4.0, of another size");
	check_program_key(path, "tshark TShark 4.4.0, of another size\n");
	assert_int_equal(asked(), 3);
	/* Cleaning forgets. */
	assert_ok(mptcp_cache_clean(&cache, &removed, &bytes, &error));
	assert_true(removed == 0 && bytes == 0);
	check_program_key(path, "tshark TShark 4.4.0, of another size\n");
	assert_int_equal(asked(), 4);
	/* What says no version, or nothing that is text in one line, is the file itself. */
	for (size_t i = 0; i < 4; i++) {
		static const char *const answers[] = {"exit 1", "printf TShark",
			"printf 'TShark \\033[31m\\n'", "yes | tr -d '\\n'"};
		write_program(path, answers[i]);
		snprintf(expected, sizeof(expected), "tshark %s ", path);
		check_program_key(path, expected);
	}
}

static void the_key_of_a_file_is_one_line_whatever_its_name(void **state)
{
	struct mptcp_buffer key = MPTCP_BUFFER_INIT;
	char path[128], expected[160];

	(void)state;
	snprintf(path, sizeof(path), "%s/a\nb\\c", top);
	fclose(fopen(path, "w"));
	assert_ok(mptcp_cache_key_file(&key, "capture", path, &error));
	snprintf(expected, sizeof(expected), "capture %s/a\\012b\\134c ", top);
	assert_memory_equal(key.bytes, expected, strlen(expected));
	assert_ptr_equal(strchr(key.bytes, '\n'), key.bytes + key.length - 1);
	mptcp_buffer_clear(&key);
}

static void only_a_regular_file_that_is_there_has_a_key(void **state)
{
	struct mptcp_buffer key = MPTCP_BUFFER_INIT;

	(void)state;
	assert_int_equal(mptcp_cache_key_file(&key, "capture", top, &error), -1);
	assert_non_null(strstr(error.text, "not a regular file"));
	assert_int_equal(mptcp_cache_key_file(&key, "capture", "/nowhere/at all", &error), -1);
	assert_int_equal(error.status, MPTCP_IO);
	assert_non_null(strstr(error.text, "/nowhere/at all"));
	assert_int_equal(key.length, 0);
	mptcp_buffer_clear(&key);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(opening_makes_a_private_folder_with_a_tag),
		TEST(the_default_folder_is_the_one_of_xdg),
		TEST(a_folder_that_cannot_be_made_is_an_error_that_names_it),
		TEST(the_name_of_an_entry_is_the_sha256_of_its_key),
		TEST(an_entry_is_found_after_commit_and_not_before),
		TEST(a_new_entry_replaces_the_old_one),
		TEST(without_o_tmpfile_a_temporary_name_does_the_same),
		TEST(the_list_begins_with_what_was_used_last_and_a_hit_is_a_use),
		TEST(past_the_limit_the_least_recently_used_goes),
		TEST(an_entry_larger_than_the_limit_is_not_kept_and_evicts_nothing),
		TEST(clean_removes_all_and_says_how_much),
		TEST(a_process_killed_while_it_writes_leaves_nothing_and_no_lock),
		TEST(without_o_tmpfile_the_next_eviction_takes_what_the_dead_left),
		TEST(of_many_processes_that_want_an_entry_exactly_one_works),
		TEST(who_waited_for_another_is_told_so_and_locks_of_other_keys_do_not_wait),
		TEST(making_listing_and_cleaning_at_once_give_no_error),
		TEST(a_cache_that_vanished_gives_errors_and_no_entries),
		TEST(a_folder_for_entries_that_is_a_file_fails_creation_with_a_text),
		TEST(the_key_of_a_file_changes_with_its_size_times_and_content),
		TEST(without_locks_entries_are_made_nevertheless_and_the_dead_go_after_a_day),
		TEST(of_two_machines_that_make_an_entry_at_once_the_last_one_stays),
		TEST(the_hash_is_that_of_the_first_and_the_last_4096_bytes),
		TEST(a_program_is_its_version_which_is_asked_once),
		TEST(the_key_of_a_file_is_one_line_whatever_its_name),
		TEST(only_a_regular_file_that_is_there_has_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
