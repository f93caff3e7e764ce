/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file with a capture: its headers and copies of its records are a capture of as many packets,
 * with the same bytes. */
#include "capture.h"
#include "fuzz.h"

struct packets {
	struct mptcp_buffer bytes; /* of all packets: lengths and content */
	size_t count;
};

static bool read_all(int fd, struct packets *packets, struct mptcp_buffer *copy)
{
	struct mptcp_buffer body = MPTCP_BUFFER_INIT;
	struct mptcp_capture_record record;
	struct mptcp_error error;
	uint8_t start[16];
	ssize_t length = read(fd, start, sizeof(start));
	const struct mptcp_opened from = {dup(fd), "x", start, length < 0 ? 0 : (size_t)length};
	enum mptcp_result got;
	size_t known = 0;

	if (length < 16 || !mptcp_capture_known(start, sizeof(start))) {
		close(from.fd);
		return false;
	}
	struct mptcp_capture *capture = mptcp_capture_open(&from, "/nonexistent", &error);
	if (!capture)
		return false;
	while ((got = mptcp_capture_next(capture, &record, &error)) == MPTCP_ROW) {
		uint32_t head[3] = {record.captured, record.original, record.linktype};
		const struct mptcp_buffer *headers = mptcp_capture_headers(capture);

		/* events have a number, as packets have, but no bytes */
		REQUIRE(record.packet ? record.packet >= record.bytes &&
					record.packet + record.captured <=
						record.bytes + record.length
				      : !record.captured);
		mptcp_buffer_add(&packets->bytes, head, sizeof(head));
		if (record.packet)
			mptcp_buffer_add(&packets->bytes, record.packet, record.captured);
		packets->count++;
		if (copy) {
			mptcp_buffer_add(&body, headers->bytes + known, headers->length - known);
			known = headers->length;
			REQUIRE(!mptcp_capture_copy(capture, &record, 0, &body));
		}
	}
	REQUIRE(got == MPTCP_END || got == MPTCP_FAILED);
	if (copy)
		mptcp_buffer_add(copy, body.bytes, body.length);
	mptcp_buffer_clear(&body);
	mptcp_capture_close(capture);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct packets first = {MPTCP_BUFFER_INIT, 0}, second = {MPTCP_BUFFER_INIT, 0};
	struct mptcp_buffer copy = MPTCP_BUFFER_INIT;

	if (read_all(fuzz_file(0, bytes, size), &first, &copy) && first.count) {
		REQUIRE(read_all(fuzz_file(1, copy.bytes, copy.length), &second, NULL));
		REQUIRE(first.count == second.count);
		REQUIRE(first.bytes.length == second.bytes.length);
		REQUIRE(!memcmp(first.bytes.bytes, second.bytes.bytes, first.bytes.length));
	}
	mptcp_buffer_clear(&first.bytes);
	mptcp_buffer_clear(&second.bytes);
	mptcp_buffer_clear(&copy);
	return 0;
}
