/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blocks: bytes of a file in blocks, each followed by its checksum: nothing of a damaged block is
 * handed on.
 *
 * All blocks have MPTCP_BLOCK bytes, the checksum included, but for the last one, which may be
 * shorter. The checksum covers the block's number, too, so that blocks at a wrong place are found.
 * It guards against faults, not against whoever can write the file.
 */
#ifndef MPTCP_BLOCKS_H
#define MPTCP_BLOCKS_H

#include "buffer.h"
#include "output.h"

#include <stddef.h>
#include <stdint.h>

#define MPTCP_BLOCK ((size_t)256 * 1024)
#define MPTCP_BLOCK_CHECKSUM sizeof(uint64_t)

uint64_t mptcp_block_checksum(uint64_t number, const void *bytes, size_t length);

/* A zeroed struct with an output is ready to write. */
struct mptcp_blocks {
	struct mptcp_output *output; /* borrowed */
	uint64_t count;              /* of blocks written */
	size_t length;               /* of what waits in `bytes` */
	unsigned char bytes[MPTCP_BLOCK];
};

void mptcp_blocks_write(struct mptcp_blocks *blocks, const void *bytes, size_t length);
/* Writes what waits as a block, if there is any. */
void mptcp_blocks_flush(struct mptcp_blocks *blocks);

/* Appends a block of `size` bytes, its checksum included, that is at `position` of the file, to
 * `bytes`. 0; -1 with errno, which is 0 where the block is damaged or not there. */
int mptcp_block_read(int fd, uint64_t number, uint64_t position, size_t size,
	struct mptcp_buffer *bytes);

#endif
