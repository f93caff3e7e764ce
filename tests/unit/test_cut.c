/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cut: headers that the snap length cut, and the snap length that would do. */
#include "cut.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

static struct mptcp_frame frame_of(const char *chain, uint32_t captured, uint8_t options)
{
	return (struct mptcp_frame){.protocols = {chain, strlen(chain)},
		.captured = captured,
		.original = 1500,
		.options_length = options,
		.options_cut = true};
}

/* What is enough after one frame; 0: it was not cut. */
static uint32_t enough(const char *chain, uint32_t captured, int options, uint32_t linktype)
{
	struct mptcp_frame frame = frame_of(chain, captured, options < 0 ? 0 : (uint8_t)options);
	struct mptcp_cut cut = {0};

	mptcp_cut_see(&cut, &frame, options >= 0, linktype);
	assert_int_equal(cut.cut, cut.enough > 0);
	assert_int_equal(cut.captured, cut.cut ? captured : 0);
	return cut.enough;
}

static void the_longest_header_has_to_fit_in(void **state)
{
	(void)state;
	/* cut among the options of TCP, -1: before them */
	assert_int_equal(enough("eth:ethertype:ip:tcp", 60, 6, 1), 94);
	assert_int_equal(enough("eth:ethertype:ipv6:tcp", 96, 22, 1), 114);
	assert_int_equal(enough("eth:ethertype:ipv6:tcp", 62, -1, 1), 114);
	assert_int_equal(enough("eth:ethertype:ipv6", 40, -1, 1), 114);
	assert_int_equal(enough("sll:ethertype:ip:tcp", 96, 36, 276), 100);
	assert_int_equal(enough("eth:ethertype:vlan:ethertype:ip:tcp", 50, -1, 1), 98);
	assert_int_equal(enough("raw:ip:tcp", 30, -1, 101), 80);
	/* options of IP, which the chain does not show */
	assert_int_equal(enough("eth:ethertype:ip:tcp", 70, 4, 1), 106);
}

static void what_is_no_header_of_tcp_is_not_counted(void **state)
{
	(void)state;
	assert_int_equal(enough("eth:ethertype:arp", 60, -1, 1), 0);
	assert_int_equal(enough("eth:ethertype:ip:udp:data", 60, -1, 1), 0);
	assert_int_equal(enough("eth:ethertype:ip:icmp:ip:tcp", 60, -1, 1), 0);
}

static void a_frame_that_was_captured_whole_is_not_cut(void **state)
{
	struct mptcp_frame frame = frame_of("eth:ethertype:ip:tcp", 1500, 0);
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct mptcp_cut cut = {0};
	(void)state;

	mptcp_cut_see(&cut, &frame, true, 1); /* its header length is a lie */
	assert_false(frame.options_cut);
	frame.captured = frame.original = 0; /* live: all there is */
	frame.options_cut = true;
	mptcp_cut_see(&cut, &frame, true, UINT32_MAX);
	assert_false(frame.options_cut);
	assert_int_equal(cut.headers, 2);
	assert_int_equal(cut.cut, 0);
	assert_int_equal(mptcp_cut_text(&cut, &text), 0);
	assert_int_equal(text.length, 0);
}

static void one_line_says_how_many_and_what_would_do(void **state)
{
	struct mptcp_frame cut_one = frame_of("eth:ethertype:ip:tcp", 60, 6), whole = cut_one;
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	struct mptcp_cut cut = {0};
	(void)state;

	whole.options_cut = false; /* only its payload is cut */
	mptcp_cut_see(&cut, &whole, true, 1);
	mptcp_cut_see(&cut, &cut_one, true, 1);
	assert_true(cut_one.options_cut);
	assert_int_equal(mptcp_cut_text(&cut, &text), 0);
	assert_string_equal(text.bytes,
		"1 of 2 TCP headers are cut by the snap length of 60 bytes: options are unknown; "
		"capture with at least 94 bytes (-s 94)");
	mptcp_buffer_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_header_has_to_fit_in),
		cmocka_unit_test(what_is_no_header_of_tcp_is_not_counted),
		cmocka_unit_test(a_frame_that_was_captured_whole_is_not_cut),
		cmocka_unit_test(one_line_says_how_many_and_what_would_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
