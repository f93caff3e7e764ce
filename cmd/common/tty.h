/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tty: what the user's terminal can show. */
#ifndef MPTCP_TTY_H
#define MPTCP_TTY_H

#include <stdbool.h>

enum mptcp_tty_graphics { MPTCP_TTY_TEXT, MPTCP_TTY_SIXEL, MPTCP_TTY_KITTY };

struct mptcp_tty {
	bool terminal;          /* the descriptor is one */
	unsigned columns, rows; /* characters; 0 where not known */
	bool color;             /* NO_COLOR is not set, and TERM is not dumb */
};

/* Looks at the environment and the descriptor. */
struct mptcp_tty mptcp_tty_look(int fd);
/* Asks the descriptor's terminal which pictures it shows (its answer to "primary device
 * attributes", ESC [ c, names sixel as 4; one that does not answer within a fifth of a second has
 * none). */
enum mptcp_tty_graphics mptcp_tty_ask_graphics(int fd);
/* The user's pager, a command for a shell; NULL where none is set. */
const char *mptcp_tty_pager(void);
/* Whether there is a screen to open windows on: DISPLAY or WAYLAND_DISPLAY is set. */
bool mptcp_tty_has_screen(void);

#endif
