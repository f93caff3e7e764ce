/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bytes: numbers in network byte order (the most significant byte first), and bytes as hexadecimal
 * digits.
 */
#ifndef MPTCP_BYTES_H
#define MPTCP_BYTES_H

#include <stddef.h>
#include <stdint.h>

static inline uint16_t mptcp_be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t mptcp_be32(const uint8_t *at)
{
	return (uint32_t)mptcp_be16(at) << 16 | mptcp_be16(at + 2);
}

static inline uint64_t mptcp_be64(const uint8_t *at)
{
	return (uint64_t)mptcp_be32(at) << 32 | mptcp_be32(at + 4);
}

static inline void mptcp_be64_put(uint8_t *at, uint64_t value)
{
	for (int i = 7; i >= 0; i--, value >>= 8)
		at[i] = (uint8_t)value;
}

#define MPTCP_HEX_DIGITS "0123456789abcdef"

/* The value of each hexadecimal digit plus one, 0 for other characters. */
extern const uint8_t mptcp_hex_values[256];

/* The value of a digit, of either case; -1 for other characters. */
static inline int mptcp_hex_value(char digit)
{
	return mptcp_hex_values[(unsigned char)digit] - 1;
}

/* Writes the lowest `digits` digits of a number, without NUL; returns `digits`. */
size_t mptcp_hex_format(char *text, uint32_t number, unsigned digits);

#endif
