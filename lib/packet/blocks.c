/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "blocks.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Words that are summed side by side: vectors of two where the processor has them. */
typedef uint64_t words __attribute__((vector_size(16)));
#define VECTORS 4

static uint64_t mix(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * UINT64_C(0x9e3779b185ebca87);
	return sum ^ sum >> 29;
}

/*
 * Fletcher's checksum on words: the sum of every eighth word, and the sum of these sums. Any
 * change of a single word changes the first; of several it is the second that shows it, unless they
 * make good for each other in both.
 */
uint64_t mptcp_block_checksum(uint64_t number, const void *bytes, size_t length)
{
	words first[VECTORS] = {{0}}, second[VECTORS] = {{0}}, read[VECTORS];
	uint64_t sum = mix(number + 1, length);
	const unsigned char *at = bytes;

	for (; length >= sizeof(read); at += sizeof(read), length -= sizeof(read))
#pragma GCC unroll 4
		for (size_t i = 0; i < VECTORS; i++) {
			memcpy(&read[i], at + i * sizeof(*read), sizeof(*read));
			first[i] += read[i];
			second[i] += first[i];
		}
	for (; length; at++, length--)
		sum = mix(sum, *at);
#pragma GCC unroll 4
	for (size_t i = 0; i < VECTORS; i++) {
		sum = mix(mix(sum, first[i][0]), first[i][1]);
		sum = mix(mix(sum, second[i][0]), second[i][1]);
	}
	return sum;
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
