/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz: what the harnesses share. A harness is fuzz_NAME.c: a function that takes any bytes, with a
 * property that must hold for all of them; what must not be is a failed REQUIRE. libFuzzer calls it
 * (`make fuzz`), or replay.c with the bytes of files (`make check`).
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "buffer.h"
#include "error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define REQUIRE(holds) \
	do { \
		if (!(holds)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #holds); \
			abort(); \
		} \
	} while (0)

/* A file in memory with these bytes, read from its beginning. One for each of a few `slot`s, which
 * are used again: what reads may close a duplicate. */
static inline int fuzz_file(unsigned slot, const void *bytes, size_t size)
{
	static int files[4];

	if (!files[slot])
		files[slot] = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(files[slot] > 0 && ftruncate(files[slot], 0) == 0);
	REQUIRE(pwrite(files[slot], bytes, size, 0) == (ssize_t)size);
	REQUIRE(lseek(files[slot], 0, SEEK_SET) == 0);
	return files[slot];
}

/* The input, taken from the front; zeros where it is at its end. */
struct fuzz_input {
	const uint8_t *bytes;
	size_t left;
};
static inline uint64_t fuzz_take(struct fuzz_input *input, unsigned size)
{
	uint64_t number = 0;

	for (; size--; number <<= size ? 8 : 0)
		if (input->left) {
			number |= *input->bytes++;
			input->left--;
		}
	return number;
}

#endif
