/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin_row: what the plugin inside tshark writes per frame, in the byte order of the machine.
 *
 * A row is this struct, then the texts whose lengths it has. Another layout takes another name:
 * a plugin of another version then refuses to start, instead of being misunderstood.
 */
#ifndef MPTCP_PLUGIN_ROW_H
#define MPTCP_PLUGIN_ROW_H

#include <stdint.h>

/* tshark's option -z: this name, a comma, and how many rows may be held back (0: none). */
#define MPTCP_PLUGIN_TAP "mptcp,rows1"

enum mptcp_plugin_row_has {
	MPTCP_ROW_TIME = 1,
	MPTCP_ROW_SEGMENT = 2,          /* all that follows `interface_id`; else only the texts */
	MPTCP_ROW_PACKET_TYPE = 4,      /* of a cooked capture (SLL, SLL2) */
	MPTCP_ROW_DIRECTION = 8,        /* a pcapng packet has flags */
	MPTCP_ROW_INTERFACE_INDEX = 16, /* interface_id is that of SLL2 */
	MPTCP_ROW_INTERFACE = 32        /* interface_id is that of the container */
};

struct mptcp_plugin_row {
	uint32_t length; /* bytes, the texts included */
	uint32_t number; /* of the frame, from 1, as this tshark counts */
	int64_t seconds;
	int32_t nanoseconds;
	uint16_t has;              /* enum mptcp_plugin_row_has */
	uint16_t protocols_length; /* frame.protocols; empty where a segment has all its options */
	uint16_t interface_length; /* the interface's name */
	uint16_t packet_type, direction;
	uint16_t source_port, destination_port;
	uint16_t flags, window, ipid;
	uint32_t interface_id;
	uint32_t sequence, acknowledgement, payload_length;
	uint8_t version; /* of IP, 4 or 6 */
	uint8_t ttl;     /* or hop limit */
	uint8_t header_length;
	uint8_t options_length; /* as far as they were captured */
	uint8_t source[16], destination[16];
	uint8_t options[40];
};

#endif
