/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config_older: what the configuration of mptcpanalyzer says otherwise than ours. Its sections
 * [DEFAULT] and [mptcpanalyzer] are ours; most of its keys are the same. Internal to config.
 */
#ifndef MPTCP_CONFIG_OLDER_H
#define MPTCP_CONFIG_OLDER_H

#include <stdbool.h>
#include <stddef.h>

bool mptcp_config_older_section(const char *section);
/* Our name of a key; the name itself where it is no older one. */
const char *mptcp_config_older_name(const char *name);
/* What to write instead of a value that cannot be used; NULL where it is one of ours. */
const char *mptcp_config_older_advice(const char *name, const char *value);
/* `delimiter = ;`, which there is no comment: puts the value in quotes, in a line with room for
 * `size` bytes. */
void mptcp_config_older_quote(char *line, size_t size);

#endif
