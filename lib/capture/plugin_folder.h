/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin: whether tshark can be given the plugin that writes rows (plugin_row.h), and what it
 * wrote.
 *
 * It is in a folder of its own, VERSION/epan/mptcp.so for each minor version of Wireshark, which
 * only WIRESHARK_PLUGIN_DIR names: no other Wireshark loads it. Beside the folder of the running
 * program (a build, an installation) or in LIBDIR.
 */
#ifndef MPTCP_PLUGIN_FOLDER_H
#define MPTCP_PLUGIN_FOLDER_H

#include "buffer.h"

#include <stdbool.h>

/*
 * The folder for WIRESHARK_PLUGIN_DIR; false: there is none that tshark, as whom it would run,
 * could read; `why` (or NULL) says so. Whether a tshark loads what is in there only that tshark
 * knows.
 */
bool mptcp_plugin_folder(struct mptcp_buffer *folder, struct mptcp_buffer *why);
/* Whether this tshark, started as a worker would start it, has the plugin of the folder. False:
 * `why` says what is wrong. */
bool mptcp_plugin_works(const char *tshark, const struct mptcp_buffer *folder,
	struct mptcp_buffer *why);

#endif
