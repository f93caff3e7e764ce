/* SPDX-License-Identifier: GPL-2.0-or-later */
/* frame: a line of tshark's output into a segment. */
#include "frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#define S "\x1f"
#define ADDRESSES "10.0.0.1" S "10.0.0.2" S S S "0x1234" S "63" S S
#define TCP "1000" S "80" S "0x0012" S "4294967295" S "7" S "1448" S "65535" S "20" S
#define WAY S S S S S /* how it was captured, up to the name of the interface */
#define CHAIN "eth:ethertype:ip:tcp" S

static struct mptcp_frame frame;
static struct mptcp_interned *names;
static struct mptcp_text extra[4];

static enum mptcp_frame_kind parse(const char *line, size_t extras)
{
	memset(&frame, 0xee, sizeof(frame));
	return mptcp_frame_parse(&frame, (struct mptcp_text){line, strlen(line)}, &names, extra,
		extras);
}

static void assert_addresses(const char *source, const char *destination)
{
	char text[MPTCP_ADDRESS_TEXT];

	mptcp_address_format(&frame.source, text);
	assert_string_equal(text, source);
	mptcp_address_format(&frame.destination, text);
	assert_string_equal(text, destination);
}

static void a_segment_has_all_its_values(void **state)
{
	(void)state;
	assert_int_equal(mptcp_frame_field_count, 23);
	assert_int_equal(
		parse("1795397411.223359001" S CHAIN ADDRESSES TCP "020405b41e04" WAY "eth0", 0),
		MPTCP_FRAME_SEGMENT);
	assert_int_equal(frame.time, INT64_C(1795397411223359001));
	assert_addresses("10.0.0.1", "10.0.0.2");
	assert_int_equal(frame.source_port, 1000);
	assert_int_equal(frame.destination_port, 80);
	assert_int_equal(frame.flags, 0x12);
	assert_int_equal(frame.sequence, UINT32_MAX);
	assert_int_equal(frame.acknowledgement, 7);
	assert_int_equal(frame.length, 1448);
	assert_int_equal(frame.window, 65535);
	assert_int_equal(frame.options_length, 6);
	assert_memory_equal(frame.options, "\x02\x04\x05\xb4\x1e\x04", 6);
	assert_int_equal(frame.interface.length, 4);
	assert_memory_equal(frame.interface.bytes, "eth0", 4);
	assert_int_equal(frame.extras, 0);
}

static void flags_of_tshark_3_4_and_short_fractions_are_read(void **state)
{
	(void)state;
	assert_int_equal(parse("1.5" S CHAIN ADDRESSES "1" S "2" S "0x00000002" S "0" S "0" S "0" S
			       "1" S "20" S WAY,
				 0),
		1);
	assert_int_equal(frame.time, 1500000000);
	assert_int_equal(frame.flags, 2);
	assert_int_equal(frame.options_length, 0);
	assert_int_equal(frame.interface.length, 0);
	assert_int_equal(parse("-1.25" S CHAIN ADDRESSES TCP WAY, 0), MPTCP_FRAME_SEGMENT);
	assert_int_equal(frame.time, -1250000000);
	assert_int_equal(parse("" S CHAIN ADDRESSES TCP WAY, 0),
		MPTCP_FRAME_SEGMENT); /* a simple packet block has no time */
	assert_int_equal(frame.time, 0);
}

static void the_ip_header_next_to_the_last_tcp_header_counts(void **state)
{
	(void)state;
	assert_int_equal(parse("1" S "eth:ethertype:ip:gre:ip:tcp" S "1.1.1.1;10.0.0.1" S
			       "2.2.2.2;10.0.0.2" S S S "0x1111;0x2222" S "1;2" S S TCP WAY,
				 0),
		1);
	assert_addresses("10.0.0.1", "10.0.0.2");
	assert_true(frame.has_ipid);
	assert_int_equal(frame.ipid, 0x2222);
	assert_int_equal(frame.ttl, 2);
	assert_int_equal(parse("1" S "eth:ethertype:ip:ipv6:tcp" S "1.1.1.1" S "2.2.2.2" S
			       "fd00::1" S "fd00::2" S "0x1111" S "1" S "64" S TCP WAY,
				 0),
		1);
	assert_addresses("fd00::1", "fd00::2");
	assert_false(frame.has_ipid);
	assert_int_equal(frame.ttl, 64);
	assert_int_equal(parse("1" S "eth:ethertype:ipv6:ip:tcp" S "1.1.1.1" S "2.2.2.2" S
			       "fd00::1" S "fd00::2" S "0x1111" S "1" S "64" S TCP WAY,
				 0),
		1);
	assert_addresses("1.1.1.1", "2.2.2.2");
}

static void the_last_of_several_segments_is_taken_whole(void **state)
{
	const char *two = "1" S "eth:ip:tcp:ip:tcp" S "1.1.1.1;3.3.3.3" S "2.2.2.2;4.4.4.4" S S S
			  "0x0001;0x0002" S "1;2" S S "1;3" S "2;4" S "0x0010;0x0018" S "10;20" S
			  "30;40" S "50;60" S "70;80" S "21;21" S;
	char line[256];
	(void)state;

	snprintf(line, sizeof(line), "%saa;bb" WAY, two);
	assert_int_equal(parse(line, 0), MPTCP_FRAME_SEGMENT);
	assert_addresses("3.3.3.3", "4.4.4.4");
	assert_int_equal(frame.source_port, 3);
	assert_int_equal(frame.flags, 0x18);
	assert_int_equal(frame.length, 60);
	assert_int_equal(frame.options_length, 1);
	assert_int_equal(frame.options[0], 0xbb);
	snprintf(line, sizeof(line), "%saa" WAY,
		two); /* of one of them: it is not known of which */
	assert_int_equal(parse(line, 0), MPTCP_FRAME_SEGMENT);
	assert_int_equal(frame.options_length, 0);
}

static void what_is_no_segment_gives_its_time_only(void **state)
{
	(void)state;
	assert_int_equal(parse("2.000000001" S
			       "eth:ethertype:arp" S S S S S S S S S S S S S S S S S WAY "eth0",
				 0),
		0);
	assert_int_equal(frame.time, 2000000001);
	/* a TCP header quoted by an ICMP error has no tcp.len */
	assert_int_equal(parse("1" S "eth:ethertype:ip:icmp:ip:tcp" S "1.1.1.1;2.2.2.2" S
			       "3.3.3.3;4.4.4.4" S S S "0x0001;0x0002" S "1;2" S S "1" S "2" S
			       "0x0002" S "1" S "" S "" S "1" S "20" S WAY,
				 0),
		0);
	assert_int_equal(parse("1" S CHAIN ADDRESSES "1000" S "80" S, 0),
		MPTCP_FRAME_OTHER); /* the dissector stopped in the middle */
	assert_int_equal(parse("1" S CHAIN ADDRESSES "1000" S "80" S S S S "0" S S S WAY, 0),
		MPTCP_FRAME_OTHER);
	assert_int_equal(parse("1", 0), MPTCP_FRAME_OTHER);
	assert_int_equal(parse("", 0), MPTCP_FRAME_OTHER);
}

static void a_line_that_tshark_does_not_write_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(parse("tshark: something went wrong", 0), MPTCP_FRAME_BROKEN);
	assert_int_equal(parse("12:30" S CHAIN ADDRESSES TCP WAY, 0), MPTCP_FRAME_BROKEN);
	assert_int_equal(parse("99999999999999999999.0" S CHAIN ADDRESSES TCP WAY, 0),
		MPTCP_FRAME_BROKEN);
	assert_int_equal(parse("-" S CHAIN ADDRESSES TCP WAY, 0), MPTCP_FRAME_BROKEN);
}

static void more_than_forty_option_bytes_and_half_bytes_are_cut(void **state)
{
	char line[512] = "1" S CHAIN ADDRESSES TCP;
	(void)state;

	for (int i = 0; i < 60; i++)
		strcat(line, "01");
	strcat(line, WAY);
	assert_int_equal(parse(line, 0), MPTCP_FRAME_SEGMENT);
	assert_int_equal(frame.options_length, 40);
	assert_int_equal(parse("1" S CHAIN ADDRESSES TCP "01020" WAY, 0), MPTCP_FRAME_SEGMENT);
	assert_int_equal(frame.options_length, 2);
}

static void additional_fields_come_behind(void **state)
{
	(void)state;
	assert_int_equal(parse("1" S CHAIN ADDRESSES TCP WAY "eth0" S "first" S S "third", 3),
		MPTCP_FRAME_SEGMENT);
	assert_int_equal(frame.extras, 3);
	assert_int_equal(frame.extra[0].length, 5);
	assert_memory_equal(frame.extra[0].bytes, "first", 5);
	assert_int_equal(frame.extra[1].length, 0);
	assert_memory_equal(frame.extra[2].bytes, "third", 5);
}

static void the_capture_tells_direction_and_interface(void **state)
{
	(void)state;
	assert_int_equal(parse("1" S CHAIN ADDRESSES TCP WAY, 0), MPTCP_FRAME_SEGMENT);
	assert_false(frame.has_direction);
	assert_int_equal(frame.interface_id, 0);
	assert_int_equal(parse("1" S CHAIN ADDRESSES TCP S "4" S S "7" S "0" S, 0),
		MPTCP_FRAME_SEGMENT);
	assert_true(frame.has_direction);
	assert_int_equal(frame.direction, MPTCP_OUT);
	assert_int_equal(frame.interface_id, 7); /* the kernel's, not the file's */
	assert_int_equal(parse("1" S CHAIN ADDRESSES TCP S "0" S S S S, 0), MPTCP_FRAME_SEGMENT);
	assert_true(frame.has_direction);
	assert_int_equal(frame.direction, MPTCP_IN);
	assert_int_equal(parse("1" S CHAIN ADDRESSES TCP S "3" S S S S, 0), MPTCP_FRAME_SEGMENT);
	assert_false(frame.has_direction); /* between two other hosts */
	assert_int_equal(parse("1" S CHAIN ADDRESSES TCP S S "0x00000002" S S "1" S, 0),
		MPTCP_FRAME_SEGMENT);
	assert_true(frame.has_direction);
	assert_int_equal(frame.direction, MPTCP_OUT);
	assert_int_equal(frame.interface_id, 1);
	assert_int_equal(parse("1" S CHAIN ADDRESSES TCP S S "0x00000000" S S "1" S, 0),
		MPTCP_FRAME_SEGMENT);
	assert_false(frame.has_direction);
}

static void fewer_option_bytes_than_the_header_has_are_a_cut_header(void **state)
{
	const char *start = "1" S CHAIN ADDRESSES "1000" S "80" S "0x12" S "1" S "7" S "0" S "1" S;
	char line[256];
	(void)state;

	snprintf(line, sizeof(line), "%s24" S "020405b4" WAY, start);
	assert_int_equal(parse(line, 0), MPTCP_FRAME_SEGMENT);
	assert_false(frame.options_cut);
	snprintf(line, sizeof(line), "%s28" S "020405b4" WAY, start);
	assert_int_equal(parse(line, 0), MPTCP_FRAME_SEGMENT);
	assert_true(frame.options_cut);
	snprintf(line, sizeof(line), "%s24" S "<MISSING>" WAY, start);
	assert_int_equal(parse(line, 0), MPTCP_FRAME_SEGMENT);
	assert_true(frame.options_cut);
}

static void interface_names_stay_and_may_hold_a_separator(void **state)
{
	const char *line = "1" S CHAIN ADDRESSES TCP WAY "odd" S "name";
	(void)state;

	assert_int_equal(parse(line, 0), MPTCP_FRAME_SEGMENT);
	assert_int_equal(frame.interface.length, 8);
	const char *name = frame.interface.bytes;
	assert_ptr_not_equal(name, line + strlen(line) - 8);
	assert_int_equal(parse("1" S CHAIN ADDRESSES TCP WAY "odd", 0),
		MPTCP_FRAME_SEGMENT); /* one that begins like it */
	assert_int_equal(frame.interface.length, 3);
	assert_ptr_not_equal(frame.interface.bytes, name);
	assert_int_equal(parse(line, 0), MPTCP_FRAME_SEGMENT);
	assert_ptr_equal(frame.interface.bytes, name);
	assert_int_equal(parse("1" S CHAIN ADDRESSES TCP WAY "unknown", 0),
		MPTCP_FRAME_SEGMENT); /* tshark's word for none */
	assert_int_equal(frame.interface.length, 0);
	mptcp_interned_free(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_segment_has_all_its_values),
		cmocka_unit_test(flags_of_tshark_3_4_and_short_fractions_are_read),
		cmocka_unit_test(the_ip_header_next_to_the_last_tcp_header_counts),
		cmocka_unit_test(the_last_of_several_segments_is_taken_whole),
		cmocka_unit_test(what_is_no_segment_gives_its_time_only),
		cmocka_unit_test(a_line_that_tshark_does_not_write_is_an_error),
		cmocka_unit_test(more_than_forty_option_bytes_and_half_bytes_are_cut),
		cmocka_unit_test(additional_fields_come_behind),
		cmocka_unit_test(the_capture_tells_direction_and_interface),
		cmocka_unit_test(fewer_option_bytes_than_the_header_has_are_a_cut_header),
		cmocka_unit_test(interface_names_stay_and_may_hold_a_separator),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
