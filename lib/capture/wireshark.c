/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "wireshark.h"

#include <stddef.h>

#define NOWHERE "/nonexistent"

const char *const mptcp_wireshark_secluded[] = {"HOME=" NOWHERE, "WIRESHARK_CONFIG_DIR=" NOWHERE,
	"WIRESHARK_PLUGIN_DIR", "WIRESHARK_ABORT_ON_DISSECTOR_BUG", NULL};
const char *const mptcp_wireshark_of_user[] = {"WIRESHARK_ABORT_ON_DISSECTOR_BUG", NULL};
