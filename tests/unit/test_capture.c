/* SPDX-License-Identifier: GPL-2.0-or-later */
/* capture: pcap and pcapng made here in memory, whole, cut at every byte, and damaged. */
#include "capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PCAP 0xa1b2c3d4U
#define PCAP_NANO 0xa1b23c4dU

static struct mptcp_error failure;
static struct mptcp_buffer file; /* the capture being made */
static bool big;                 /* in big-endian */

static void put(uint32_t value, size_t size)
{
	char bytes[4];

	for (size_t i = 0; i < size; i++)
		bytes[big ? size - 1 - i : i] = (char)(value >> 8 * i);
	mptcp_buffer_add(&file, bytes, size);
}

static void put_bytes(size_t length, char fill)
{
	while (length--)
		mptcp_buffer_add_char(&file, fill);
}

static void new_pcap(uint32_t magic)
{
	mptcp_buffer_reset(&file);
	put(magic, 4);
	put(2, 2);
	put(4, 2);
	put(0, 4);
	put(0, 4);
	put(65535, 4);
	put(1, 4);
}

static void put_record(uint32_t captured, uint32_t original)
{
	put(1, 4);
	put(2, 4);
	put(captured, 4);
	put(original, 4);
	put_bytes(captured, 'p');
}

static void put_section(void)
{
	put(0x0a0d0d0a, 4);
	put(28, 4);
	put(0x1a2b3c4d, 4);
	put(1, 2);
	put(0, 2);
	put(100, 4);
	put(0, 4);
	put(28, 4);
}

static void put_interface(uint32_t linktype, uint32_t snaplen)
{
	put(1, 4);
	put(20, 4);
	put(linktype, 2);
	put(0, 2);
	put(snaplen, 4);
	put(20, 4);
}

static void put_packet(uint32_t interface, uint32_t captured, uint32_t original)
{
	uint32_t pad = (4 - captured % 4) % 4;

	put(6, 4);
	put(32 + captured + pad, 4);
	put(interface, 4);
	put(0, 4);
	put(0, 4);
	put(captured, 4);
	put(original, 4);
	put_bytes(captured, 'p');
	put_bytes(pad, 0);
	put(32 + captured + pad, 4);
}

static void put_simple(uint32_t captured, uint32_t original)
{
	uint32_t pad = (4 - captured % 4) % 4;

	put(3, 4);
	put(16 + captured + pad, 4);
	put(original, 4);
	put_bytes(captured + pad, 's');
	put(16 + captured + pad, 4);
}

/* With one option of eight bytes, and no end of options. */
static void put_statistics(uint32_t interface, uint32_t option, uint32_t number)
{
	put(5, 4);
	put(36, 4);
	put(interface, 4);
	put_bytes(8, 0);
	put(option, 2);
	put(8, 2);
	if (big)
		put(0, 4);
	put(number, 4);
	if (!big)
		put(0, 4);
	put(36, 4);
}

static void put_other(uint32_t type)
{
	put(type, 4);
	put(16, 4);
	put(0, 4);
	put(16, 4);
}

static struct mptcp_capture *open_bytes(const void *bytes, size_t length)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	assert_int_equal(write(fd, bytes, length), length);
	lseek(fd, 0, SEEK_SET);
	return mptcp_capture_open(&(struct mptcp_opened){fd, "x.pcap", NULL, 0}, "editcap",
		&failure);
}

static struct mptcp_capture *open_file(void)
{
	struct mptcp_capture *capture = open_bytes(file.bytes, file.length);

	assert_non_null(capture);
	return capture;
}

/* Reads to the end: how many packets; `end` is what mptcp_capture_next said then. */
static unsigned count(struct mptcp_capture *capture, int *end)
{
	struct mptcp_capture_record record;
	unsigned packets = 0;

	while ((*end = mptcp_capture_next(capture, &record, &failure)) == 1)
		packets++;
	return packets;
}

static void assert_ends(unsigned packets, int end, const char *text)
{
	struct mptcp_capture *capture = open_file();
	int got;

	assert_int_equal(count(capture, &got), packets);
	assert_int_equal(got, end);
	if (end) {
		assert_int_equal(failure.status, MPTCP_DATA);
		assert_non_null(strstr(failure.text, text));
		failure.text[0] = '\0';
		assert_int_equal(count(capture, &got), 0); /* it stays so */
		assert_int_equal(got, -1);
		assert_non_null(strstr(failure.text, text));
	}
	mptcp_capture_close(capture);
}

static void pcap_of_both_magics_and_byte_orders_is_read(void **state)
{
	(void)state;
	for (int variant = 0; variant < 4; variant++) {
		struct mptcp_capture_record record;
		big = variant & 1;
		new_pcap(variant & 2 ? PCAP_NANO : PCAP);
		put_record(60, 1500);
		put_record(0, 0);
		put_record(70, 10); /* captured more than there was: Wireshark takes it */
		struct mptcp_capture *capture = open_file();
		assert_true(mptcp_capture_known(file.bytes, 16));
		assert_true(mptcp_capture_is_file(capture));
		assert_int_equal(mptcp_capture_next(capture, &record, &failure), 1);
		assert_int_equal(record.captured, 60);
		assert_int_equal(record.original, 1500);
		assert_int_equal(record.linktype, 1);
		assert_int_equal(record.length, 76);
		assert_int_equal(record.packet - record.bytes, 16);
		assert_memory_equal(record.bytes, file.bytes + 24, 76);
		int end;
		assert_int_equal(count(capture, &end), 2);
		assert_int_equal(end, 0);
		assert_int_equal(mptcp_capture_headers(capture)->length, 24);
		assert_memory_equal(mptcp_capture_headers(capture)->bytes, file.bytes, 24);
		mptcp_capture_close(capture);
	}
	big = false;
}

static void pcap_cut_at_every_byte_gives_the_whole_packets(void **state)
{
	(void)state;
	new_pcap(PCAP);
	for (int i = 0; i < 3; i++)
		put_record(21, 21);
	for (size_t length = 24; length <= file.length; length++) {
		struct mptcp_capture *capture = open_bytes(file.bytes, length);
		int end;
		assert_non_null(capture);
		unsigned whole = (unsigned)(length - 24) / 37;
		assert_int_equal(count(capture, &end), whole);
		assert_int_equal(end, (length - 24) % 37 ? -1 : 0);
		char place[64];
		snprintf(place, sizeof(place), "x.pcap: packet %u: cut short", whole + 1);
		if (end)
			assert_non_null(strstr(failure.text, place));
		mptcp_capture_close(capture);
	}
}

static void lost_packets_of_all_interfaces_are_added_up(void **state)
{
	(void)state;
	for (int variant = 0; variant < 2; variant++) {
		struct mptcp_capture_record record;
		uint64_t packets, dropped;

		mptcp_buffer_reset(&file);
		big = variant;
		put_section();
		put_interface(1, 0);
		put_interface(1, 0);
		put_packet(0, 5, 5);
		put_statistics(0, 5, 3);
		put_statistics(1, 5, 10);
		put_statistics(1, 4, 100); /* received */
		put_statistics(2, 5, 100); /* no such interface */
		put_statistics(0, 5, 4);
		put_section();
		put_interface(1, 0);
		put_statistics(0, 5, 20);
		put_packet(0, 5, 5);
		struct mptcp_capture *capture = open_file();

		assert_int_equal(mptcp_capture_next(capture, &record, &failure), 1);
		mptcp_capture_counts(capture, &packets, &dropped);
		assert_int_equal(packets, 1);
		assert_int_equal(dropped, 0);
		assert_int_equal(mptcp_capture_next(capture, &record, &failure), 1);
		mptcp_capture_counts(capture, &packets, &dropped);
		assert_int_equal(packets, 2);
		assert_int_equal(dropped, 34);
		mptcp_capture_close(capture);
	}
	big = false;
}

static void pcapng_of_both_byte_orders_sections_and_interfaces_is_read(void **state)
{
	(void)state;
	for (int variant = 0; variant < 2; variant++) {
		static const uint32_t linktypes[] = {1, 113, 1, 1, UINT32_MAX, 101};
		static const uint32_t lengths[] = {5, 8, 6, 4, 0, 9};
		struct mptcp_capture_record record;
		mptcp_buffer_reset(&file);
		big = variant;
		put_section();
		put_interface(1, 6);
		put_interface(113, 0);
		put_packet(0, 5, 50);
		put_packet(1, 8, 8);
		put_other(5);      /* interface statistics: not a packet */
		put_simple(6, 60); /* cut by its interface's snaplen */
		put_simple(4, 4);
		put_other(9); /* a journal entry counts as a frame */
		big = !big;
		put_section();
		put_interface(101, 0);
		put_packet(0, 9, 9);
		struct mptcp_capture *capture = open_file();
		assert_true(mptcp_capture_known(file.bytes, 16));
		for (unsigned i = 0; i < 6; i++) {
			assert_int_equal(mptcp_capture_next(capture, &record, &failure), 1);
			assert_int_equal(record.linktype, linktypes[i]);
			assert_int_equal(record.captured, lengths[i]);
			assert_int_equal(mptcp_capture_headers(capture)->length, i < 5 ? 68 : 116);
		}
		assert_int_equal(mptcp_capture_next(capture, &record, &failure), 0);
		mptcp_capture_close(capture);
	}
	big = false;
}

static void pcapng_cut_at_every_byte_gives_the_whole_packets(void **state)
{
	(void)state;
	mptcp_buffer_reset(&file);
	put_section();
	put_interface(1, 0);
	put_packet(0, 5, 5);
	put_packet(0, 5, 5);
	for (size_t length = 12; length <= file.length; length++) {
		struct mptcp_capture *capture = open_bytes(file.bytes, length);
		int end;
		assert_non_null(capture);
		assert_int_equal(count(capture, &end), length < 88 ? 0 : length < 128 ? 1 : 2);
		assert_int_equal(end,
			length == 28 || length == 48 || length == 88 || length == 128 ? 0 : -1);
		mptcp_capture_close(capture);
	}
}

static void damage_is_told_with_its_place(void **state)
{
	static const struct {
		size_t offset; /* in the second packet block */
		uint32_t value;
		const char *text;
	} cases[] = {
		{4, 8, "damaged: impossible block length"},
		{4, 42, "damaged: impossible block length"},
		{4, 0xfffffff0, "damaged: impossible block length"},
		{36, 36, "the two lengths of a block differ"},
		{8, 1, "its interface is not described"},
		{20, 262145, "more bytes than any packet has"},
		{20, 9, "more bytes than its block has"},
		{20, 0xffffffff, "more bytes than any packet has"},
	};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		mptcp_buffer_reset(&file);
		put_section();
		put_interface(1, 0);
		put_packet(0, 5, 5);
		size_t second = file.length;
		put_packet(0, 5, 5);
		put_packet(0, 5, 5);
		memcpy(file.bytes + second + cases[i].offset, &cases[i].value, 4);
		assert_ends(1, -1, cases[i].text);
		assert_non_null(strstr(failure.text, "packet 2: "));
	}
	new_pcap(PCAP);
	put_record(262144, 262144);
	put_record(262145, 262145);
	assert_ends(1, -1, "packet 2: damaged");
	mptcp_buffer_reset(&file);
	put_section();
	put_packet(0, 5, 5);
	assert_ends(0, -1, "packet 1: damaged: its interface");
}

static void what_is_no_capture_is_told_by_open(void **state)
{
	(void)state;
	assert_null(open_bytes("", 0));
	assert_int_equal(failure.status, MPTCP_DATA);
	assert_string_equal(failure.text, "x.pcap: empty file");
	assert_null(open_bytes("just some text, no capture\n", 27));
	assert_int_equal(failure.status, MPTCP_DATA);
	assert_non_null(strstr(failure.text, "x.pcap: isn't a capture file"));
	new_pcap(PCAP);
	assert_null(open_bytes(file.bytes, 13));
	assert_int_equal(failure.status, MPTCP_DATA);
	assert_non_null(strstr(failure.text, "cut short"));
	assert_null(mptcp_capture_open(&(struct mptcp_opened){open("/", O_RDONLY), "/", NULL, 0},
		"editcap", &failure));
	assert_int_equal(failure.status, MPTCP_IO);
}

static void a_missing_editcap_is_told(void **state)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);
	(void)state;

	assert_int_equal(write(fd, "\x1f\x8b no capture", 13), 13);
	lseek(fd, 0, SEEK_SET);
	assert_null(mptcp_capture_open(&(struct mptcp_opened){fd, "x.pcap.gz", NULL, 0},
		"no-such-editcap", &failure));
	assert_int_equal(failure.status, MPTCP_PROGRAM);
	assert_non_null(strstr(failure.text, "no-such-editcap: not found"));
}

static void a_copy_can_be_cut_and_is_a_capture_again(void **state)
{
	(void)state;
	for (int variant = 0; variant < 4; variant++) {
		struct mptcp_buffer copy = MPTCP_BUFFER_INIT;
		struct mptcp_capture_record record;
		big = variant & 1;
		mptcp_buffer_reset(&file);
		if (variant & 2) {
			put_section();
			put_interface(1, 0);
			put_packet(0, 101, 200);
			put_simple(50, 50);
		} else {
			new_pcap(PCAP);
			put_record(101, 200);
			put_record(50, 50);
		}
		struct mptcp_capture *capture = open_file();
		for (int i = 0; i < 2; i++) {
			assert_int_equal(mptcp_capture_next(capture, &record, &failure), 1);
			if (!i) {
				const struct mptcp_buffer *headers = mptcp_capture_headers(capture);
				mptcp_buffer_add(&copy, headers->bytes, headers->length);
			}
			assert_int_equal(mptcp_capture_copy(capture, &record, i ? 0 : 33, &copy),
				0);
		}
		mptcp_capture_close(capture);
		capture = open_bytes(copy.bytes, copy.length);
		assert_non_null(capture);
		assert_int_equal(mptcp_capture_next(capture, &record, &failure), 1);
		assert_int_equal(record.captured, 33);
		assert_int_equal(record.original, 200);
		assert_int_equal(mptcp_capture_next(capture, &record, &failure), 1);
		assert_int_equal(record.captured, 50);
		assert_int_equal(mptcp_capture_next(capture, &record, &failure), 0);
		mptcp_capture_close(capture);
		mptcp_buffer_clear(&copy);
	}
	big = false;
}

static void a_pipe_is_not_waited_for_where_that_was_asked(void **state)
{
	struct mptcp_capture_record record;
	int ends[2];
	(void)state;

	assert_int_equal(pipe(ends), 0);
	new_pcap(PCAP);
	put_record(40, 40);
	assert_int_equal(write(ends[1], file.bytes + 10, file.length - 11), file.length - 11);
	struct mptcp_capture *capture = mptcp_capture_open(
		&(struct mptcp_opened){ends[0], "-", file.bytes, 10}, "editcap", &failure);
	assert_non_null(capture);
	assert_false(mptcp_capture_is_file(capture));
	assert_int_equal(mptcp_capture_dont_wait(capture), ends[0]);
	assert_int_equal(mptcp_capture_next(capture, &record, &failure), 2);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(mptcp_capture_next(capture, &record, &failure), 1);
	assert_int_equal(mptcp_capture_next(capture, &record, &failure), 2);
	close(ends[1]);
	assert_int_equal(mptcp_capture_next(capture, &record, &failure), 0);
	mptcp_capture_close(capture);
}

/* A capture of Solaris' snoop (RFC 1761), which we leave to editcap. */
static void make_snoop(void)
{
	mptcp_buffer_reset(&file);
	mptcp_buffer_add(&file, "snoop\0\0\0", 8);
	big = true;
	put(2, 4);
	put(4, 4); /* Ethernet */
	for (int i = 0; i < 3; i++) {
		put(60, 4);
		put(60, 4);
		put(84, 4);
		put(0, 4);
		put(1, 4);
		put(2, 4);
		put_bytes(60, 'p');
	}
	big = false;
}

static void other_formats_go_through_editcap(void **state)
{
	int end, ends[2];
	(void)state;

	make_snoop();
	assert_false(mptcp_capture_known(file.bytes, 16));
	struct mptcp_capture *capture = open_file();
	assert_int_equal(count(capture, &end), 3);
	assert_int_equal(end, 0);
	mptcp_capture_close(capture);

	/* the same from a pipe of which the first bytes were taken */
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], file.bytes + 16, file.length - 16), file.length - 16);
	close(ends[1]);
	capture = mptcp_capture_open(&(struct mptcp_opened){ends[0], "-", file.bytes, 16},
		"editcap", &failure);
	assert_non_null(capture);
	assert_int_equal(count(capture, &end), 3);
	assert_int_equal(end, 0);
	mptcp_capture_close(capture);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* neither editcap nor the feeder stays */

	/* cut short: editcap ends with 0, but says so */
	capture = open_bytes(file.bytes, file.length - 10);
	assert_non_null(capture);
	assert_int_equal(count(capture, &end), 2);
	assert_int_equal(end, -1);
	assert_int_equal(failure.status, MPTCP_DATA);
	assert_non_null(strstr(failure.text, "x.pcap: packet 3: appears to have been cut short"));
	mptcp_capture_close(capture);
}

static int release(void **state)
{
	(void)state;
	mptcp_buffer_clear(&file);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pcap_of_both_magics_and_byte_orders_is_read),
		cmocka_unit_test(pcap_cut_at_every_byte_gives_the_whole_packets),
		cmocka_unit_test(lost_packets_of_all_interfaces_are_added_up),
		cmocka_unit_test(pcapng_of_both_byte_orders_sections_and_interfaces_is_read),
		cmocka_unit_test(pcapng_cut_at_every_byte_gives_the_whole_packets),
		cmocka_unit_test(damage_is_told_with_its_place),
		cmocka_unit_test(what_is_no_capture_is_told_by_open),
		cmocka_unit_test(a_missing_editcap_is_told),
		cmocka_unit_test(a_copy_can_be_cut_and_is_a_capture_again),
		cmocka_unit_test(a_pipe_is_not_waited_for_where_that_was_asked),
		cmocka_unit_test(other_formats_go_through_editcap),
	};
	return cmocka_run_group_tests(tests, NULL, release);
}
