/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wireshark: the surroundings in which the programs of Wireshark are started. */
#ifndef MPTCP_WIRESHARK_H
#define MPTCP_WIRESHARK_H

/* For mptcp_process_options: no home and no configuration, so that no preference, script or plugin
 * of the user's changes what they do. A folder that does not exist is as good as an empty one, and
 * leaves nothing behind. */
extern const char *const mptcp_wireshark_secluded[];
/* The user's own set-up, for a profile. */
extern const char *const mptcp_wireshark_of_user[];

#endif
