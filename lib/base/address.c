/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Written by hand although the C library has functions for it: every packet has two addresses to
 * read and to write, and inet_ntop takes longer than all other columns together.
 */
#include "address.h"

#include "bytes.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Four decimal numbers without leading zeros. */
static int parse_v4(uint8_t bytes[4], const char *text, size_t length)
{
	const char *end = text + length;

	for (int i = 0; i < 4; i++) {
		unsigned value = 0;
		const char *start = text;
		if (i && (text == end || *text++ != '.'))
			return -1;
		start = text;
		while (text < end && *text >= '0' && *text <= '9' && text - start < 3)
			value = value * 10 + (unsigned)(*text++ - '0');
		if (text == start || value > 255 || (*start == '0' && text - start > 1))
			return -1;
		bytes[i] = (uint8_t)value;
	}
	return text == end ? 0 : -1;
}

int mptcp_address_parse(struct mptcp_address *address, const char *text, size_t length)
{
	char copy[MPTCP_ADDRESS_TEXT];

	*address = (struct mptcp_address){0};
	if (!parse_v4(address->bytes, text, length)) {
		address->family = 4;
		return 0;
	}
	if (length >= sizeof(copy) || memchr(text, '\0', length) || !memchr(text, ':', length))
		return -1;
	memcpy(copy, text, length);
	copy[length] = '\0';
	if (inet_pton(AF_INET6, copy, address->bytes) != 1)
		return -1;
	address->family = 6;
	return 0;
}

static char *format_v4(char *at, const uint8_t bytes[4])
{
	for (int i = 0; i < 4; i++) {
		unsigned value = bytes[i];
		if (i)
			*at++ = '.';
		if (value >= 100)
			*at++ = (char)('0' + value / 100);
		if (value >= 10)
			*at++ = (char)('0' + value / 10 % 10);
		*at++ = (char)('0' + value % 10);
	}
	return at;
}

static char *format_group(char *at, unsigned group)
{
	for (int shift = 12; shift >= 0; shift -= 4)
		if (shift == 0 || group >> shift)
			*at++ = MPTCP_HEX_DIGITS[group >> shift & 15];
	return at;
}

/* RFC 5952 section 4.2: the longest run of zero groups, the first of equals, never a single one.
 * Returns where it starts, 8 for none. */
static int longest_run(const unsigned groups[8], int *run)
{
	int best = 8;

	*run = 1;
	for (int i = 0; i < 8; i++) {
		int end = i;
		while (end < 8 && !groups[end])
			end++;
		if (end - i > *run) {
			*run = end - i;
			best = i;
		}
		if (end > i)
			i = end;
	}
	return best;
}

static char *format_v6(char *at, const uint8_t bytes[16])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	unsigned groups[8];
	int run;

	if (!memcmp(bytes, mapped, sizeof(mapped))) { /* RFC 5952 section 5 */
		memcpy(at, "::ffff:", 7);
		return format_v4(at + 7, bytes + 12);
	}
	for (int i = 0; i < 8; i++)
		groups[i] = mptcp_be16(bytes + 2 * i);
	int skip = longest_run(groups, &run);
	for (int i = 0; i < 8; i++) {
		if (i == skip) {
			*at++ = ':';
			i += run - 1;
			if (i == 7)
				*at++ = ':';
			continue;
		}
		if (i)
			*at++ = ':';
		at = format_group(at, groups[i]);
	}
	return at;
}

size_t mptcp_address_format(const struct mptcp_address *address, char text[MPTCP_ADDRESS_TEXT])
{
	char *end = text;

	if (address->family == 4)
		end = format_v4(text, address->bytes);
	else if (address->family == 6)
		end = format_v6(text, address->bytes);
	*end = '\0';
	return (size_t)(end - text);
}

void mptcp_endpoint_format(const struct mptcp_address *address, uint16_t port,
	char text[MPTCP_ENDPOINT_TEXT])
{
	char name[MPTCP_ADDRESS_TEXT];

	mptcp_address_format(address, name);
	snprintf(text, MPTCP_ENDPOINT_TEXT, address->family == 6 ? "[%s]:%u" : "%s:%u", name,
		(unsigned)port);
}

bool mptcp_address_equal(const struct mptcp_address *a, const struct mptcp_address *b)
{
	return a->family == b->family && !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}
