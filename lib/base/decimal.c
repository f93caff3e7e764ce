/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "decimal.h"

#include "units.h"

#include <math.h>
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

size_t mptcp_fixed_format(char text[MPTCP_FIXED_TEXT], double number, unsigned decimals)
{
	static const uint32_t powers[MPTCP_FIXED_DECIMALS + 1] = {1, 10, 100, 1000, 10000, 100000,
		1000000, 10000000, 100000000, 1000000000};

	if (!(number >= 0 && number < 0x1p53) || signbit(number) || decimals > MPTCP_FIXED_DECIMALS)
		return 0;
	/* the fraction times the power is product + error, exactly; the error is smaller than the
	 * product's last place, and decides where the product alone is a half */
	const uint32_t power = powers[decimals];
	uint64_t whole = (uint64_t)number;
	double fraction = number - (double)whole, product = fraction * power;
	double error = fma(fraction, power, -product);
	uint64_t below = (uint64_t)product;
	double rest = product - (double)below;
	bool half = !(rest < 0.5) && !(rest > 0.5), odd = (decimals ? below : whole) & 1;

	below += half ? error > 0 || (!(error < 0) && odd) : rest > 0.5;
	if (below == power) {
		below = 0;
		whole++;
	}
	char *at = put_digits(text, whole, count_digits(whole));

	if (decimals) {
		*at++ = '.';
		at = put_digits(at, below, decimals);
	}
	return (size_t)(at - text);
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
