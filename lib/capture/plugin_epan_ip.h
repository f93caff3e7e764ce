/* SPDX-License-Identifier: GPL-2.0-or-later */
/* plugin_epan_ip: the IP headers of a frame, part of the plugin in plugin_epan.c. */
#ifndef MPTCP_PLUGIN_EPAN_IP_H
#define MPTCP_PLUGIN_EPAN_IP_H

#include "plugin_row.h"

#include <epan/packet.h>

#include <stdbool.h>

#define PLUGIN_IP_MOST 64

struct plugin_ip {
	const void *headers[PLUGIN_IP_MOST]; /* ws_ip4 or ws_ip6, in the order of the frame */
	unsigned count;
	int proto_tcp, proto_ip, proto_ipv6; /* as Wireshark numbers them */
};

/* The header next to the last TCP header, into the row. False: a field of it is missing. */
bool plugin_ip_put(const struct plugin_ip *ip, struct mptcp_plugin_row *row,
	const packet_info *pinfo);

#endif
