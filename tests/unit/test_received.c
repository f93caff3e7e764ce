/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a host that has reset a subflow still receives on it: nothing. */
#include "received.h"
#include "packet_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
	struct mptcp_received received;
	uint64_t packetid;
};

/* The next packet; its number. */
static uint64_t add(struct fixture *fixture, enum mptcp_role dest, uint16_t flags)
{
	struct mptcp_packet packet = build_tcp(7, dest, flags, 0, 0);
	struct mptcp_error error;

	packet.packetid = ++fixture->packetid;
	assert_int_equal(mptcp_received_add(&fixture->received, &packet, &error), 0);
	return packet.packetid;
}

static bool has(const struct fixture *fixture, enum mptcp_role dest, uint64_t packetid)
{
	return mptcp_received_has(&fixture->received, 7, dest, packetid);
}

static void what_comes_after_the_reset_is_not_received(void **state)
{
	struct fixture fixture = {0};
	uint64_t before = add(&fixture, MPTCP_CLIENT, MPTCP_ACK);
	uint64_t back = add(&fixture, MPTCP_SERVER, MPTCP_RST);
	uint64_t after = add(&fixture, MPTCP_CLIENT, MPTCP_ACK);

	(void)state;
	add(&fixture, MPTCP_SERVER, MPTCP_RST);
	assert_true(has(&fixture, MPTCP_CLIENT, before));
	assert_false(has(&fixture, MPTCP_CLIENT, after));
	assert_true(has(&fixture, MPTCP_SERVER, back));
	assert_true(mptcp_received_has(&fixture.received, 8, MPTCP_CLIENT, after));
	mptcp_received_clear(&fixture.received);
}

static void what_a_closed_host_answers_with_a_reset_is_not_received(void **state)
{
	struct fixture fixture = {0};
	uint64_t before = add(&fixture, MPTCP_CLIENT, MPTCP_ACK), after;

	(void)state;
	add(&fixture, MPTCP_SERVER, MPTCP_ACK | MPTCP_FIN);
	after = add(&fixture, MPTCP_CLIENT, MPTCP_ACK);
	add(&fixture, MPTCP_SERVER, MPTCP_RST);
	assert_true(has(&fixture, MPTCP_CLIENT, before));
	assert_false(has(&fixture, MPTCP_CLIENT, after));
	mptcp_received_clear(&fixture.received);
}

static void a_host_that_goes_on_has_not_reset_anything(void **state)
{
	struct fixture fixture = {0};
	uint64_t between;

	(void)state;
	add(&fixture, MPTCP_SERVER, MPTCP_RST);
	between = add(&fixture, MPTCP_CLIENT, MPTCP_ACK);
	assert_false(has(&fixture, MPTCP_CLIENT, between));
	add(&fixture, MPTCP_SERVER, MPTCP_ACK);
	assert_true(has(&fixture, MPTCP_CLIENT, between));
	mptcp_received_clear(&fixture.received);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_after_the_reset_is_not_received),
		cmocka_unit_test(what_a_closed_host_answers_with_a_reset_is_not_received),
		cmocka_unit_test(a_host_that_goes_on_has_not_reset_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
