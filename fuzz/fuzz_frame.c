/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of tshark: any bytes. A segment has addresses of one family and options that fit. */
#include "frame.h"
#include "fuzz.h"

#define EXTRAS 2

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mptcp_interned *names = NULL;
	struct mptcp_text extra[EXTRAS];
	struct mptcp_options options;
	struct mptcp_frame frame = {0};
	char *line = malloc(size + !size);
	size_t extras = size % (EXTRAS + 1);

	/* the separator is hard to guess */
	for (size_t i = 0; i < size; i++)
		line[i] = bytes[i] == '\t' ? MPTCP_FRAME_SEPARATOR : (char)bytes[i];
	enum mptcp_frame_kind kind =
		mptcp_frame_parse(&frame, (struct mptcp_text){line, size}, &names, extra, extras);

	REQUIRE(kind == MPTCP_FRAME_BROKEN || kind == MPTCP_FRAME_OTHER ||
		kind == MPTCP_FRAME_SEGMENT);
	if (kind == MPTCP_FRAME_SEGMENT) {
		REQUIRE(frame.source.family == 4 || frame.source.family == 6);
		REQUIRE(frame.source.family == frame.destination.family);
		REQUIRE(frame.options_length <= sizeof(frame.options));
		REQUIRE(!frame.has_direction || frame.direction <= MPTCP_OUT);
		REQUIRE(strlen(frame.interface.bytes) == frame.interface.length);
		for (size_t i = 0; i < extras; i++)
			REQUIRE(!extra[i].length ||
				(extra[i].bytes >= line &&
					extra[i].bytes + extra[i].length <= line + size));
		mptcp_frame_options(&frame, &options);
	}
	mptcp_interned_free(names);
	free(line);
	return 0;
}
