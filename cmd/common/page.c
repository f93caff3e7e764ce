/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "page.h"

#include "process.h"
#include "tty.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOT_FOUND 127 /* what a shell says of a program that does not exist */

int page_begin(struct page *page, struct mptcp_error *error)
{
	if (page->bytes)
		munmap(page->bytes, page->length);
	page->bytes = NULL;
	page->length = 0;
	if (!page->open) {
		page->fd = memfd_create("page", MFD_CLOEXEC);
		page->open = page->fd >= 0;
	}
	if (!page->open || ftruncate(page->fd, 0) || lseek(page->fd, 0, SEEK_SET) < 0)
		return mptcp_error_system(error, MPTCP_IO, "page");
	page->output = (struct mptcp_output){.fd = page->fd, .name = "page"};
	return 0;
}

int page_end(struct page *page, struct mptcp_error *error)
{
	if (mptcp_output_close(&page->output, error))
		return -1;
	off_t end = lseek(page->fd, 0, SEEK_END);
	if (end <= 0)
		return end ? mptcp_error_system(error, MPTCP_IO, "page") : 0;
	void *bytes = mmap(NULL, (size_t)end, PROT_READ, MAP_PRIVATE, page->fd, 0);
	if (bytes == MAP_FAILED)
		return mptcp_error_system(error, MPTCP_IO, "page");
	page->bytes = bytes;
	page->length = (size_t)end;
	return 0;
}

void page_close(struct page *page)
{
	if (page->bytes)
		munmap(page->bytes, page->length);
	if (page->open)
		close(page->fd);
	*page = (struct page){0};
}

static bool is_longer(const struct page *page, unsigned rows)
{
	unsigned lines = 1; /* that of the prompt */

	for (size_t i = 0; i < page->length && lines <= rows; i++)
		lines += page->bytes[i] == '\n';
	return rows && lines > rows;
}

/* Interrupts are for the pager while it runs. 0, or -1 where there is none. */
static int run_pager(const struct page *page, const struct mptcp_output *terminal)
{
	const char *command = mptcp_tty_pager();
	const char *const chosen[] = {"sh", "-c", command, NULL},
			  *const usual[] = {"less", "-FRSX", NULL};
	const char *const environment[] = {getenv("LESS") ? NULL : "LESS=FRSX", NULL};
	struct mptcp_process_options options = {.in = page->fd,
		.out = terminal->fd,
		.keep_err = true,
		.environment = environment};
	struct sigaction ignored = {.sa_handler = SIG_IGN}, interrupt, quit;
	struct mptcp_process process;
	struct mptcp_error unused;

	if (lseek(page->fd, 0, SEEK_SET) < 0 ||
		mptcp_process_start(&process, command ? chosen : usual, &options, &unused))
		return -1;
	sigaction(SIGINT, &ignored, &interrupt);
	sigaction(SIGQUIT, &ignored, &quit);
	int status = mptcp_process_wait(&process);
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	mptcp_process_clear(&process);
	return status == NOT_FOUND ? -1 : 0;
}

void page_show(const struct page *page, struct mptcp_output *terminal, unsigned rows, bool paged)
{
	mptcp_output_flush(terminal);
	if ((!paged || !is_longer(page, rows) || run_pager(page, terminal)) && page->length)
		mptcp_output_write(terminal, page->bytes, page->length);
}
