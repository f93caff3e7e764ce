/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that are replaced when they are whole. */
#include "output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/test_output.XXXXXX";

static bool unnamed_refused; /* the file system has no files without a name */

/* Takes the place of the C library's. */
int open(const char *path, int flags, ...)
{
	va_list arguments;

	if (unnamed_refused && (flags & O_TMPFILE) == O_TMPFILE) {
		errno = EOPNOTSUPP;
		return -1;
	}
	va_start(arguments, flags);
	mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return openat(AT_FDCWD, path, flags, mode);
}

static int enter_folder(void **state)
{
	(void)state;
	umask(022);
	unnamed_refused = false;
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	return !mkdtemp(folder) || chdir(folder);
}

static int leave_folder(void **state)
{
	static const char *const names[] = {"file", "link", "other", "pipe", "unwritable"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(names[i]);
	return chdir("/") || rmdir(folder); /* fails where anything else is left there */
}

static void put(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void expect(const char *name, const char *text)
{
	char got[64] = "";
	int fd = open(name, O_RDONLY);

	assert_true(fd >= 0);
	assert_true(read(fd, got, sizeof(got) - 1) >= 0);
	close(fd);
	assert_string_equal(got, text);
}

static mode_t mode_of(const char *name)
{
	struct stat file;

	assert_int_equal(stat(name, &file), 0);
	return file.st_mode & 07777;
}

static size_t files(void)
{
	DIR *here = opendir(".");
	size_t count = 0;

	assert_non_null(here);
	while (readdir(here))
		count++;
	closedir(here);
	return count - 2;
}

static struct mptcp_output begin(const char *name, const char *text)
{
	struct mptcp_output output;
	struct mptcp_error error;

	assert_int_equal(mptcp_output_replace(&output, name, &error), 0);
	mptcp_output_string(&output, text);
	mptcp_output_flush(&output);
	return output;
}

static void end(struct mptcp_output output)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_output_close(&output, &error), 0);
}

static void a_file_is_what_it_was_until_the_new_one_is_whole(void **state)
{
	(void)state;
	put("file", "old");
	struct mptcp_output output = begin("file", "new");
	expect("file", "old");
	assert_int_equal(files(), 1);
	end(output);
	expect("file", "new");
	assert_int_equal(files(), 1);
}

static void a_new_file_comes_with_its_last_byte_and_the_usual_mode(void **state)
{
	(void)state;
	struct mptcp_output output = begin("file", "new");
	assert_int_equal(files(), 0);
	end(output);
	expect("file", "new");
	assert_int_equal(mode_of("file"), 0644);
}

static void a_file_that_appears_meanwhile_is_replaced(void **state)
{
	(void)state;
	struct mptcp_output output = begin("file", "new");
	put("file", "another's");
	end(output);
	expect("file", "new");
	assert_int_equal(files(), 1);
}

static void what_is_discarded_leaves_the_old_file_or_none(void **state)
{
	(void)state;
	struct mptcp_output output = begin("file", "new");
	mptcp_output_string(&output, "more");
	mptcp_output_discard(&output);
	end(output);
	assert_int_equal(files(), 0);
	put("file", "old");
	output = begin("file", "new");
	mptcp_output_discard(&output);
	end(output);
	expect("file", "old");
	assert_int_equal(files(), 1);
}

static void the_mode_stays_and_symbolic_links_are_followed(void **state)
{
	(void)state;
	put("file", "old");
	assert_int_equal(chmod("file", 0640), 0);
	assert_int_equal(symlink("other", "link"), 0);
	assert_int_equal(symlink(folder, "unwritable"), 0); /* a folder in the path is a link */
	assert_int_equal(symlink("unwritable/file", "other"), 0);
	end(begin("link", "new"));
	expect("file", "new");
	assert_int_equal(mode_of("file"), 0640);
	assert_int_equal(unlink("file"), 0);
	end(begin("link", "newer"));
	expect("file", "newer");
	assert_int_equal(files(), 4);
}

static void what_is_no_file_is_written_directly(void **state)
{
	struct stat before, after;

	(void)state;
	end(begin("/dev/null", "text"));
	assert_int_equal(mkfifo("pipe", 0600), 0);
	int reader = open("pipe", O_RDONLY | O_NONBLOCK);
	assert_true(reader >= 0);
	assert_int_equal(stat("pipe", &before), 0);
	struct mptcp_output output = begin("pipe", "text");
	char got[8] = "";
	assert_int_equal(read(reader, got, sizeof(got)), 4);
	assert_string_equal(got, "text");
	mptcp_output_discard(&output);
	end(output);
	close(reader);
	assert_int_equal(stat("pipe", &after), 0);
	assert_true(before.st_ino == after.st_ino && S_ISFIFO(after.st_mode));
}

static void what_cannot_be_written_is_an_error_at_once(void **state)
{
	static const char *const paths[] = {"", "nowhere/file", "nowhere/", ".", "link"};
	struct mptcp_output output;
	struct mptcp_error error;

	(void)state;
	assert_int_equal(symlink("link", "link"), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		assert_int_equal(mptcp_output_replace(&output, paths[i], &error), -1);
		assert_int_equal(error.status, MPTCP_IO);
		assert_memory_equal(error.text, paths[i], strlen(paths[i]));
	}
	put("unwritable", "old");
	assert_int_equal(chmod("unwritable", 0444), 0);
	if (geteuid()) /* root may write everything */
		assert_int_equal(mptcp_output_replace(&output, "unwritable", &error), -1);
	expect("unwritable", "old");
}

static void a_failed_write_leaves_the_old_file(void **state)
{
	struct mptcp_error error;

	(void)state;
	put("file", "old");
	struct mptcp_output output = begin("file", "new");
	int full = open("/dev/full", O_WRONLY);
	assert_true(full >= 0);
	assert_true(dup2(full, output.fd) == output.fd);
	close(full);
	mptcp_output_string(&output, "more");
	assert_int_equal(mptcp_output_close(&output, &error), -1);
	assert_string_equal(error.text, "file: No space left on device");
	expect("file", "old");
	assert_int_equal(files(), 1);
}

static void without_unnamed_files_it_has_a_name_of_its_own_meanwhile(void **state)
{
	(void)state;
	unnamed_refused = true;
	struct mptcp_output first = begin("file", "first"), second = begin("file", "second");
	assert_int_equal(files(), 2);
	assert_int_equal(access("file", F_OK), -1);
	end(first);
	expect("file", "first");
	assert_int_equal(mode_of("file"), 0644);
	assert_int_equal(chmod("file", 0600), 0);
	mptcp_output_discard(&second);
	end(second);
	expect("file", "first");
	end(begin("file", "third"));
	expect("file", "third");
	assert_int_equal(mode_of("file"), 0600);
	assert_int_equal(files(), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_what_it_was_until_the_new_one_is_whole),
		TEST(a_new_file_comes_with_its_last_byte_and_the_usual_mode),
		TEST(a_file_that_appears_meanwhile_is_replaced),
		TEST(what_is_discarded_leaves_the_old_file_or_none),
		TEST(the_mode_stays_and_symbolic_links_are_followed),
		TEST(what_is_no_file_is_written_directly),
		TEST(what_cannot_be_written_is_an_error_at_once),
		TEST(a_failed_write_leaves_the_old_file),
		TEST(without_unnamed_files_it_has_a_name_of_its_own_meanwhile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
