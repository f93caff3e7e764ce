/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture: a capture file or stream cut into its packets.
 *
 * Reads pcap (microseconds and nanoseconds, either byte order) and pcapng (any number of sections
 * and interfaces; enhanced, simple and obsolete packet blocks) from a descriptor, sequentially. Any
 * other format goes through `editcap -F pcapng FILE -` first. No link layer is parsed here: a
 * packet is the bytes of its record, ready to be put after the headers in another file.
 */
#ifndef MPTCP_CAPTURE_H
#define MPTCP_CAPTURE_H

#include "buffer.h"
#include "error.h"
#include "opened.h"

#include <stdbool.h>
#include <stdint.h>

struct mptcp_capture;

struct mptcp_capture_record {
	const uint8_t *bytes; /* the whole record or block as it stands in the file; valid until the
				 next call */
	size_t length;
	const uint8_t *packet; /* the captured bytes in it */
	uint32_t captured;
	uint32_t original; /* on the wire */
	uint32_t linktype; /* LINKTYPE_ number of its interface, UINT32_MAX if unknown */
};

/*
 * Takes the descriptor over, also on failure; its start and its name are copied. `editcap` is the
 * program for formats that are not read here. Errors: MPTCP_IO for what cannot be read (a folder),
 * MPTCP_DATA for an empty file or one that neither we nor editcap know, MPTCP_PROGRAM where editcap
 * is needed and missing.
 */
struct mptcp_capture *mptcp_capture_open(const struct mptcp_opened *from, const char *editcap,
	struct mptcp_error *error);

/* The same for a file; `name` is what messages call it. */
struct mptcp_capture *mptcp_capture_open_file(const char *path, const char *name,
	const char *editcap, struct mptcp_error *error);

/* True if the first bytes of a file (16 are enough) are those of a pcap or pcapng that is read
 * here. */
bool mptcp_capture_known(const void *start, size_t length);

/*
 * The next packet. MPTCP_DATA "x.pcap: packet 208: cut short ..." after all whole packets were
 * given: what came before stays valid. MPTCP_IDLE: mptcp_capture_dont_wait was called, and the next
 * packet is not there yet.
 */
enum mptcp_result mptcp_capture_next(struct mptcp_capture *capture,
	struct mptcp_capture_record *record, struct mptcp_error *error);
/* From now on mptcp_capture_next does not wait for pipes and other programs. The descriptor to poll
 * is returned; -1 where it never waits. */
int mptcp_capture_dont_wait(struct mptcp_capture *capture);

/*
 * Everything that is not a packet and that a copy needs in front of the next packet: the file
 * header, or section headers and interface descriptions, in order. Grows; a reader that starts over
 * copies it from 0, one that goes on from the length it knew. Never shrinks.
 */
const struct mptcp_buffer *mptcp_capture_headers(const struct mptcp_capture *capture);
/*
 * Appends the record to `out` with at most `limit` captured bytes (0: all), in the capture's own
 * format; the original length stays.
 */
int mptcp_capture_copy(const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record, uint32_t limit, struct mptcp_buffer *out);
/* What another packet has in place of a record's: its bytes, and how many seconds later it is. */
struct mptcp_capture_replacement {
	const uint8_t *packet;
	uint32_t captured; /* at most as many as the record has */
	int64_t seconds;
	bool metadata; /* comments and other options of the packet stay, those that are computed
			  from its bytes excepted */
};
/*
 * Appends the record with another packet, in the capture's own format; the original length stays.
 * Without `metadata` only its direction and the packets lost before it do. A simple packet block
 * cannot be shorter: it is filled up with zeros.
 */
int mptcp_capture_replace(const struct mptcp_capture *capture,
	const struct mptcp_capture_record *record,
	const struct mptcp_capture_replacement *replacement, struct mptcp_buffer *out);
/*
 * Appends the headers from `known` on (as many bytes as mptcp_capture_headers had) for such
 * records. Without `metadata` they tell nothing but what packets need: no names of machines,
 * programs and interfaces, no addresses, filters or comments. An interface that has a name is
 * called eth0, eth1,
 * ... in the order of the file.
 */
int mptcp_capture_replace_headers(const struct mptcp_capture *capture, size_t known, bool metadata,
	struct mptcp_buffer *out);
/* True where the bytes come from editcap. */
bool mptcp_capture_is_converted(const struct mptcp_capture *capture);
/* True where the input is a regular file, so that reading never has to wait. */
bool mptcp_capture_is_file(const struct mptcp_capture *capture);
/* Bytes read and bytes in all, for progress; total 0 where not known. */
void mptcp_capture_progress(const struct mptcp_capture *capture, uint64_t *read, uint64_t *total);
/* Packets given, and packets lost while capturing, as far as the capture says so (pcapng). */
void mptcp_capture_counts(const struct mptcp_capture *capture, uint64_t *packets,
	uint64_t *dropped);
void mptcp_capture_close(struct mptcp_capture *capture);

#endif
