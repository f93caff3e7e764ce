/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tty.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ANSWER_TIME 200 /* milliseconds */

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

/* Reads "ESC [ ? 62 ; 4 ; 22 c" up to the c. */
static void read_answer(int fd, char *answer, size_t size)
{
	struct pollfd ready = {.fd = fd, .events = POLLIN};
	size_t length = 0;

	while (length + 1 < size && poll(&ready, 1, ANSWER_TIME) > 0) {
		if (read(fd, answer + length, 1) != 1)
			break;
		if (answer[length++] == 'c')
			break;
	}
	answer[length] = '\0';
}

static bool names_sixel(const char *answer)
{
	const char *at = strstr(answer, "[?");

	for (at = at ? strchr(at, ';') : NULL; at; at = strchr(at + 1, ';'))
		if (at[1] == '4' && (at[2] == ';' || at[2] == 'c'))
			return true;
	return false;
}

/* The answer is not echoed, and has no line end to wait for. */
static bool ask_sixel(void)
{
	static const char question[] = "\033[c";
	char answer[64] = "";
	struct termios before, raw;
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd == -1)
		return false;
	if (tcgetattr(fd, &before) == 0) {
		raw = before;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		tcsetattr(fd, TCSAFLUSH, &raw);
		if (write(fd, question, sizeof(question) - 1) == sizeof(question) - 1)
			read_answer(fd, answer, sizeof(answer));
		tcsetattr(fd, TCSAFLUSH, &before);
	}
	close(fd);
	return names_sixel(answer);
}

static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || !strcmp(term, "dumb");
}

struct mptcp_tty mptcp_tty_look(int fd)
{
	struct winsize size;
	struct mptcp_tty tty = {.terminal = isatty(fd), .color = !is_set("NO_COLOR") && !is_dumb()};

	if (ioctl(fd, TIOCGWINSZ, &size) == 0) {
		tty.columns = size.ws_col;
		tty.rows = size.ws_row;
	}
	return tty;
}

enum mptcp_tty_graphics mptcp_tty_ask_graphics(int fd)
{
	if (!isatty(fd) || is_dumb())
		return MPTCP_TTY_TEXT;
	if (is_set("KITTY_WINDOW_ID") || strstr(getenv("TERM"), "kitty"))
		return MPTCP_TTY_KITTY;
	return ask_sixel() ? MPTCP_TTY_SIXEL : MPTCP_TTY_TEXT;
}

const char *mptcp_tty_pager(void)
{
	return is_set("PAGER") ? getenv("PAGER") : NULL;
}

bool mptcp_tty_has_screen(void)
{
	return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
}
