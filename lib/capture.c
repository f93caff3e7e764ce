/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture: see capture.h. Formats: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. What counts as a packet, and
 * what as damage, is decided as Wireshark's file reader decides it, so that packet numbers are its frame numbers.
 */
#include "capture.h"

#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PCAP_MICROSECONDS 0xa1b2c3d4
#define PCAP_NANOSECONDS 0xa1b23c4d
#define PCAP_FILE_HEADER 24
#define PCAP_RECORD_HEADER 16
#define LONGEST_PACKET 262144          /* captured bytes; Wireshark's WTAP_MAX_PACKET_SIZE_STANDARD */
#define LONGEST_BLOCK (16U << 20)      /* bytes; Wireshark's limit */

#define NG_MAGIC 0x1a2b3c4d
#define NG_BLOCK 12                    /* type, length and length again */
#define NG_PACKET 32                   /* an enhanced (or obsolete) packet block without packet and options */
#define NG_PACKET_HEADER 28            /* of it, in front of the packet */

enum {
	NG_INTERFACE = 1, NG_OBSOLETE_PACKET = 2, NG_SIMPLE_PACKET = 3, NG_ENHANCED_PACKET = 6,
	NG_SECTION = 0x0a0d0d0a
};

/* Blocks without a packet for which Wireshark counts a frame: journal entries, sysdig events, custom blocks. */
static const uint32_t ng_events[] = {9, 0x204, 0x216, 0x221, 0xbad, 0x40000bad};

struct interface {
	uint32_t linktype;
	uint32_t snaplen; /* 0: unlimited */
};

struct mptcp_capture {
	struct mptcp_source source;
	char *name;
	bool is_ng;
	bool swapped;               /* the other byte order, of the file or of the section */
	struct interface *interfaces; /* of the section; a pcap file has one */
	size_t interface_count;
	struct mptcp_buffer headers;
	uint64_t packets;           /* given */
	size_t given;               /* bytes of the record given last, still in the window */
	bool ended;
	struct mptcp_error failure; /* what ended it */
};

static uint32_t order32(const struct mptcp_capture *capture, uint32_t value)
{
	return capture->swapped ? __builtin_bswap32(value) : value;
}

static uint32_t get32(const struct mptcp_capture *capture, const uint8_t *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return order32(capture, value);
}

static uint16_t get16(const struct mptcp_capture *capture, const uint8_t *bytes)
{
	uint16_t value;

	memcpy(&value, bytes, sizeof(value));
	return capture->swapped ? __builtin_bswap16(value) : value;
}

static void put32(const struct mptcp_capture *capture, char *bytes, uint32_t value)
{
	value = order32(capture, value);
	memcpy(bytes, &value, sizeof(value));
}

static uint32_t padded(uint32_t length)
{
	return (length + 3) & ~3U;
}

/* Sets capture->swapped from a magic number; false if it is none of the two (which may be the same). */
static bool magic(struct mptcp_capture *capture, const uint8_t *bytes, uint32_t one, uint32_t other)
{
	for (int swapped = 0; swapped < 2; swapped++) {
		capture->swapped = swapped;
		uint32_t value = get32(capture, bytes);
		if (value == one || value == other)
			return true;
	}
	return false;
}

enum format { UNKNOWN, PCAP, PCAPNG };

/* Only version 2.4 of pcap: others may have another record header, which editcap knows. */
static enum format recognise(struct mptcp_capture *capture, const uint8_t *bytes, size_t length)
{
	if (length >= 8 && magic(capture, bytes, PCAP_MICROSECONDS, PCAP_NANOSECONDS) &&
	    get16(capture, bytes + 4) == 2 && get16(capture, bytes + 6) == 4)
		return PCAP;
	capture->swapped = false;
	if (length >= 12 && get32(capture, bytes) == NG_SECTION && magic(capture, bytes + 8, NG_MAGIC, NG_MAGIC))
		return PCAPNG;
	return UNKNOWN;
}

bool mptcp_capture_known(const void *start, size_t length)
{
	struct mptcp_capture probe = {0};

	return recognise(&probe, start, length) != UNKNOWN;
}

/* The end, with `failure`: from now on every call says so. */
static int fail(struct mptcp_capture *capture, const char *what, struct mptcp_error *error)
{
	capture->ended = true;
	mptcp_error_set(&capture->failure, MPTCP_DATA, "%s: packet %" PRIu64 ": %s (%" PRIu64 " whole packets before it)",
		capture->name, capture->packets + 1, what, capture->packets);
	*error = capture->failure;
	return -1;
}

/* editcap's own verdict, which says more than what its output looks like; 0 where it was content. */
static int verdict(struct mptcp_capture *capture, struct mptcp_error *error)
{
	struct mptcp_buffer complaint = {0};
	int status = mptcp_source_finish(&capture->source, &complaint);
	int result = 0;

	if (status > 128) {
		capture->ended = true;
		result = mptcp_error_set(&capture->failure, MPTCP_PROGRAM, "%s: editcap was killed by signal %d",
			capture->name, status - 128);
	} else if (status || complaint.length) {
		capture->ended = true;
		const char *what = complaint.length ? complaint.bytes : "cannot be read by editcap";
		if (capture->packets)
			fail(capture, what, error);
		else
			mptcp_error_set(&capture->failure, MPTCP_DATA, "%s: %s", capture->name, what);
		result = -1;
	}
	if (result)
		*error = capture->failure;
	mptcp_buffer_release(&complaint);
	return result;
}

/*
 * `length` bytes in one piece: 1; 0 at a clean end; 2 not yet; -1, among others if the input ends in the middle.
 */
static int need(struct mptcp_capture *capture, size_t length, struct mptcp_error *error)
{
	int got = mptcp_source_need(&capture->source, length);

	if (got > 0)
		return got;
	if (got < 0) {
		capture->ended = true;
		mptcp_error_system(&capture->failure, MPTCP_IO, "%s", capture->name);
		*error = capture->failure;
		return -1;
	}
	if (verdict(capture, error))
		return -1;
	if (mptcp_source_length(&capture->source))
		return fail(capture, "cut short in the middle of the packet", error);
	capture->ended = true;
	return 0;
}

static int add_interface(struct mptcp_capture *capture, uint32_t linktype, uint32_t snaplen, struct mptcp_error *error)
{
	size_t count = capture->interface_count;

	if (!(count & (count - 1))) { /* room for 1, 2, 4, 8, ... */
		struct interface *more = realloc(capture->interfaces, (count ? 2 * count : 1) * sizeof(*more));
		if (!more)
			return mptcp_error_memory(error);
		capture->interfaces = more;
	}
	capture->interfaces[capture->interface_count++] = (struct interface){linktype, snaplen};
	return 0;
}

/* --- pcap --- */

static int pcap_open(struct mptcp_capture *capture, struct mptcp_error *error)
{
	const uint8_t *bytes;

	if (mptcp_source_need(&capture->source, PCAP_FILE_HEADER) != 1)
		return mptcp_error_set(error, MPTCP_DATA, "%s: cut short in the file header", capture->name);
	bytes = mptcp_source_bytes(&capture->source);
	if (mptcp_buffer_add(&capture->headers, bytes, PCAP_FILE_HEADER))
		return mptcp_error_memory(error);
	capture->given = PCAP_FILE_HEADER;
	/* the upper half of the number has the length of the frame check sequence */
	return add_interface(capture, get32(capture, bytes + 20) & 0xffff, 0, error);
}

static int pcap_next(struct mptcp_capture *capture, struct mptcp_capture_record *record, struct mptcp_error *error)
{
	int got = need(capture, PCAP_RECORD_HEADER, error);

	if (got != 1)
		return got;
	const uint8_t *bytes = mptcp_source_bytes(&capture->source);
	uint32_t captured = get32(capture, bytes + 8);
	if (captured > LONGEST_PACKET)
		return fail(capture, "damaged: claims more bytes than any packet has", error);
	size_t length = PCAP_RECORD_HEADER + (size_t)captured;
	got = need(capture, length, error);
	if (got != 1)
		return got;
	bytes = mptcp_source_bytes(&capture->source);
	*record = (struct mptcp_capture_record){
		.bytes = bytes,
		.length = length,
		.packet = bytes + PCAP_RECORD_HEADER,
		.captured = captured,
		.original = get32(capture, bytes + 12),
		.linktype = capture->interfaces[0].linktype,
	};
	return 1;
}

/* --- pcapng --- */

/* The next block, whole: 1 and its type and length; otherwise as need. */
static int ng_block(struct mptcp_capture *capture, uint32_t *type, uint32_t *length, struct mptcp_error *error)
{
	int got = need(capture, NG_BLOCK, error);

	if (got != 1)
		return got;
	const uint8_t *bytes = mptcp_source_bytes(&capture->source);
	*type = get32(capture, bytes); /* a section's reads the same in both orders */
	if (*type == NG_SECTION && !magic(capture, bytes + 8, NG_MAGIC, NG_MAGIC))
		return fail(capture, "damaged: a section without byte order", error);
	*length = get32(capture, bytes + 4);
	if (*length < NG_BLOCK || *length % 4 || *length > LONGEST_BLOCK)
		return fail(capture, "damaged: no block has this length", error);
	got = need(capture, *length, error);
	if (got != 1)
		return got;
	if (get32(capture, mptcp_source_bytes(&capture->source) + *length - 4) != *length)
		return fail(capture, "damaged: the two lengths of a block differ", error);
	return 1;
}

/* A section header or an interface description: kept for copies. */
static int ng_header(struct mptcp_capture *capture, uint32_t type, uint32_t length, struct mptcp_error *error)
{
	static const uint8_t unknown[8] = {255, 255, 255, 255, 255, 255, 255, 255};
	const uint8_t *bytes = mptcp_source_bytes(&capture->source);
	size_t before = capture->headers.length;

	if (length < (type == NG_SECTION ? 28U : 20U))
		return fail(capture, "damaged: a block is too short for its type", error);
	if (type == NG_SECTION && get16(capture, bytes + 12) != 1)
		return fail(capture, "a section in a version of pcapng that is not known here", error);
	if (mptcp_buffer_add(&capture->headers, bytes, length))
		return mptcp_error_memory(error);
	if (type == NG_INTERFACE)
		return add_interface(capture, get16(capture, bytes + 8), get32(capture, bytes + 12), error);
	memcpy(capture->headers.bytes + before + 16, unknown, sizeof(unknown)); /* a copy's section has another length */
	capture->interface_count = 0;
	return 0;
}

/* What is wrong with a packet block, or NULL; fills the record. */
static const char *ng_packet(const struct mptcp_capture *capture, uint32_t type, struct mptcp_capture_record *record)
{
	const uint8_t *bytes = record->bytes;
	uint32_t interface = 0;
	uint32_t overhead = 16;

	if (type == NG_SIMPLE_PACKET) {
		if (record->length < overhead)
			return "damaged: a block is too short for its type";
		record->packet = bytes + 12;
		record->captured = record->original = get32(capture, bytes + 8);
	} else {
		overhead = NG_PACKET;
		if (record->length < overhead)
			return "damaged: a block is too short for its type";
		interface = type == NG_ENHANCED_PACKET ? get32(capture, bytes + 8) : get16(capture, bytes + 8);
		record->packet = bytes + NG_PACKET_HEADER;
		record->captured = get32(capture, bytes + 20);
		record->original = get32(capture, bytes + 24);
	}
	if (interface >= capture->interface_count)
		return "damaged: its interface is not described";
	record->linktype = capture->interfaces[interface].linktype;
	uint32_t snaplen = capture->interfaces[interface].snaplen;
	if (type == NG_SIMPLE_PACKET && snaplen && record->captured > snaplen)
		record->captured = snaplen;
	if (record->captured > LONGEST_PACKET)
		return "damaged: claims more bytes than any packet has";
	if (padded(record->captured) > record->length - overhead)
		return "damaged: claims more bytes than its block has";
	return NULL;
}

static bool ng_is_event(uint32_t type)
{
	for (size_t i = 0; i < sizeof(ng_events) / sizeof(*ng_events); i++)
		if (ng_events[i] == type)
			return true;
	return false;
}

static int ng_next(struct mptcp_capture *capture, struct mptcp_capture_record *record, struct mptcp_error *error)
{
	uint32_t type, length;
	const char *wrong = NULL;
	int got;

	while ((got = ng_block(capture, &type, &length, error)) == 1) {
		*record = (struct mptcp_capture_record){
			.bytes = mptcp_source_bytes(&capture->source), .length = length, .linktype = UINT32_MAX};
		switch (type) {
		case NG_SECTION:
		case NG_INTERFACE:
			if (ng_header(capture, type, length, error))
				return -1;
			break;
		case NG_ENHANCED_PACKET:
		case NG_OBSOLETE_PACKET:
		case NG_SIMPLE_PACKET:
			wrong = ng_packet(capture, type, record);
			return wrong ? fail(capture, wrong, error) : 1;
		default:
			if (ng_is_event(type))
				return 1;
		}
		mptcp_source_take(&capture->source, length);
	}
	return got;
}

/* --- both --- */

static int open_format(struct mptcp_capture *capture, const char *editcap, struct mptcp_error *error)
{
	struct mptcp_source *source = &capture->source;
	enum format format;

	if (mptcp_source_need(source, 16) < 0)
		return mptcp_error_system(error, MPTCP_IO, "%s", capture->name);
	if (!mptcp_source_length(source))
		return mptcp_error_set(error, MPTCP_DATA, "%s: empty file", capture->name);
	format = recognise(capture, mptcp_source_bytes(source), mptcp_source_length(source));
	if (format == UNKNOWN) {
		if (mptcp_source_convert(source, editcap, error))
			return mptcp_error_prefix(error, capture->name);
		if (mptcp_source_need(source, 16) < 0)
			return mptcp_error_system(error, MPTCP_IO, "%s", capture->name);
		format = recognise(capture, mptcp_source_bytes(source), mptcp_source_length(source));
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

struct mptcp_capture *mptcp_capture_open_fd(int fd, const char *name, const void *start, size_t start_length,
	const char *editcap, struct mptcp_error *error)
{
	struct mptcp_capture *capture = calloc(1, sizeof(*capture));

	if (!capture || !(capture->name = strdup(name))) {
		free(capture);
		close(fd);
		mptcp_error_memory(error);
		return NULL;
	}
	if (mptcp_source_open(&capture->source, fd, start, start_length, error) || open_format(capture, editcap, error)) {
		mptcp_capture_close(capture);
		return NULL;
	}
	return capture;
}

struct mptcp_capture *mptcp_capture_open(const char *path, const char *editcap, struct mptcp_error *error)
{
	bool standard = !path || !strcmp(path, "-");
	const char *name = standard ? "standard input" : path;
	int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		mptcp_error_system(error, MPTCP_IO, "%s", name);
		return NULL;
	}
	return mptcp_capture_open_fd(fd, name, NULL, 0, editcap, error);
}

int mptcp_capture_next(struct mptcp_capture *capture, struct mptcp_capture_record *record, struct mptcp_error *error)
{
	mptcp_source_take(&capture->source, capture->given);
	capture->given = 0;
	if (capture->ended) {
		*error = capture->failure;
		return capture->failure.status == MPTCP_DONE ? 0 : -1;
	}
	int got = capture->is_ng ? ng_next(capture, record, error) : pcap_next(capture, record, error);
	if (got == 1) {
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

int mptcp_capture_copy(const struct mptcp_capture *capture, const struct mptcp_capture_record *record, uint32_t limit,
	struct mptcp_buffer *out)
{
	static const char padding[4];
	size_t before = out->length;

	/* The captured length of a simple packet block stands in its interface: it cannot be cut. */
	if (!limit || record->captured <= limit ||
	    (capture->is_ng && get32(capture, record->bytes) == NG_SIMPLE_PACKET))
		return mptcp_buffer_add(out, record->bytes, record->length);
	size_t header = (size_t)(record->packet - record->bytes);
	if (mptcp_buffer_add(out, record->bytes, header + limit))
		return -1;
	if (!capture->is_ng) {
		put32(capture, out->bytes + before + 8, limit);
		return 0;
	}
	/* The options behind the packet (comments, hashes) are left out. */
	uint32_t length = NG_PACKET + padded(limit);
	char again[4];
	put32(capture, out->bytes + before + 4, length);
	put32(capture, out->bytes + before + 20, limit);
	put32(capture, again, length);
	mptcp_buffer_add(out, padding, padded(limit) - limit);
	return mptcp_buffer_add(out, again, sizeof(again));
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

void mptcp_capture_close(struct mptcp_capture *capture)
{
	if (!capture)
		return;
	mptcp_source_release(&capture->source);
	mptcp_buffer_release(&capture->headers);
	free(capture->interfaces);
	free(capture->name);
	free(capture);
}
