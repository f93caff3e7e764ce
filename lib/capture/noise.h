/* SPDX-License-Identifier: GPL-2.0-or-later */
/* noise: what Wireshark's programs say on standard error even when all is well. */
#ifndef MPTCP_NOISE_H
#define MPTCP_NOISE_H

#include <stdbool.h>
#include <stddef.h>

/* For mptcp_process_message. */
bool mptcp_noise(const char *line, size_t length);

#endif
