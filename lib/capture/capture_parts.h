/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture_parts: what capture.c and its reader of pcapng, capture_ng.c, share. Internal to these
 * two. */
#ifndef MPTCP_CAPTURE_PARTS_H
#define MPTCP_CAPTURE_PARTS_H

#include "capture.h"
#include "source.h"

#include <string.h>

#define MPTCP_CAPTURE_LONGEST \
	262144 /* captured bytes of a packet; Wireshark's WTAP_MAX_PACKET_SIZE_STANDARD */

struct mptcp_capture_interface {
	uint32_t linktype;
	uint32_t snaplen; /* 0: unlimited */
	uint64_t dropped; /* as its statistics said last */
	uint64_t units;   /* of its times in a second; 0: more than 64 bits hold */
	int64_t offset;   /* seconds that are added to its times */
};

struct mptcp_capture {
	struct mptcp_source source;
	char *name;
	bool is_ng;
	bool swapped; /* the other byte order, of the file or of the section */
	struct mptcp_capture_interface *interfaces; /* of the section; a pcap file has one */
	size_t interface_count, interface_capacity;
	struct mptcp_buffer headers;
	uint64_t packets; /* given */
	uint64_t dropped; /* of all interfaces */
	size_t given;     /* bytes of the record given last, still in the window */
	bool ended;
	struct mptcp_error failure; /* what ended it */
};

/* Numbers in the byte order of the file or section. */
static inline uint32_t mptcp_capture_order32(const struct mptcp_capture *capture, uint32_t value)
{
	return capture->swapped ? __builtin_bswap32(value) : value;
}

static inline uint32_t mptcp_capture_get32(const struct mptcp_capture *capture,
	const uint8_t *bytes)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return mptcp_capture_order32(capture, value);
}

static inline uint16_t mptcp_capture_get16(const struct mptcp_capture *capture,
	const uint8_t *bytes)
{
	uint16_t value;

	memcpy(&value, bytes, sizeof(value));
	return capture->swapped ? __builtin_bswap16(value) : value;
}

static inline uint64_t mptcp_capture_get64(const struct mptcp_capture *capture,
	const uint8_t *bytes)
{
	uint64_t value;

	memcpy(&value, bytes, sizeof(value));
	return capture->swapped ? __builtin_bswap64(value) : value;
}

static inline void mptcp_capture_put32(const struct mptcp_capture *capture, char *bytes,
	uint32_t value)
{
	value = mptcp_capture_order32(capture, value);
	memcpy(bytes, &value, sizeof(value));
}

/* Sets the byte order from a magic number; false if it is neither of the two (which may be the
 * same). */
bool mptcp_capture_magic(struct mptcp_capture *capture, const uint8_t *bytes, uint32_t one,
	uint32_t other);
/* The end, with `failure`: from now on every call reports it. Returns -1. */
int mptcp_capture_fail(struct mptcp_capture *capture, const char *what, struct mptcp_error *error);
/* `length` bytes in one piece; MPTCP_END at a clean end, MPTCP_FAILED if the input ends in the
 * middle. */
enum mptcp_result mptcp_capture_need(struct mptcp_capture *capture, size_t length,
	struct mptcp_error *error);
int mptcp_capture_add_interface(struct mptcp_capture *capture, uint32_t linktype, uint32_t snaplen,
	struct mptcp_error *error);

#define MPTCP_PCAP_RECORD_HEADER 16
#define MPTCP_NG_SECTION 0x0a0d0d0a
#define MPTCP_NG_MAGIC 0x1a2b3c4d
enum {
	MPTCP_NG_INTERFACE = 1,
	MPTCP_NG_OBSOLETE_PACKET = 2,
	MPTCP_NG_SIMPLE_PACKET = 3,
	MPTCP_NG_INTERFACE_STATISTICS = 5,
	MPTCP_NG_ENHANCED_PACKET = 6
};
#define MPTCP_NG_PACKET_HEADER \
	28 /* of an enhanced (or obsolete) packet block, up to the packet \
	    */

static inline uint32_t mptcp_ng_padded(uint32_t length)
{
	return (length + 3) & ~3U;
}

/* An option of a block: code, length, and the bytes between. */
struct mptcp_ng_option {
	uint16_t code, size;
	const uint8_t *value;
};
/* The one at *at, which moves on; false at the end of the list, `end`, and where it makes no sense.
 */
bool mptcp_ng_option(const struct mptcp_capture *capture, const uint8_t **at, const uint8_t *end,
	struct mptcp_ng_option *option);

/* capture_ng.c: mptcp_capture_next and mptcp_capture_copy (of a packet that is to be cut) for
 * pcapng. */
enum mptcp_result mptcp_capture_ng_next(struct mptcp_capture *capture,
	struct mptcp_capture_record *record, struct mptcp_error *error);
int mptcp_capture_ng_cut(const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record, uint32_t limit, struct mptcp_buffer *out);

#endif
