/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. What counts
 * as a packet, and what as damage, is decided as Wireshark's file reader decides it, so that packet
 * numbers are its frame numbers.
 */
#include "capture_parts.h"

#include "array.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PCAP_MICROSECONDS 0xa1b2c3d4
#define PCAP_NANOSECONDS 0xa1b23c4d
#define PCAP_FILE_HEADER 24

bool mptcp_capture_magic(struct mptcp_capture *capture, const uint8_t *bytes, uint32_t one,
	uint32_t other)
{
	for (int swapped = 0; swapped < 2; swapped++) {
		capture->swapped = swapped;
		uint32_t value = mptcp_capture_get32(capture, bytes);
		if (value == one || value == other)
			return true;
	}
	return false;
}

enum format { UNKNOWN, PCAP, PCAPNG };

/* Only version 2.4 of pcap: others may have another record header, which editcap knows. */
static enum format recognise(struct mptcp_capture *capture, const uint8_t *bytes, size_t length)
{
	if (length >= 8 &&
		mptcp_capture_magic(capture, bytes, PCAP_MICROSECONDS, PCAP_NANOSECONDS) &&
		mptcp_capture_get16(capture, bytes + 4) == 2 &&
		mptcp_capture_get16(capture, bytes + 6) == 4)
		return PCAP;
	capture->swapped = false;
	if (length >= 12 && mptcp_capture_get32(capture, bytes) == MPTCP_NG_SECTION &&
		mptcp_capture_magic(capture, bytes + 8, MPTCP_NG_MAGIC, MPTCP_NG_MAGIC))
		return PCAPNG;
	return UNKNOWN;
}

bool mptcp_capture_known(const void *start, size_t length)
{
	struct mptcp_capture probe = {0};

	return recognise(&probe, start, length) != UNKNOWN;
}

int mptcp_capture_fail(struct mptcp_capture *capture, const char *what, struct mptcp_error *error)
{
	/* after a cut there is nothing more; editcap ends at a damage as we do */
	const char *remedy = strstr(what, "cut short") ? "editcap keeps those alone in a new file"
						       : "pcapfix may recover what follows";

	capture->ended = true;
	mptcp_error_set(&capture->failure, MPTCP_DATA,
		"%s: packet %" PRIu64 ": %s (%" PRIu64 " whole packets before it; %s)",
		capture->name, capture->packets + 1, what, capture->packets, remedy);
	*error = capture->failure;
	return -1;
}

/* editcap's own verdict, which says more than what its output looks like; 0 where it found no
 * fault. */
static int verdict(struct mptcp_capture *capture, struct mptcp_error *error)
{
	struct mptcp_buffer complaint = MPTCP_BUFFER_INIT;
	int status = mptcp_source_finish(&capture->source, &complaint);
	int result = 0;

	if (status > 128) {
		capture->ended = true;
		result = mptcp_error_set(&capture->failure, MPTCP_PROGRAM,
			"%s: editcap was killed by signal %d", capture->name, status - 128);
	} else if (status || complaint.length) {
		capture->ended = true;
		const char *what = complaint.length ? complaint.bytes : "cannot be read by editcap";
		if (capture->packets)
			mptcp_capture_fail(capture, what, error);
		else
			mptcp_error_set(&capture->failure, MPTCP_DATA, "%s: %s", capture->name,
				what);
		result = -1;
	}
	if (result)
		*error = capture->failure;
	mptcp_buffer_clear(&complaint);
	return result;
}

enum mptcp_result mptcp_capture_need(struct mptcp_capture *capture, size_t length,
	struct mptcp_error *error)
{
	enum mptcp_result got = mptcp_source_need(&capture->source, length);

	if (got == MPTCP_ROW || got == MPTCP_IDLE)
		return got;
	if (got == MPTCP_FAILED) {
		capture->ended = true;
		mptcp_error_system(&capture->failure, MPTCP_IO, "%s", capture->name);
		*error = capture->failure;
		return -1;
	}
	if (verdict(capture, error))
		return -1;
	if (mptcp_source_length(&capture->source))
		return mptcp_capture_fail(capture, "cut short in the middle of the packet", error);
	capture->ended = true;
	return MPTCP_END;
}

int mptcp_capture_add_interface(struct mptcp_capture *capture, uint32_t linktype, uint32_t snaplen,
	struct mptcp_error *error)
{
	struct mptcp_capture_interface *grown = mptcp_array_append(capture->interfaces,
		&capture->interface_count, &capture->interface_capacity, sizeof(*grown));

	if (!grown)
		return mptcp_error_memory(error);
	capture->interfaces = grown;
	grown[capture->interface_count - 1] =
		(struct mptcp_capture_interface){linktype, snaplen, 0, 1000000, 0};
	return 0;
}

/* --- pcap --- */

static int pcap_open(struct mptcp_capture *capture, struct mptcp_error *error)
{
	const uint8_t *bytes;

	if (mptcp_source_need(&capture->source, PCAP_FILE_HEADER) != MPTCP_ROW)
		return mptcp_error_set(error, MPTCP_DATA, "%s: cut short in the file header",
			capture->name);
	bytes = mptcp_source_bytes(&capture->source);
	if (mptcp_buffer_add(&capture->headers, bytes, PCAP_FILE_HEADER))
		return mptcp_error_memory(error);
	capture->given = PCAP_FILE_HEADER;
	/* the upper half of the number has the length of the frame check sequence */
	return mptcp_capture_add_interface(capture,
		mptcp_capture_get32(capture, bytes + 20) & 0xffff, 0, error);
}

static enum mptcp_result pcap_next(struct mptcp_capture *capture,
	struct mptcp_capture_record *record, struct mptcp_error *error)
{
	enum mptcp_result got = mptcp_capture_need(capture, MPTCP_PCAP_RECORD_HEADER, error);

	if (got != MPTCP_ROW)
		return got;
	const uint8_t *bytes = mptcp_source_bytes(&capture->source);
	uint32_t captured = mptcp_capture_get32(capture, bytes + 8);
	if (captured > MPTCP_CAPTURE_LONGEST)
		return mptcp_capture_fail(capture, "damaged: claims more bytes than any packet has",
			error);
	size_t length = MPTCP_PCAP_RECORD_HEADER + (size_t)captured;
	got = mptcp_capture_need(capture, length, error);
	if (got != MPTCP_ROW)
		return got;
	bytes = mptcp_source_bytes(&capture->source);
	*record = (struct mptcp_capture_record){
		.bytes = bytes,
		.length = length,
		.packet = bytes + MPTCP_PCAP_RECORD_HEADER,
		.captured = captured,
		.original = mptcp_capture_get32(capture, bytes + 12),
		.linktype = capture->interfaces[0].linktype,
	};
	return MPTCP_ROW;
}

/* --- both --- */

static int open_format(struct mptcp_capture *capture, const char *editcap,
	struct mptcp_error *error)
{
	struct mptcp_source *source = &capture->source;
	enum format format;

	if (mptcp_source_need(source, 16) == MPTCP_FAILED)
		return mptcp_error_system(error, MPTCP_IO, "%s", capture->name);
	if (!mptcp_source_length(source))
		return mptcp_error_set(error, MPTCP_DATA, "%s: empty file", capture->name);
	format = recognise(capture, mptcp_source_bytes(source), mptcp_source_length(source));
	if (format == UNKNOWN) {
		if (mptcp_source_convert(source, editcap, error))
			return mptcp_error_prefix(error, capture->name);
		if (mptcp_source_need(source, 16) == MPTCP_FAILED)
			return mptcp_error_system(error, MPTCP_IO, "%s", capture->name);
		format =
			recognise(capture, mptcp_source_bytes(source), mptcp_source_length(source));
	}
	if (format == PCAP)
		return pcap_open(capture, error);
	if (format == UNKNOWN && verdict(capture, error))
		return -1;
	if (format == UNKNOWN)
		return mptcp_error_set(error, MPTCP_DATA, "%s: not a capture file", capture->name);
	capture->is_ng = true;
	return 0;
}

struct mptcp_capture *mptcp_capture_open(const struct mptcp_opened *from, const char *editcap,
	struct mptcp_error *error)
{
	struct mptcp_capture *capture = calloc(1, sizeof(*capture));

	if (!capture || !(capture->name = strdup(from->name))) {
		free(capture);
		close(from->fd);
		mptcp_error_memory(error);
		return NULL;
	}
	if (mptcp_source_open(&capture->source, from, error) ||
		open_format(capture, editcap, error)) {
		mptcp_capture_close(capture);
		return NULL;
	}
	return capture;
}

struct mptcp_capture *mptcp_capture_open_file(const char *path, const char *name,
	const char *editcap, struct mptcp_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		mptcp_error_system(error, MPTCP_IO, "%s", name);
		return NULL;
	}
	return mptcp_capture_open(&(struct mptcp_opened){fd, name, NULL, 0}, editcap, error);
}

enum mptcp_result mptcp_capture_next(struct mptcp_capture *capture,
	struct mptcp_capture_record *record, struct mptcp_error *error)
{
	mptcp_source_take(&capture->source, capture->given);
	capture->given = 0;
	if (capture->ended) {
		*error = capture->failure;
		return capture->failure.status == MPTCP_DONE ? MPTCP_END : MPTCP_FAILED;
	}
	enum mptcp_result got = capture->is_ng ? mptcp_capture_ng_next(capture, record, error)
					       : pcap_next(capture, record, error);
	if (got == MPTCP_ROW) {
		capture->packets++;
		capture->given = record->length;
	}
	return got;
}

int mptcp_capture_dont_wait(struct mptcp_capture *capture)
{
	capture->source.dont_wait = true;
	return capture->source.may_wait ? capture->source.fd : -1;
}

const struct mptcp_buffer *mptcp_capture_headers(const struct mptcp_capture *capture)
{
	return &capture->headers;
}

int mptcp_capture_copy(const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record, uint32_t limit, struct mptcp_buffer *out)
{
	size_t before = out->length;

	if (!limit || record->captured <= limit)
		return mptcp_buffer_add(out, record->bytes, record->length);
	if (capture->is_ng)
		return mptcp_capture_ng_cut(capture, record, limit, out);
	if (mptcp_buffer_add(out, record->bytes, MPTCP_PCAP_RECORD_HEADER + (size_t)limit))
		return -1;
	mptcp_capture_put32(capture, out->bytes + before + 8, limit);
	return 0;
}

bool mptcp_capture_is_converted(const struct mptcp_capture *capture)
{
	return capture->source.converted;
}

bool mptcp_capture_is_file(const struct mptcp_capture *capture)
{
	return capture->source.is_file;
}

void mptcp_capture_progress(const struct mptcp_capture *capture, uint64_t *read, uint64_t *total)
{
	*read = capture->source.read;
	*total = capture->source.total;
}

void mptcp_capture_counts(const struct mptcp_capture *capture, uint64_t *packets, uint64_t *dropped)
{
	*packets = capture->packets;
	*dropped = capture->dropped;
}

void mptcp_capture_close(struct mptcp_capture *capture)
{
	if (!capture)
		return;
	mptcp_source_close(&capture->source);
	mptcp_buffer_clear(&capture->headers);
	free(capture->interfaces);
	free(capture->name);
	free(capture);
}
