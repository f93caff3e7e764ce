/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tty: what the user's terminal can show. */
#ifndef MPTCP_TTY_H
#define MPTCP_TTY_H

#include <stdbool.h>

enum mptcp_tty_graphics { MPTCP_TTY_TEXT, MPTCP_TTY_SIXEL, MPTCP_TTY_KITTY };

struct mptcp_tty {
	enum mptcp_tty_graphics graphics;
	unsigned columns, rows; /* characters; 0 where not known */
	bool color;             /* NO_COLOR is not set, and TERM is not dumb */
};

/*
 * Asks the environment and the descriptor's terminal (its answer to "primary device attributes",
 * ESC [ c, names sixel as 4; one that does not answer within a fifth of a second has none).
 */
struct mptcp_tty mptcp_tty_look(int fd);
/* Whether there is a screen to open windows on: DISPLAY or WAYLAND_DISPLAY is set. */
bool mptcp_tty_has_screen(void);

#endif
