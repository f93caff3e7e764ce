/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cut.h"

#include <inttypes.h>
#include <string.h>

#define TCP_MOST 60U /* bytes of the longest TCP header */
#define TCP_LEAST 20U

/* Bytes of the link layer's header; LINKTYPE_ numbers. */
static uint32_t link_header(uint32_t linktype)
{
	switch (linktype) {
	case 0:
	case 108:
		return 4;
	case 1:
		return 14;
	case 113:
		return 16;
	case 276:
		return 20;
	default:
		return 0;
	}
}

/*
 * A frame that is not a segment: whether it ends in a TCP header, or in an IP header that may be
 * before one, and how many bytes the headers up to TCP need. The chain is frame.protocols.
 */
static bool ends_in_headers(struct mptcp_text chain, uint32_t *needed)
{
	static const struct {
		const char *name;
		uint32_t length;
		bool ends;
	} known[] = {{"ip", 20, true}, {"ipv6", 40, true}, {"tcp", 0, true}, {"vlan", 4, false},
		{"ieee8021ad", 4, false}, {"pppoes", 8, false}, {"gre", 4, false}};
	const char *at = chain.bytes, *end = at + chain.length;
	bool ends = false;

	while (at < end) {
		const char *stop = memchr(at, ':', (size_t)(end - at));
		size_t length = (size_t)((stop ? stop : end) - at);

		if (length >= 4 && !memcmp(at, "icmp", 4))
			return false; /* what it quotes is not a segment */
		ends = false;
		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			if (strlen(known[i].name) == length && !memcmp(known[i].name, at, length)) {
				*needed += known[i].length;
				ends = known[i].ends;
			}
		at += length + 1;
	}
	return ends;
}

void mptcp_cut_see(struct mptcp_cut *cut, struct mptcp_frame *frame, bool is_segment,
	uint32_t linktype)
{
	uint32_t needed = link_header(linktype), options = is_segment ? frame->options_length : 0;
	bool is_cut = frame->captured < frame->original;
	bool in_headers = is_cut && ends_in_headers(frame->protocols, &needed);

	if (is_segment) {
		cut->headers++;
		frame->options_cut &= is_cut;
		if (!frame->options_cut)
			return;
	} else if (!in_headers) {
		return;
	} else {
		cut->headers++;
	}
	needed += TCP_MOST;
	/* what the chain does not show, such as options of IP, follows from where options of TCP
	 * begin */
	if (frame->captured + TCP_MOST - TCP_LEAST - options > needed)
		needed = frame->captured + TCP_MOST - TCP_LEAST - options;
	cut->cut++;
	if (frame->captured > cut->captured)
		cut->captured = frame->captured;
	if (needed > cut->enough)
		cut->enough = needed;
}

int mptcp_cut_text(const struct mptcp_cut *cut, struct mptcp_buffer *text)
{
	if (!cut->cut)
		return 0;
	return mptcp_buffer_format(text,
		"%" PRIu64 " of %" PRIu64 " TCP headers are cut by the snap length of %" PRIu32
		" bytes: options are unknown; capture with at least %" PRIu32 " bytes (-s %" PRIu32
		")",
		cut->cut, cut->headers, cut->captured, cut->enough, cut->enough);
}
