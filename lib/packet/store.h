/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store: packets as the cache keeps them, a form that is read several times faster than CSV.
 *
 * A file of this machine for this machine: the members of struct mptcp_packet as they stand in
 * memory, group by group. The file starts with a magic text, the schema (a hash over names, types,
 * offsets and sizes of all columns: any change of the struct invalidates old files) and a text
 * (the cache's key); it ends with a trailer that holds the number of packets, and how the export
 * ended. The trailer is found from the end of the file. A file without its trailer is not a store.
 * All of it is in blocks with checksums (blocks.h), the trailer in one of its own: a packet that is
 * handed on was written so.
 *
 *   string:  u32 length, the bytes
 *   head:    "mptcp packets\n" NUL NUL, u64 schema, string key,
 *            u32 number of extra columns, for each: string name
 *   packet:  u8 0x5a or 0xa5, u16 slot; the struct from `present` to `options_cut`; its flow
 *            (`tcpdest` to `mptcpstream`) after 0xa5, or else it is the one written last with
 *            that slot; the groups DSS, handshake and copy as in the struct, where any of their
 *            columns is present; where there are texts or extra columns: u32 length of all that
 *            follows, a string for each TEXT column that is present, one for each extra column
 *   trailer: u8 0, u64 packets, u32 status, string warning, string notes,
 *            u64 length of the whole trailer, u64 schema
 */
#ifndef MPTCP_STORE_H
#define MPTCP_STORE_H

#include "output.h"
#include "packet.h"
#include "rows.h"

/* The first bytes of a store, by which input.h knows one. */
#define MPTCP_STORE_MAGIC "mptcp packets\n\0\0"
#define MPTCP_STORE_MAGIC_LENGTH 16

/* The second thing in a store: what this version writes and reads. */
uint64_t mptcp_store_schema(void);

struct mptcp_store_writer;

/* `output` is borrowed; it is written from its current place. */
struct mptcp_store_writer *mptcp_store_writer_new(struct mptcp_output *output, const char *key,
	const char *const *extra, size_t extras, struct mptcp_error *error);
int mptcp_store_write(struct mptcp_store_writer *writer, const struct mptcp_packet *packet,
	struct mptcp_error *error);
/* Writes the trailer. `status` and `warning` (NULL for none) tell how the export ended: MPTCP_DONE,
 * or MPTCP_DATA for a capture cut short. `notes` (NULL for none): what a reader has to know, one or
 * more lines. */
int mptcp_store_finish(struct mptcp_store_writer *writer, enum mptcp_status status,
	const char *warning, const char *notes, struct mptcp_error *error);
/* Releases; without finish the file stays without a trailer. */
void mptcp_store_writer_free(struct mptcp_store_writer *writer);

struct mptcp_store;

/*
 * Opens the store in fd (a regular file, read from its beginning wherever the offset stands; taken
 * over, closed also on an error). Checks magic, schema and trailer: MPTCP_DATA if anything does not
 * fit, and then nothing is read.
 */
struct mptcp_store *mptcp_store_open(int fd, const char *name, struct mptcp_error *error);
const char *mptcp_store_key(const struct mptcp_store *store);
uint64_t mptcp_store_packets(const struct mptcp_store *store);
/* How many were handed on so far. */
uint64_t mptcp_store_given(const struct mptcp_store *store);
/* How the export that made it ended; `warning` is "" for none, and belongs to the store. */
enum mptcp_status mptcp_store_status(const struct mptcp_store *store, const char **warning);
/* "" for none; belongs to the store. */
const char *mptcp_store_notes(const struct mptcp_store *store);
const struct mptcp_header *mptcp_store_header(const struct mptcp_store *store);
/* The next packet, its texts valid until the next call; MPTCP_DATA: damaged. Reads in blocks, never
 * maps: the memory of a reader does not grow with the file. */
enum mptcp_result mptcp_store_next(struct mptcp_store *store, struct mptcp_packet *packet,
	struct mptcp_error *error);
void mptcp_store_close(struct mptcp_store *store);

#endif
