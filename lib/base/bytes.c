/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table, because half of what tshark prints consists of the bytes of options. */
#include "bytes.h"

const uint8_t mptcp_hex_values[256] = {['0'] = 1,
	['1'] = 2,
	['2'] = 3,
	['3'] = 4,
	['4'] = 5,
	['5'] = 6,
	['6'] = 7,
	['7'] = 8,
	['8'] = 9,
	['9'] = 10,
	['a'] = 11,
	['b'] = 12,
	['c'] = 13,
	['d'] = 14,
	['e'] = 15,
	['f'] = 16,
	['A'] = 11,
	['B'] = 12,
	['C'] = 13,
	['D'] = 14,
	['E'] = 15,
	['F'] = 16};

size_t mptcp_hex_format(char *text, uint32_t number, unsigned digits)
{
	for (unsigned i = digits; i--; number >>= 4)
		text[i] = MPTCP_HEX_DIGITS[number & 15];
	return digits;
}
