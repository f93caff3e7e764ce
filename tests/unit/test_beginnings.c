/* SPDX-License-Identifier: GPL-2.0-or-later */
/* beginnings: when each connection begins. */
#include "beginnings.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void add(struct mptcp_beginnings *beginnings, int64_t time, int tcpstream, int mptcpstream)
{
	struct mptcp_packet packet = {.abstime = time, .present = MPTCP_HAS(abstime)};
	struct mptcp_error error;

	if (tcpstream >= 0) {
		packet.tcpstream = (uint32_t)tcpstream;
		packet.present |= MPTCP_HAS(tcpstream);
	}
	if (mptcpstream >= 0) {
		packet.mptcpstream = (uint32_t)mptcpstream;
		packet.present |= MPTCP_HAS(mptcpstream);
	}
	assert_int_equal(mptcp_beginnings_add(beginnings, &packet, &error), 0);
}

static void a_connection_begins_with_its_first_packet_on_any_subflow(void **state)
{
	struct mptcp_beginnings beginnings = {0};

	(void)state;
	add(&beginnings, 100, 0, 7);
	add(&beginnings, 110, 1, -1);
	add(&beginnings, 120, 2, 7);
	add(&beginnings, 130, 1, -1);
	add(&beginnings, 140, -1, -1);
	add(&beginnings, 150, 7, -1);
	add(&beginnings, 160, 3, 70000);
	assert_int_equal(mptcp_beginnings_connection(&beginnings, 7), 100);
	assert_int_equal(mptcp_beginnings_connection(&beginnings, 70000), 160);
	assert_int_equal(mptcp_beginnings_connection(&beginnings, 1), 0);
	assert_int_equal(mptcp_beginnings_stream(&beginnings, 1), 110);
	/* a stream and a connection of the same number are not the same */
	assert_int_equal(mptcp_beginnings_stream(&beginnings, 7), 150);
	assert_int_equal(mptcp_beginnings_stream(&beginnings, 0), 0);
	mptcp_beginnings_clear(&beginnings);
	assert_int_equal(mptcp_beginnings_connection(&beginnings, 7), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_begins_with_its_first_packet_on_any_subflow),
	};

	return cmocka_run_group_tests_name("beginnings", tests, NULL, NULL);
}
