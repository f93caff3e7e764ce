/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "blocks.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define LANES 4

static uint64_t rotate(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

/* Invertible for each of the two: a change of either changes the result. */
static uint64_t take(uint64_t lane, uint64_t word)
{
	return rotate(lane + word * UINT64_C(0xc2b2ae3d27d4eb4f), 31) *
		UINT64_C(0x9e3779b185ebca87);
}

uint64_t mptcp_block_checksum(uint64_t number, const void *bytes, size_t length)
{
	uint64_t lanes[LANES] = {number + 1, number + 2, number + 3, number + 4}, word;
	uint64_t sum = take(number, length);
	const unsigned char *at = bytes;

	for (; length >= sizeof(lanes); at += sizeof(lanes), length -= sizeof(lanes))
#pragma GCC unroll 4
		for (size_t i = 0; i < LANES; i++) {
			memcpy(&word, at + i * sizeof(word), sizeof(word));
			lanes[i] = take(lanes[i], word);
		}
	for (; length; at++, length--)
		sum = take(sum, *at);
	for (size_t i = 0; i < LANES; i++)
		sum = take(sum, lanes[i]);
	return sum ^ sum >> 29;
}

void mptcp_blocks_flush(struct mptcp_blocks *blocks)
{
	if (!blocks->length)
		return;
	uint64_t sum = mptcp_block_checksum(blocks->count++, blocks->bytes, blocks->length);

	memcpy(blocks->bytes + blocks->length, &sum, sizeof(sum));
	mptcp_output_write(blocks->output, blocks->bytes, blocks->length + sizeof(sum));
	blocks->length = 0;
}

void mptcp_blocks_write(struct mptcp_blocks *blocks, const void *bytes, size_t length)
{
	const size_t most = MPTCP_BLOCK - MPTCP_BLOCK_CHECKSUM;
	const unsigned char *at = bytes;

	while (length) {
		size_t part = most - blocks->length < length ? most - blocks->length : length;

		memcpy(blocks->bytes + blocks->length, at, part);
		blocks->length += part;
		at += part;
		length -= part;
		if (blocks->length == most)
			mptcp_blocks_flush(blocks);
	}
}

int mptcp_block_read(int fd, uint64_t number, uint64_t position, size_t size,
	struct mptcp_buffer *bytes)
{
	uint64_t sum;

	if (mptcp_buffer_reserve(bytes, size)) {
		errno = ENOMEM;
		return -1;
	}
	char *to = bytes->bytes + bytes->length;

	for (size_t done = 0; done < size;) {
		ssize_t got = pread(fd, to + done, size - done, (off_t)(position + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			errno = got < 0 ? errno : 0;
			return -1;
		}
		done += (size_t)got;
	}
	errno = 0;
	if (size <= sizeof(sum))
		return -1;
	memcpy(&sum, to + size - sizeof(sum), sizeof(sum));
	if (sum != mptcp_block_checksum(number, to, size - sizeof(sum)))
		return -1;
	bytes->length += size - sizeof(sum);
	return 0;
}
