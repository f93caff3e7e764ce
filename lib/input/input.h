/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input: packets from whatever the last operand of a tool is.
 *
 * A file, or standard input, is recognised by its first bytes, never by its name: a store of the
 * cache, a capture (exported first, through the cache), or else CSV. So `mptcp-export x.pcap |
 * mptcp-lc` and `mptcp-lc x.pcap` read the same packets.
 */
#ifndef MPTCP_INPUT_H
#define MPTCP_INPUT_H

#include "error.h"
#include "input_options.h"
#include "packet.h"
#include "rows.h"

#include <stdbool.h>

/*
 * Packets that are copies of others (`duplicate_of`) belong to no stream and are left out, unless
 * `copies` asks for them. At the end one warning says how many there were.
 */
struct mptcp_input;

/*
 * `operand` NULL or "-": standard input. needed, wanted: as in rows.h. What is needed of a packet
 * is checked (mptcp_packet_check); one that belongs to no TCP connection is left out where
 * tcpstream is needed.
 */
struct mptcp_input *mptcp_input_open(const char *operand, const struct mptcp_input_options *options,
	uint64_t needed, uint64_t wanted, struct mptcp_error *error);
/* The same from a descriptor, which is taken over, also on failure. Nothing is needed of a packet,
 * and the interface of the options is left alone. */
struct mptcp_input *mptcp_input_open_fd(int fd, const char *name,
	const struct mptcp_input_options *options, uint64_t wanted, struct mptcp_error *error);
/* The column that says from which capture a packet is, in a CSV of several. */
#define MPTCP_INPUT_CAPTURE "capture"
/* The rows of a CSV that has this column, to be read from it instead of packets: as one capture its
 * numbers would be those of many. NULL where the input is anything else. */
struct mptcp_rows_reader *mptcp_input_captures(const struct mptcp_input *input);
/* Opens a regular file if it is such a CSV. NULL where it is not, or cannot be read. */
struct mptcp_input *mptcp_input_open_captures(const char *path,
	const struct mptcp_input_options *options);
/* Whether it is standard input or a live capture, whose rows are wanted as they come. */
bool mptcp_input_is_stream(const struct mptcp_input *input);
/*
 * The next packet, valid until the next call; MPTCP_IDLE: there is nothing to read now, it
 * still is so a second later, or a signal came (live and pipes). After MPTCP_DATA what was read
 * before stays valid, and a tool prints its result before it reports the error.
 */
enum mptcp_result mptcp_input_next(struct mptcp_input *input, struct mptcp_packet *packet,
	struct mptcp_error *error);
const struct mptcp_header *mptcp_input_header(const struct mptcp_input *input);
/* Bytes read and bytes in all; total 0 where not known, and where there is nothing to wait for. */
void mptcp_input_progress(const struct mptcp_input *input, uint64_t *read, uint64_t *total);
/* After the last packet: how many packets the program that captured says it lost (pcapng: interface
 * statistics); 0 also where it does not say it. */
uint64_t mptcp_input_lost(const struct mptcp_input *input);
/* The name of the input for messages. */
const char *mptcp_input_name(const struct mptcp_input *input);
void mptcp_input_close(struct mptcp_input *input);

#endif
