/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a tool says of an empty result, from the packets that it has read. */
#include "census.h"

#include "packet_builder.h"
#include "units.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct census census;
static struct mptcp_selection selection;

static int begin(void **state)
{
	(void)state;
	census = (struct census){0};
	selection = (struct mptcp_selection){0};
	return 0;
}

static int end(void **state)
{
	(void)state;
	census_clear(&census);
	mptcp_selection_clear(&selection);
	return 0;
}

/* A packet of a connection with so many bytes of payload, at a time in seconds. */
static void add(uint32_t mptcpstream, uint32_t tcpstream, enum mptcp_role to, uint32_t length,
	int64_t seconds)
{
	struct mptcp_packet packet = build_mptcp(mptcpstream, tcpstream, to, 0);

	packet.tcplen = length;
	packet.reltime = seconds * MPTCP_SECOND;
	census_add(&census, &selection, &packet);
}

static void add_plain(uint32_t tcpstream, unsigned flags)
{
	struct mptcp_packet packet = build_tcp(tcpstream, MPTCP_SERVER, flags, 0, 0);

	census_add(&census, &selection, &packet);
}

static void expect(const char *nothing, const char *expected)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	assert_int_equal(census_text(&census, &selection, nothing, &text), 0);
	assert_string_equal(text.bytes, expected);
	mptcp_buffer_clear(&text);
}

static void regular_tcp_is_counted_once_and_its_syns_are_looked_at(void **state)
{
	(void)state;
	expect("no subflow", "no TCP packets");
	add_plain(3, MPTCP_ACK);
	expect("no subflow",
		"no MPTCP connection; 1 TCP connection, no SYN was captured (mptcp-lt lists it)");
	add_plain(3, MPTCP_ACK);
	add_plain(4, MPTCP_SYN);
	expect("no subflow",
		"no MPTCP connection; 2 TCP connections, no SYN asks for MPTCP "
		"(mptcp-lt lists them)");
	census.asking = 1;
	expect("no subflow",
		"no MPTCP connection; 2 TCP connections, 1 SYN asks for MPTCP "
		"(mptcp-lt lists them)");
}

static void a_number_that_is_missing_is_told_with_those_there_are(void **state)
{
	(void)state;
	add(2, 5, MPTCP_SERVER, 0, 0);
	selection.has_mptcpstream = true;
	selection.mptcpstream = 9;
	expect("no subflow", "no connection 9; there is only 2");
	add(3, 6, MPTCP_SERVER, 0, 0);
	expect("no subflow", "no connection 9; there are 2 to 3");
	add(8, 11, MPTCP_SERVER, 0, 0);
	expect("no subflow", "no connection 9; there are 3 from 2 to 8");
	selection.has_mptcpstream = false;
	selection.has_tcpstream = true;
	selection.tcpstream = 7;
	add_plain(12, MPTCP_SYN);
	expect("no subflow", "no TCP connection 7; there are 4 from 5 to 12");
}

static void a_tcp_connection_of_another_kind_is_told(void **state)
{
	(void)state;
	add(2, 5, MPTCP_SERVER, 0, 0);
	add(3, 6, MPTCP_SERVER, 0, 0);
	add_plain(7, MPTCP_SYN);
	selection.has_tcpstream = true;
	selection.tcpstream = 7;
	expect("no subflow",
		"TCP connection 7 is not part of an MPTCP connection (mptcp-lt lists it)");
	selection.has_mptcpstream = true;
	selection.mptcpstream = 2;
	selection.tcpstream = 6;
	expect("no subflow", "TCP connection 6 belongs to connection 3, not 2 (-m 3)");
}

static void what_skip_leaves_out_is_told_only_if_it_is_all(void **state)
{
	(void)state;
	add(2, 5, MPTCP_SERVER, 0, 0);
	add(2, 6, MPTCP_SERVER, 1, 0);
	add(3, 7, MPTCP_SERVER, 0, 0);
	assert_int_equal(mptcp_selection_skip(&selection, 5), 0);
	assert_int_equal(mptcp_selection_skip(&selection, 5), 0);
	expect("no event", "no event; 3 packets in 2 MPTCP connections, 1 with data");
	assert_int_equal(mptcp_selection_skip(&selection, 6), 0);
	selection.has_mptcpstream = true;
	selection.mptcpstream = 2;
	expect("no event", "no event; --skip leaves out all 2 TCP connections");
	selection.has_tcpstream = true;
	selection.tcpstream = 6;
	expect("no event", "no event; --skip leaves out the only TCP connection");
}

static void a_period_is_told_with_the_time_that_there_is(void **state)
{
	(void)state;
	selection.has_from = true;
	selection.from = 5 * MPTCP_SECOND / 2;
	add(0, 0, MPTCP_SERVER, 1, 2);
	expect("no event", "no event from 2.5 s on; the packets are from 0 s to 2 s");
	selection.has_to = true;
	selection.to = 10 * MPTCP_SECOND;
	census_refuse(&census, &selection, MPTCP_SERVER, 2 * MPTCP_SECOND);
	expect("no event", "no event from 2.5 s to 10 s; at other times there is 1");
	selection.has_from = false;
	selection.to = 1;
	expect("no event", "no event before 0.000000001 s; at other times there is 1");
}

static void a_direction_is_told_with_what_goes_the_other_way(void **state)
{
	(void)state;
	selection.has_destination = true;
	selection.destination = MPTCP_CLIENT;
	add(0, 0, MPTCP_SERVER, 1, 0);
	add(0, 0, MPTCP_SERVER, 1, 1);
	add(0, 0, MPTCP_CLIENT, 0, 1);
	expect("nothing to draw",
		"nothing to draw to the client; 2 data packets go to the server (-d server)");
	census_refuse(&census, &selection, MPTCP_SERVER, 0);
	expect("no event", "no event to the client; 1 goes to the server (-d server)");
	selection.destination = MPTCP_SERVER;
	expect("no event", "no event; 3 packets in 1 MPTCP connection, 2 with data");
}

static void a_story_has_connections_that_were_not_added(void **state)
{
	struct mptcp_story story = {0};
	struct mptcp_packet packet = build_mptcp(4, 1, MPTCP_SERVER, MPTCP_SYN);
	struct mptcp_error error;

	(void)state;
	packet.abstime = 7 * MPTCP_SECOND;
	assert_int_equal(mptcp_story_add(&story, &packet, NULL, &error), 0);
	census_story(&census, &story, 4 * MPTCP_SECOND);
	census_story(&census, &story, 4 * MPTCP_SECOND);
	expect("no event", "no event; 1 MPTCP connection");
	selection.has_from = true;
	selection.from = 8 * MPTCP_SECOND;
	expect("no event", "no event from 8 s on; the packets are from 0 s to 3 s");
	mptcp_story_clear(&story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			regular_tcp_is_counted_once_and_its_syns_are_looked_at, begin, end),
		cmocka_unit_test_setup_teardown(
			a_number_that_is_missing_is_told_with_those_there_are, begin, end),
		cmocka_unit_test_setup_teardown(a_tcp_connection_of_another_kind_is_told, begin,
			end),
		cmocka_unit_test_setup_teardown(what_skip_leaves_out_is_told_only_if_it_is_all,
			begin, end),
		cmocka_unit_test_setup_teardown(a_period_is_told_with_the_time_that_there_is, begin,
			end),
		cmocka_unit_test_setup_teardown(a_direction_is_told_with_what_goes_the_other_way,
			begin, end),
		cmocka_unit_test_setup_teardown(a_story_has_connections_that_were_not_added, begin,
			end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
