/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The prefilter never skips a SYN, nor a packet with an MPTCP option, nor anything without a whole
 * header. Input: packets, each after its link type and length. */
#include "bytes.h"
#include "fuzz.h"
#include "prefilter.h"

/* Whether it is plain TCP over IPv4 in Ethernet: its header, or NULL. */
static const uint8_t *tcp_of(const uint8_t *packet, size_t size)
{
	if (size < 54 || mptcp_be16(packet + 12) != 0x0800 || packet[14] != 0x45 ||
		packet[23] != 6 || mptcp_be16(packet + 20) & 0x3fff)
		return NULL;
	return packet + 34;
}

static bool has_mptcp(const uint8_t *tcp, size_t size)
{
	size_t end = (size_t)(tcp[12] >> 4) * 4;

	for (size_t at = 20; at < end && at < size;) {
		if (tcp[at] == 30)
			return true;
		if (!tcp[at])
			return false;
		if (tcp[at] == 1) {
			at++;
		} else if (at + 1 < size && tcp[at + 1] >= 2) {
			at += tcp[at + 1];
		} else {
			return false;
		}
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const uint32_t linktypes[] = {1, 113, 276, 101, 228, 229, 0, 147};
	struct mptcp_prefilter *prefilter = mptcp_prefilter_new();
	static uint8_t packet[256];
	struct fuzz_input input = {bytes, size};

	REQUIRE(prefilter);
	while (input.left) {
		/* mostly Ethernet, IPv4, TCP of few ends, so that flows meet */
		unsigned kind = (unsigned)fuzz_take(&input, 1);
		uint32_t linktype = linktypes[kind & 7];
		size_t length = (size_t)fuzz_take(&input, 1) % 96, at = 0;

		if (kind & 8) {
			static const uint8_t head[] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
				0x45, 0, 0, 60, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
				1, 1, 2, 2};

			linktype = 1;
			memcpy(packet, head, at = sizeof(head));
		}
		for (size_t i = 0; i < length && input.left; i++)
			packet[at++] = (uint8_t)fuzz_take(&input, 1);
		uint8_t *exact = malloc(at + !at);
		memcpy(exact, packet, at);
		bool skipped = mptcp_prefilter_skip(prefilter, linktype, exact, at);
		const uint8_t *tcp = linktype == 1 ? tcp_of(exact, at) : NULL;

		REQUIRE(!skipped || at >= 14);
		if (skipped && tcp)
			REQUIRE(!(tcp[13] & 2) && tcp[12] >> 4 >= 5);
		if (tcp && has_mptcp(tcp, at - 34) && tcp[13] & 2)
			REQUIRE(!skipped);
		free(exact);
	}
	mptcp_prefilter_free(prefilter);
	return 0;
}
