/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decimal.h"

#include "units.h"

#include <time.h>

#define SECOND ((uint64_t)MPTCP_SECOND)

static unsigned count_digits(uint64_t value)
{
	for (unsigned digits = 1;; digits += 4) {
		if (value < 10)
			return digits;
		if (value < 100)
			return digits + 1;
		if (value < 1000)
			return digits + 2;
		if (value < 10000)
			return digits + 3;
		value /= 10000;
	}
}

/* Exactly `digits` digits, two at a time. */
static char *put_digits(char *at, uint64_t value, unsigned digits)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324"
				    "25262728293031323334353637383940414243444546474849"
				    "50515253545556575859606162636465666768697071727374"
				    "75767778798081828384858687888990919293949596979899";
	unsigned left = digits;

	for (; left >= 2; value /= 100) {
		left -= 2;
		memcpy(at + left, pairs + 2 * (value % 100), 2);
	}
	if (left)
		*at = (char)('0' + value % 10);
	return at + digits;
}

size_t mptcp_decimal_format(char text[20], uint64_t number)
{
	return (size_t)(put_digits(text, number, count_digits(number)) - text);
}

size_t mptcp_time_format(char text[MPTCP_TIME_TEXT], int64_t nanoseconds)
{
	uint64_t magnitude = nanoseconds < 0 ? -(uint64_t)nanoseconds : (uint64_t)nanoseconds;
	uint64_t seconds = magnitude / SECOND;
	char *at = text;

	if (nanoseconds < 0)
		*at++ = '-';
	at = put_digits(at, seconds, count_digits(seconds));
	*at++ = '.';
	return (size_t)(put_digits(at, magnitude % SECOND, 9) - text);
}

size_t mptcp_utc_format(char text[MPTCP_UTC_TEXT], int64_t nanoseconds)
{
	int64_t fraction = nanoseconds % MPTCP_SECOND;
	const time_t seconds = nanoseconds / MPTCP_SECOND - (fraction < 0);
	struct tm date = {0};

	if (fraction < 0)
		fraction += MPTCP_SECOND;
	gmtime_r(&seconds, &date);
	char *at = text + strftime(text, MPTCP_UTC_TEXT, "%Y-%m-%dT%H:%M:%S.", &date);
	at = put_digits(at, (uint64_t)fraction, 9);
	*at++ = 'Z';
	return (size_t)(at - text);
}

int mptcp_time_parse(int64_t *nanoseconds, const char *text, size_t length)
{
	bool negative = length && *text == '-';
	const char *start = text + negative, *end = text + length;
	uint64_t seconds, fraction = 0;

	const char *point = memchr(start, '.', (size_t)(end - start));
	if (mptcp_decimal_read(&seconds, start, (size_t)((point ? point : end) - start),
		    INT64_MAX / SECOND))
		return -1;
	if (point) {
		size_t decimals = (size_t)(end - point - 1);
		if (decimals > 9 || mptcp_decimal_read(&fraction, point + 1, decimals, SECOND))
			return -1;
		for (; decimals < 9; decimals++)
			fraction *= 10;
	}
	uint64_t magnitude = seconds * SECOND + fraction;
	if (magnitude > (uint64_t)INT64_MAX + negative)
		return -1;
	*nanoseconds = (int64_t)(negative ? -magnitude : magnitude);
	return 0;
}
