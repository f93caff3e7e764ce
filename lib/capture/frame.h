/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * frame: one captured TCP segment as tshark dissects it, before any TCP or MPTCP state.
 */
#ifndef MPTCP_FRAME_H
#define MPTCP_FRAME_H

#include "address.h"
#include "interned.h"
#include "options.h"
#include "packet.h"

struct mptcp_frame {
	uint64_t number; /* of the frame in the capture, from 1; set by whoever counts the lines */
	int64_t time;    /* nanoseconds since the epoch */
	struct mptcp_address source, destination; /* of the IP header next to the TCP header */
	uint16_t source_port, destination_port;
	uint32_t sequence, acknowledgement; /* as on the wire */
	uint32_t length;                    /* bytes of payload on the wire */
	uint16_t window;                    /* unscaled */
	uint16_t flags;
	uint8_t options_length;
	bool options_cut; /* there are more option bytes than were captured */
	uint8_t ttl;      /* hop limit of IPv6; of the IP header next to the TCP header, as ipid */
	bool has_ttl, has_ipid, has_direction;
	uint16_t ipid;
	uint8_t direction; /* enum mptcp_packet_direction */
	uint32_t interface_id;
	uint32_t captured, original; /* bytes of the whole frame; 0 where not known */
	struct mptcp_text protocols; /* frame.protocols, also of what is not a segment; points into
					the line */
	uint8_t options[40];         /* the TCP option bytes that were captured */
	struct mptcp_text interface; /* "" for none; lives as long as whoever made the frame */
	const struct mptcp_text
		*extra; /* values of additional fields; valid until the next frame is made */
	size_t extras;
};

/* The options of the segment; options->cut where the capture has the beginning of them only. The
 * parsed values point into the frame. */
void mptcp_frame_options(const struct mptcp_frame *frame, struct mptcp_options *options);

/* The tshark fields a frame is made from, in the order in which mptcp_frame_parse expects them. */
extern const char *const mptcp_frame_fields[];
extern const size_t mptcp_frame_field_count;
/* Between fields, between occurrences of one field: as given to tshark. */
#define MPTCP_FRAME_SEPARATOR '\x1f'
#define MPTCP_FRAME_AGGREGATOR ';'

/*
 * Reads one line of tshark's output (without its newline), which must outlive the frame's extra.
 * The values of the `extras` fields after the fixed ones go into `extra`, which has room for them;
 * `names` are the interface names seen so far, to which the frame's own is added. Of what is not a
 * segment only the time is set, 0 where the capture has none, or one that cannot be worked with.
 * Where a frame has several TCP headers (tunnels) it is the last one; one quoted in an ICMP error
 * is not a segment.
 */
enum mptcp_frame_kind {
	MPTCP_FRAME_BROKEN =
		-1,        /* a line that tshark does not write, or no memory for an interface name
			    */
	MPTCP_FRAME_OTHER, /* not a TCP segment, or the dissector lost a part of it */
	MPTCP_FRAME_SEGMENT
};
enum mptcp_frame_kind mptcp_frame_parse(struct mptcp_frame *frame, struct mptcp_text line,
	struct mptcp_interned **names, struct mptcp_text *extra, size_t extras);

/* How the frame came to the host that captured it: by the packet type of a cooked capture, or by
 * the direction in the flags of a pcapng packet; -1 where there is none. */
void mptcp_frame_set_direction(struct mptcp_frame *frame, int packet_type, int direction);
/* The name of its interface, added to `names`, if it is one. 0, or -1 when memory ran out. */
int mptcp_frame_set_interface(struct mptcp_frame *frame, struct mptcp_text name,
	struct mptcp_interned **names);

#endif
