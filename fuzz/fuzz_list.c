/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of packets, by itself and as the column of a table: what is written from it is read as the
 * same set; a list of digits has the numbers that a slow reading of it finds.
 */
#include "fuzz.h"
#include "packet_list.h"

#include <inttypes.h>

/* The ranges of a set as a list. */
static void write_list(const struct mptcp_intervals *set, struct mptcp_buffer *text)
{
	struct mptcp_place place = mptcp_ordered_begin(&set->ranges);

	for (const struct mptcp_interval *range; (range = mptcp_intervals_at(set, place));
		place = mptcp_ordered_next(&set->ranges, place))
		mptcp_buffer_format(text, "%s%" PRIu64 "-%" PRIu64, text->length ? "," : "",
			range->start, range->end - 1);
}

static void check_same(const struct mptcp_intervals *set)
{
	struct mptcp_buffer text[2] = {MPTCP_BUFFER_INIT, MPTCP_BUFFER_INIT};
	struct mptcp_intervals again = {0};
	struct mptcp_error error;

	write_list(set, &text[0]);
	const struct mptcp_text list = {text[0].bytes, text[0].length};
	REQUIRE(!mptcp_packet_list_add(&again, &list, &error));
	write_list(&again, &text[1]);
	REQUIRE(text[0].length == text[1].length);
	REQUIRE(!text[0].length || !strcmp(text[0].bytes, text[1].bytes));
	mptcp_intervals_clear(&again);
	mptcp_buffer_clear(&text[0]);
	mptcp_buffer_clear(&text[1]);
}

/* The packets from 1 to 99 that a list names, where it has no others and no fault. */
static bool read_slowly(const uint8_t *bytes, size_t size, bool named[100])
{
	for (size_t at = 0; at < size;) {
		unsigned numbers[2] = {0}, count = 0, digits = 0;

		for (; at < size && !memchr(", ", bytes[at], 2); at++)
			if (bytes[at] == '-' && digits && !count) {
				count = 1;
				digits = 0;
			} else if (bytes[at] >= '0' && bytes[at] <= '9' && digits < 2) {
				numbers[count] = 10 * numbers[count] + bytes[at] - '0';
				digits++;
			} else {
				return false;
			}
		at++;
		if (!digits && !count)
			continue;
		numbers[1] = count ? numbers[1] : numbers[0];
		if (!digits || !numbers[0] || numbers[0] > numbers[1])
			return false;
		for (unsigned i = numbers[0]; i <= numbers[1]; i++)
			named[i] = true;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct mptcp_text list = {(const char *)bytes, size};
	const struct mptcp_opened from = {fuzz_file(0, bytes, size), "x", NULL, 0};
	struct mptcp_intervals packets = {0};
	struct mptcp_error error = {0};
	bool named[100] = {false};
	bool slowly = read_slowly(bytes, size, named);

	if (!mptcp_packet_list_add(&packets, &list, &error)) {
		check_same(&packets);
		REQUIRE(!mptcp_packet_list_has(&packets, 0));
		for (unsigned i = 0; slowly && i < 100; i++)
			REQUIRE(mptcp_packet_list_has(&packets, i) == named[i]);
	} else {
		REQUIRE(!slowly && error.status == MPTCP_DATA);
	}
	mptcp_intervals_clear(&packets);
	struct mptcp_csv *csv = mptcp_csv_open(&from, ',', &error);
	if (!mptcp_packet_list_read(&packets, csv, "x", &error))
		check_same(&packets);
	else
		REQUIRE(error.status == MPTCP_DATA);
	mptcp_csv_close(csv);
	mptcp_intervals_clear(&packets);
	return 0;
}
