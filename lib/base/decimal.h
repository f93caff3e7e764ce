/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * decimal: unsigned numbers and times as decimal text. By hand: a capture of a million packets has
 * twenty million of them, and the C library's conversions are several times slower.
 */
#ifndef MPTCP_DECIMAL_H
#define MPTCP_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Reads the number that the whole text is. 0, or -1 if it is not one of at most `most`. */
static inline int mptcp_decimal_read(uint64_t *number, const char *text, size_t length,
	uint64_t most)
{
	size_t safe = length < 19 ? length : 19; /* so many digits cannot overflow */
	uint64_t value = 0;

	if (length == 0 || length > 20)
		return -1;
	for (size_t i = 0; i < safe; i++) {
		unsigned digit = (unsigned)(unsigned char)text[i] - '0';
		if (digit > 9)
			return -1;
		value = value * 10 + digit;
	}
	if (length == 20) {
		unsigned digit = (unsigned)(unsigned char)text[19] - '0';
		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return -1;
		value = value * 10 + digit;
	}
	*number = value;
	return value <= most ? 0 : -1;
}

/* Writes it without NUL; returns the length. */
size_t mptcp_decimal_format(char text[20], uint64_t number);

#define MPTCP_FIXED_TEXT 27    /* room for any of these, without NUL */
#define MPTCP_FIXED_DECIMALS 9 /* as many at most */

/* Writes a number from 0 on that is below 2^53 with so many decimals, to the nearest, halves to
 * even, as printf does; without NUL. Returns the length; 0 where it is none of these. */
size_t mptcp_fixed_format(char text[MPTCP_FIXED_TEXT], double number, unsigned decimals);

#define MPTCP_TIME_TEXT 21 /* room for the longest time, without NUL */

/* Nanoseconds, written as seconds with nine decimals, without NUL; returns the length. */
size_t mptcp_time_format(char text[MPTCP_TIME_TEXT], int64_t nanoseconds);
#define MPTCP_UTC_TEXT 40 /* room for the longest date, without NUL */

/* Nanoseconds since the epoch as 2026-12-01T05:29:46.123456789Z, without NUL; returns the length.
 */
size_t mptcp_utc_format(char text[MPTCP_UTC_TEXT], int64_t nanoseconds);
/* Reads seconds with up to nine decimals. Returns 0 or -1. */
int mptcp_time_parse(int64_t *nanoseconds, const char *text, size_t length);

/* Whether a word is digits and nothing else, of any size. */
static inline bool mptcp_decimal_is(const char *word)
{
	return *word && strspn(word, "0123456789") == strlen(word);
}

#endif
