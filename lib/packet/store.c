/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store: see store.h for the layout. Reading is a copy of whole groups out of a block of the file.
 * Nothing that the file says is believed: every length is checked against what is left of the file,
 * every value that others use as an index against its range.
 */
#include "store.h"
#include "blocks.h"
#include "store_layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct mptcp_store {
	int fd;
	char *name, *key, *warning, *notes;
	uint64_t packets, delivered;
	enum mptcp_status status;
	struct mptcp_header header;
	char **extra_names;
	struct mptcp_text *extra;
	uint64_t end;          /* where the trailer starts */
	uint64_t blocks, next; /* how many there are before it, which is to be read */
	struct mptcp_buffer block;
	size_t at;                         /* in block, of the next byte to take */
	const struct mptcp_packet *filled; /* the packet given last, and the columns it had */
	uint64_t filled_present;
	struct mptcp_store_flow flows[MPTCP_STORE_SLOTS];
};

static int corrupt(const struct mptcp_store *store, struct mptcp_error *error)
{
	return mptcp_error_set(error, MPTCP_DATA, "%s: damaged store (packet %llu)", store->name,
		(unsigned long long)store->delivered + 1);
}

/* Appends the next block to what is there; damage is told. */
static int read_block(struct mptcp_store *store, struct mptcp_error *error)
{
	uint64_t position = store->next * MPTCP_BLOCK, left = store->end - position;

	if (mptcp_block_read(store->fd, store->next, position,
		    left < MPTCP_BLOCK ? (size_t)left : MPTCP_BLOCK, &store->block)) {
		/* What cannot be read is no better than what is wrong: on a network file system
		 * another machine may have removed it (ESTALE). */
		return errno == ENOMEM ? mptcp_error_memory(error) : corrupt(store, error);
	}
	store->next++;
	return 0;
}

/* Reads on so that `length` bytes are at store->at, or finds that the file does not have them.
 * Moves what is there. */
static int refill(struct mptcp_store *store, uint64_t length, struct mptcp_error *error)
{
	mptcp_buffer_consume(&store->block, store->at);
	store->at = 0;
	do {
		if (store->next == store->blocks)
			return length > store->block.length ? corrupt(store, error) : 0;
		if (read_block(store, error))
			return -1;
	} while (store->block.length < length);
	return 0;
}

/* Makes the next `length` bytes stand at store->at. */
static inline int need(struct mptcp_store *store, uint64_t length, struct mptcp_error *error)
{
	return store->block.length - store->at >= length ? 0 : refill(store, length, error);
}

static inline int take(struct mptcp_store *store, void *to, size_t length,
	struct mptcp_error *error)
{
	if (need(store, length, error))
		return -1;
	memcpy(to, store->block.bytes + store->at, length);
	store->at += length;
	return 0;
}

static int take_string(struct mptcp_store *store, char **string, struct mptcp_error *error)
{
	uint32_t length;

	if (take(store, &length, sizeof(length), error) || need(store, length, error))
		return -1;
	*string = strndup(store->block.bytes + store->at, length);
	store->at += length;
	return *string ? 0 : mptcp_error_memory(error);
}

/* The trailer is the last block; leaves store->end and store->blocks where the others end. */
static int read_trailer(struct mptcp_store *store, uint64_t size, struct mptcp_error *error)
{
	uint64_t end[2] = {0};
	const uint64_t least = MPTCP_STORE_TRAILER_LEAST + MPTCP_BLOCK_CHECKSUM;
	uint32_t status;
	char mark;

	if (size < least ||
		pread(store->fd, end, sizeof(end),
			(off_t)(size - MPTCP_BLOCK_CHECKSUM - sizeof(end))) != sizeof(end))
		return corrupt(store, error);
	if (end[1] != mptcp_store_schema() || end[0] < MPTCP_STORE_TRAILER_LEAST ||
		end[0] > MPTCP_STORE_TRAILER_MOST || end[0] + MPTCP_BLOCK_CHECKSUM > size)
		return corrupt(store, error);
	store->end = size - MPTCP_BLOCK_CHECKSUM - end[0];
	store->blocks = (store->end + MPTCP_BLOCK - 1) / MPTCP_BLOCK;
	store->next = store->blocks; /* what is taken now is all in this one */
	if (mptcp_block_read(store->fd, store->blocks, store->end,
		    (size_t)end[0] + MPTCP_BLOCK_CHECKSUM, &store->block))
		return corrupt(store, error);
	if (take(store, &mark, 1, error) ||
		take(store, &store->packets, sizeof(store->packets), error) ||
		take(store, &status, sizeof(status), error) ||
		take_string(store, &store->warning, error) ||
		take_string(store, &store->notes, error))
		return -1;
	if (mark || (status != MPTCP_DONE && status != MPTCP_DATA) ||
		MPTCP_STORE_TRAILER_LEAST + strlen(store->warning) + strlen(store->notes) != end[0])
		return corrupt(store, error);
	store->status = (enum mptcp_status)status;
	return 0;
}

static int read_head(struct mptcp_store *store, struct mptcp_error *error)
{
	char magic[MPTCP_STORE_MAGIC_LENGTH];
	uint64_t written_schema;
	uint32_t extras;

	mptcp_buffer_reset(&store->block);
	store->at = 0;
	store->next = 0;
	if (take(store, magic, sizeof(magic), error) ||
		take(store, &written_schema, sizeof(written_schema), error))
		return -1;
	if (memcmp(magic, MPTCP_STORE_MAGIC, sizeof(magic)) ||
		written_schema != mptcp_store_schema())
		return mptcp_error_set(error, MPTCP_DATA, "%s: not a store of this version",
			store->name);
	if (take_string(store, &store->key, error) || take(store, &extras, sizeof(extras), error))
		return -1;
	if (extras > store->end / sizeof(uint32_t)) /* each has a length at least */
		return corrupt(store, error);
	mptcp_header_default(&store->header);
	store->extra_names = calloc(extras + 1u, sizeof(*store->extra_names));
	store->extra = calloc(extras + 1u, sizeof(*store->extra));
	if (!store->extra_names || !store->extra)
		return mptcp_error_memory(error);
	store->header.extra = (const char *const *)store->extra_names;
	for (; store->header.extras < extras; store->header.extras++)
		if (take_string(store, &store->extra_names[store->header.extras], error))
			return -1;
	return 0;
}

static int open_store(struct mptcp_store *store, const char *name, struct mptcp_error *error)
{
	struct stat status;

	store->name = strdup(name);
	if (!store->name)
		return mptcp_error_memory(error);
	if (fstat(store->fd, &status))
		return mptcp_error_system(error, MPTCP_IO, "%s", name);
	if (!S_ISREG(status.st_mode))
		return mptcp_error_set(error, MPTCP_DATA, "%s: a store must be a regular file",
			name);
	return read_trailer(store, (uint64_t)status.st_size, error) || read_head(store, error) ? -1
											       : 0;
}

struct mptcp_store *mptcp_store_open(int fd, const char *name, struct mptcp_error *error)
{
	struct mptcp_store *store = calloc(1, sizeof(*store));

	if (!store) {
		close(fd);
		mptcp_error_memory(error);
		return NULL;
	}
	store->fd = fd;
	if (open_store(store, name, error)) {
		mptcp_store_close(store);
		return NULL;
	}
	return store;
}

const char *mptcp_store_key(const struct mptcp_store *store)
{
	return store->key;
}

uint64_t mptcp_store_packets(const struct mptcp_store *store)
{
	return store->packets;
}

uint64_t mptcp_store_given(const struct mptcp_store *store)
{
	return store->delivered;
}

enum mptcp_status mptcp_store_status(const struct mptcp_store *store, const char **warning)
{
	if (warning)
		*warning = store->warning;
	return store->status;
}

const char *mptcp_store_notes(const struct mptcp_store *store)
{
	return store->notes;
}

const struct mptcp_header *mptcp_store_header(const struct mptcp_store *store)
{
	return &store->header;
}

/* One text out of the variable part, which ends at `end`. */
static const char *take_text(struct mptcp_text *text, const char *at, const char *end)
{
	uint32_t length;

	if (!at || (size_t)(end - at) < sizeof(length))
		return NULL;
	memcpy(&length, at, sizeof(length));
	at += sizeof(length);
	if ((size_t)(end - at) < length)
		return NULL;
	*text = (struct mptcp_text){at, length};
	return at + length;
}

/* The texts stay where they are in the block, so all of them have to be there at once. */
static int take_variable(struct mptcp_store *store, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	uint32_t length;

	if (take(store, &length, sizeof(length), error) || need(store, length, error))
		return -1;
	const char *at = store->block.bytes + store->at, *end = at + length;
	for (uint64_t left = packet->present & mptcp_text_columns; left; left &= left - 1)
		at = take_text(mptcp_packet_text(packet, mptcp_column_first(left)), at, end);
	for (size_t i = 0; i < store->header.extras; i++)
		at = take_text(&store->extra[i], at, end);
	if (at != end)
		return corrupt(store, error);
	store->at += length;
	return 0;
}

/* Whether no value would lead a reader out of its arrays. */
static bool is_plausible_flow(const struct mptcp_packet *packet)
{
	static const bool family[UINT8_MAX + 1] = {[0] = true, [4] = true, [6] = true};

	return packet->tcpdest <= MPTCP_SERVER && packet->mptcpdest <= MPTCP_SERVER &&
		packet->direction <= MPTCP_OUT && family[packet->ipsrc.family] &&
		family[packet->ipdst.family];
}

/* The flow of a packet: a new one that follows, or the one that its slot has. */
static inline int take_flow(struct mptcp_store *store, struct mptcp_packet *packet, bool follows,
	uint16_t slot, struct mptcp_error *error)
{
	char *bytes = (char *)packet + offsetof(struct mptcp_packet, tcpdest);
	struct mptcp_store_flow *flow = &store->flows[slot % MPTCP_STORE_SLOTS];

	if (!follows) {
		memcpy(bytes, flow->bytes, sizeof(flow->bytes));
		return 0;
	}
	if (take(store, bytes, sizeof(flow->bytes), error))
		return -1;
	memcpy(flow->bytes, bytes, sizeof(flow->bytes));
	return is_plausible_flow(packet) ? 0 : corrupt(store, error);
}

static enum mptcp_result end_of_packets(const struct mptcp_store *store, struct mptcp_error *error)
{
	if (store->next != store->blocks || store->at != store->block.length)
		return corrupt(store, error);
	return MPTCP_END;
}

/* Clears what the packet before had, or all of a struct that is seen for the first time. */
static void clear(struct mptcp_store *store, struct mptcp_packet *packet)
{
	if (packet != store->filled)
		memset(packet, 0, sizeof(*packet));
	for (size_t i = 0; i < MPTCP_STORE_GROUPS; i++)
		if (store->filled_present & mptcp_store_groups[i].columns)
			memset((char *)packet + mptcp_store_groups[i].offset, 0,
				mptcp_store_groups[i].length);
	if (store->filled_present & mptcp_text_columns)
		memset(&packet->interface, 0,
			offsetof(struct mptcp_packet, extra) -
				offsetof(struct mptcp_packet, interface));
	packet->extra = store->extra;
	packet->extras = store->header.extras;
	store->filled = packet;
}

/* The groups that a packet has any column of. */
static inline int take_groups(struct mptcp_store *store, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
#pragma GCC unroll 3
	for (size_t i = 0; i < MPTCP_STORE_GROUPS; i++)
		if (packet->present & mptcp_store_groups[i].columns &&
			take(store, (char *)packet + mptcp_store_groups[i].offset,
				mptcp_store_groups[i].length, error))
			return -1;
	return 0;
}

enum mptcp_result mptcp_store_next(struct mptcp_store *store, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	uint64_t present;
	uint16_t slot;

	if (store->delivered == store->packets)
		return end_of_packets(store, error);
	/* Mostly everything is there; near the end of the file less may be, and is asked for piece
	 * by piece. */
	if (store->block.length - store->at < MPTCP_STORE_RECORD_MOST &&
		store->next != store->blocks && refill(store, 0, error))
		return MPTCP_FAILED;
	if (need(store, MPTCP_STORE_HEAD + MPTCP_STORE_FIXED, error))
		return MPTCP_FAILED;
	const char *head = store->block.bytes + store->at;
	unsigned mark = (unsigned char)head[0];

	memcpy(&slot, head + 1, sizeof(slot));
	memcpy(&present, head + MPTCP_STORE_HEAD, sizeof(present));
	if ((mark != MPTCP_STORE_PACKET && mark != MPTCP_STORE_PACKET_FLOW) ||
		present & ~MPTCP_ALL_COLUMNS)
		return corrupt(store, error);
	if (packet != store->filled || present != store->filled_present)
		clear(store, packet);
	store->filled_present = present;
	memcpy(packet, head + MPTCP_STORE_HEAD, MPTCP_STORE_FIXED);
	store->at += MPTCP_STORE_HEAD + MPTCP_STORE_FIXED;
	if (take_flow(store, packet, mark == MPTCP_STORE_PACKET_FLOW, slot, error) ||
		take_groups(store, packet, error))
		return MPTCP_FAILED;
	if (mptcp_store_has_variable(present, store->header.extras) &&
		take_variable(store, packet, error))
		return MPTCP_FAILED;
	store->delivered++;
	return MPTCP_ROW;
}

void mptcp_store_close(struct mptcp_store *store)
{
	if (!store)
		return;
	close(store->fd);
	if (store->extra_names)
		for (size_t i = 0; i <= store->header.extras; i++)
			free(store->extra_names[i]);
	free(store->extra_names);
	free(store->extra);
	free(store->name);
	free(store->key);
	free(store->warning);
	free(store->notes);
	mptcp_buffer_clear(&store->block);
	free(store);
}
