/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "extract.h"

#include "packet_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The next packet of what may be an older extract; false at its end, and where it is damaged. */
static bool next_older(struct mptcp_extract *extract, struct mptcp_capture_record *record)
{
	struct mptcp_error error;
	enum mptcp_result got = mptcp_capture_next(extract->older, record, &error);

	if (got == MPTCP_ROW)
		return true;
	extract->replaces = got == MPTCP_END;
	return false;
}

static bool is_same(const struct mptcp_capture_record *a, const struct mptcp_capture_record *b)
{
	return a->captured == b->captured && a->original == b->original &&
		a->linktype == b->linktype &&
		(!a->captured || !memcmp(a->packet, b->packet, a->captured));
}

static void add_to_map(struct mptcp_extract *extract, uint64_t packetid)
{
	char line[48];

	if (!extract->map)
		return;
	snprintf(line, sizeof(line), "%" PRIu64 ",%" PRIu64 "\n", packetid, extract->copied);
	mptcp_output_string(extract->map, line);
}

/* Section headers and interfaces that were not copied yet. */
static void copy_headers(struct mptcp_extract *extract, size_t *known)
{
	const struct mptcp_buffer *headers = mptcp_capture_headers(extract->from);

	mptcp_output_write(extract->to, headers->bytes + *known, headers->length - *known);
	*known = headers->length;
}

int mptcp_extract(struct mptcp_extract *extract, struct mptcp_error *error)
{
	struct mptcp_capture_record record, old;
	bool older = extract->older && next_older(extract, &old);
	enum mptcp_result got;
	size_t headers = 0;

	if (extract->map)
		mptcp_output_string(extract->map, "packetid,extracted\n");
	for (uint64_t packetid = 1;
		(got = mptcp_capture_next(extract->from, &record, error)) == MPTCP_ROW;
		packetid++) {
		if (older && is_same(&record, &old))
			older = next_older(extract, &old);
		if (!mptcp_packet_list_has(extract->packets, packetid))
			continue;
		extract->copied++;
		copy_headers(extract, &headers);
		mptcp_output_write(extract->to, record.bytes, record.length);
		add_to_map(extract, packetid);
	}
	copy_headers(extract, &headers); /* where there was no packet */
	return got == MPTCP_FAILED ? -1 : 0;
}
