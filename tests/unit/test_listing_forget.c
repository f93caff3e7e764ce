/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listing_forget: what ended long ago goes, what is going on stays as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "listing_forget.h"
#include "options.h"

#define SECOND INT64_C(1000000000)
#define PRESENT \
	(MPTCP_HAS(mptcpstream) | MPTCP_HAS(tcpstream) | MPTCP_HAS(subtype) | MPTCP_HAS(datafin) | \
		MPTCP_HAS(dsn))

static struct mptcp_error failure;

/* A packet of the connection `number` at a second, to one of its ends, with `length` bytes. */
static void add(struct mptcp_listing *listing, uint32_t number, int64_t second, enum mptcp_role to,
	uint16_t flags, uint16_t options, bool fin, uint16_t length)
{
	struct mptcp_packet packet = {
		.present = PRESENT,
		.abstime = second * SECOND,
		.mptcpstream = number,
		.tcpstream = number,
		.tcpdest = to,
		.mptcpdest = to,
		.tcpflags = flags,
		.subtype = options,
		.datafin = fin,
		.tcplen = length,
		.dsn = 1,
	};

	assert_int_equal(mptcp_listing_add(listing, &packet, &failure), 0);
}

#define CAPABLE (1U << MPTCP_MP_CAPABLE)
#define DATA (1U << MPTCP_DSS)

static void open_connection(struct mptcp_listing *listing, uint32_t number, int64_t second)
{
	add(listing, number, second, MPTCP_SERVER, MPTCP_SYN, CAPABLE, false, 0);
	add(listing, number, second, MPTCP_CLIENT, MPTCP_SYN | MPTCP_ACK, CAPABLE, false, 0);
	add(listing, number, second, MPTCP_SERVER, MPTCP_ACK, CAPABLE, false, 0);
	add(listing, number, second, MPTCP_SERVER, MPTCP_ACK, DATA, false, 100);
}

static void close_connection(struct mptcp_listing *listing, uint32_t number, int64_t second)
{
	add(listing, number, second, MPTCP_SERVER, MPTCP_ACK, DATA, true, 0);
	add(listing, number, second, MPTCP_CLIENT, MPTCP_ACK, DATA, true, 0);
}

static void forget(struct mptcp_listing *listing)
{
	mptcp_listing_end(listing);
	assert_int_equal(mptcp_listing_forget(listing, &failure), 0);
}

static void a_closed_connection_goes_after_a_minute_with_its_subflow(void **state)
{
	struct mptcp_listing listing = {0};

	(void)state;
	open_connection(&listing, 0, 0);
	close_connection(&listing, 0, 0);
	open_connection(&listing, 1, 0);
	add(&listing, 1, 60, MPTCP_SERVER, MPTCP_ACK, DATA, false, 100);
	forget(&listing);
	assert_int_equal(listing.connection_count, 2);
	add(&listing, 1, 61, MPTCP_SERVER, MPTCP_ACK, DATA, false, 100);
	forget(&listing);
	assert_int_equal(listing.connection_count, 1);
	assert_int_equal(listing.subflow_count, 1);
	assert_null(mptcp_listing_connection(&listing, 0));
	assert_null(mptcp_listing_subflow(&listing, 0));
	assert_int_equal(mptcp_listing_connection(&listing, 1)->packets, 6);
	assert_int_equal(mptcp_listing_subflow(&listing, 1)->bytes[MPTCP_SERVER], 300);
	mptcp_listing_release(&listing);
}

static void a_silent_one_goes_after_an_hour(void **state)
{
	struct mptcp_listing listing = {0};

	(void)state;
	open_connection(&listing, 0, 0);
	open_connection(&listing, 1, 3600);
	forget(&listing);
	assert_int_equal(listing.connection_count, 2);
	add(&listing, 1, 3601, MPTCP_SERVER, MPTCP_ACK, DATA, false, 100);
	forget(&listing);
	assert_int_equal(listing.connection_count, 1);
	assert_int_equal(listing.connections[0].mptcpstream, 1);
	mptcp_listing_release(&listing);
}

static void what_comes_after_all_begins_anew(void **state)
{
	struct mptcp_listing listing = {0};

	(void)state;
	open_connection(&listing, 0, 0);
	close_connection(&listing, 0, 0);
	open_connection(&listing, 1, 100);
	forget(&listing);
	add(&listing, 0, 101, MPTCP_SERVER, MPTCP_ACK, DATA, false, 100);
	mptcp_listing_end(&listing);
	assert_int_equal(listing.connection_count, 2);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->packets, 1);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->state, MPTCP_STATE_PARTIAL);
	mptcp_listing_release(&listing);
}

static void a_listing_keeps_its_size_however_many_connections_come(void **state)
{
	struct mptcp_listing listing = {0};

	(void)state;
	for (uint32_t number = 0; number < 100000; number++) {
		open_connection(&listing, number, number);
		close_connection(&listing, number, number);
		if (number % 10 == 0)
			forget(&listing);
	}
	assert_in_range(listing.connection_count, 60, 72);
	assert_in_range(listing.connection_capacity, 60, 256);
	assert_in_range(listing.subflow_capacity, 60, 256);
	mptcp_listing_release(&listing);
}

static void an_empty_listing(void **state)
{
	struct mptcp_listing listing = {0};

	(void)state;
	forget(&listing);
	assert_int_equal(listing.connection_count, 0);
	mptcp_listing_release(&listing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_closed_connection_goes_after_a_minute_with_its_subflow),
		cmocka_unit_test(a_silent_one_goes_after_an_hour),
		cmocka_unit_test(what_comes_after_all_begins_anew),
		cmocka_unit_test(a_listing_keeps_its_size_however_many_connections_come),
		cmocka_unit_test(an_empty_listing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
