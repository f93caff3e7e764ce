/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What limits a sender, in a capture at its host: data goes to the client over subflows 0 and 1,
 * whose round trip is 100 ms; times are milliseconds. */
#include "limit.h"

#include "options.h"
#include "packet_builder.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MS (MPTCP_SECOND / 1000)
#define MSS 1000

static struct mptcp_limits limits;
static struct mptcp_limits_row row; /* of the data to the client */
static uint64_t number, dsn;
static uint32_t next[2]; /* sequence number, by subflow */
static uint32_t window;

static void add(double ms, struct mptcp_packet packet)
{
	struct mptcp_error error;

	packet.abstime = packet.reltime = (int64_t)(ms * (double)MS);
	packet.packetid = ++number;
	packet.present |= MPTCP_HAS(rwnd);
	packet.rwnd = window;
	assert_int_equal(mptcp_limits_add(&limits, &packet, &error), 0);
}

static void step(double ms, uint32_t stream, enum mptcp_role to, unsigned flags)
{
	struct mptcp_packet packet = build_mptcp(0, stream, to, flags);

	packet.present |= MPTCP_HAS(subtype) | MPTCP_HAS(options) |
		(flags & MPTCP_ACK ? MPTCP_HAS(tcpack) : 0);
	packet.subtype = stream ? 1U << MPTCP_MP_JOIN : 1U << MPTCP_MP_CAPABLE;
	packet.tcpseq = flags & MPTCP_SYN ? 0 : 1;
	packet.tcpack = 1;
	const char *options = stream ? "1e0c1001ccad45acaabbccdd" : "1e0c01011112131415161718";
	packet.options = (struct mptcp_text){options, strlen(options)};
	add(ms, packet);
}

static void handshake(double ms, uint32_t stream)
{
	step(ms, stream, MPTCP_SERVER, MPTCP_SYN);
	step(ms, stream, MPTCP_CLIENT, MPTCP_SYN | MPTCP_ACK);
	step(ms + 100, stream, MPTCP_SERVER, MPTCP_ACK);
	next[stream] = 1;
}

static int begin(void **state)
{
	(void)state;
	limits = (struct mptcp_limits){.interval = -1};
	number = 0;
	dsn = 1;
	window = 4 * MSS; /* it only grows */
	handshake(0, 0);
	window = 1000000;
	return 0;
}

static int finish(void **state)
{
	(void)state;
	mptcp_limits_clear(&limits);
	return 0;
}

/* `length` bytes of new data. */
static void data(double ms, uint32_t stream, uint32_t length)
{
	struct mptcp_packet packet = build_mptcp(0, stream, MPTCP_CLIENT, MPTCP_ACK);

	packet.present |= MPTCP_HAS(dsn) | MPTCP_HAS(tcpack);
	packet.tcpseq = next[stream];
	packet.tcpack = 1;
	packet.tcplen = length;
	packet.dsn = dsn;
	next[stream] += length;
	dsn += length;
	add(ms, packet);
}

static void acknowledge(double ms, uint32_t stream, uint32_t ack, uint64_t dack)
{
	struct mptcp_packet packet = build_mptcp(0, stream, MPTCP_SERVER, MPTCP_ACK);

	packet.present |= MPTCP_HAS(tcpack) | MPTCP_HAS(dack) | MPTCP_HAS(dack_raw);
	packet.tcpseq = 1;
	packet.tcpack = ack;
	packet.dack = packet.dack_raw = dack;
	add(ms, packet);
}

static int take(void *context, const struct mptcp_limits_row *from, struct mptcp_error *error)
{
	(void)context;
	(void)error;
	if (from->dest == MPTCP_CLIENT)
		row = *from;
	return 0;
}

static void end(void)
{
	const struct mptcp_limits_taker taker = {.put = take};
	struct mptcp_error error;

	row = (struct mptcp_limits_row){.length = -1};
	assert_int_equal(mptcp_limits_end(&limits, &error), 0);
	assert_int_equal(mptcp_limits_rows(&limits, &taker, &error), 0);
	assert_true(row.length >= 0);
}

static void assert_share(enum mptcp_limit limit, double share)
{
	if (fabs(row.share[limit] - share) > 0.02)
		fail_msg("%s: %f, not %f", mptcp_limit_name(limit), row.share[limit], share);
}

/* Four segments on subflow 0, ten times, each time acknowledged after a round trip. */
static void send_rounds(double ms)
{
	for (int round = 0; round < 10; round++, ms += 100) {
		for (int i = 0; i < 4; i++)
			data(ms + i * 0.01, 0, MSS);
		acknowledge(ms + 99.95, 0, next[0], dsn);
	}
}

static void test_window(void **state)
{
	(void)state;
	window = 4 * MSS;
	acknowledge(100.5, 0, 1, 1);
	send_rounds(101);
	end();
	assert_int_equal(row.main, MPTCP_LIMIT_MPTCP_WINDOW);
	assert_share(MPTCP_LIMIT_MPTCP_WINDOW, 1);
	assert_int_equal(row.bytes, 40 * MSS);
	assert_true(row.sure);
	assert_int_equal(row.vantage, MPTCP_LIMITS_AT_SENDER);
}

/* A sender that paces out what each acknowledgement frees of a full window: for most of the time it
 * has room, and for none of it the application is the limit. */
static void test_paced_window(void **state)
{
	(void)state;
	window = 50 * MSS;
	acknowledge(100.5, 0, 1, 1);
	for (int tick = 0; tick < 2500; tick++) {
		if (tick >= 50)
			acknowledge(200 + 2 * tick - 1.5, 0, next[0] - 49 * MSS, dsn - 49 * MSS);
		data(200 + 2 * tick, 0, MSS);
	}
	end();
	assert_int_equal(row.main, MPTCP_LIMIT_MPTCP_WINDOW);
	assert_true(
		row.share[MPTCP_LIMIT_MPTCP_WINDOW] > 0.7); /* until no path looks busy: network */
	assert_share(MPTCP_LIMIT_APP_PACED, 0);
}

/* A stack that gives each subflow a window of its own: the first is full, the connection's is not.
 */
static void test_subflow_window(void **state)
{
	(void)state;
	handshake(100, 1);
	window = 1000000;
	acknowledge(200.5, 1, 1, 1);
	window = 4 * MSS;
	acknowledge(200.6, 0, 1, 1);
	send_rounds(201);
	end();
	assert_int_equal(row.main, MPTCP_LIMIT_SUBFLOW_WINDOW);
	assert_share(MPTCP_LIMIT_SUBFLOW_WINDOW, 1);
}

static void test_idle(void **state)
{
	(void)state;
	acknowledge(100.5, 0, 1, 1);
	for (int round = 0; round < 4; round++) {
		data(200 + 1000 * round, 0, MSS);
		acknowledge(300 + 1000 * round, 0, next[0], dsn);
	}
	end();
	assert_int_equal(row.length, 3100 * MS);
	assert_share(MPTCP_LIMIT_APP_IDLE, 2700.0 / 3100);
	assert_share(MPTCP_LIMIT_APP_PACED, 300.0 / 3100);
	assert_share(MPTCP_LIMIT_NETWORK, 100.0 / 3100); /* nothing follows the last */
}

/* Three segments every 20 ms, whose acknowledgements come between. */
static void test_paced(void **state)
{
	(void)state;
	acknowledge(100.5, 0, 1, 1);
	for (int tick = 0; tick < 200; tick++) {
		for (int i = 0; i < 3; i++)
			data(200 + 20 * tick + i * 0.01, 0, i < 2 ? MSS : 500);
		if (tick >= 5)
			acknowledge(200 + 20 * tick + 7, 0,
				next[0] - 4 * 2500 - (tick % 2 ? 0 : 500),
				dsn - 4 * 2500 - (tick % 2 ? 0 : 500));
	}
	end();
	assert_int_equal(row.main, MPTCP_LIMIT_APP_PACED);
	assert_true(row.share[MPTCP_LIMIT_APP_PACED] > 0.9);
}

/* Four segments a round trip, each sent when one is acknowledged. */
static void test_network(void **state)
{
	uint32_t acked = 1;

	(void)state;
	acknowledge(100.5, 0, 1, 1);
	for (int i = 0; i < 4; i++)
		data(200 + i, 0, MSS);
	/* the queue is long: every round trip is twice the shortest */
	for (int i = 0; i < 200; i++) {
		acked += MSS;
		acknowledge(400 + 50 * i, 0, acked, acked);
		data(400.05 + 50 * i, 0, MSS);
	}
	end();
	assert_int_equal(row.main, MPTCP_LIMIT_NETWORK);
	assert_true(row.share[MPTCP_LIMIT_NETWORK] > 0.95);
}

/* Subflow 1 is silent from the beginning: what the other brought waits for it. */
static void test_recovery(void **state)
{
	(void)state;
	handshake(100, 1);
	acknowledge(200.5, 0, 1, 1);
	data(201, 1, MSS);
	for (int i = 0; i < 4; i++)
		data(202 + i, 0, MSS);
	acknowledge(302, 0, 1 + 4 * MSS, 1);
	/* again, on the other subflow */
	uint64_t highest = dsn;
	dsn = 1;
	data(1201, 0, MSS);
	dsn = highest;
	acknowledge(1301, 0, next[0], dsn);
	end();
	assert_int_equal(row.length, 1100 * MS);
	assert_int_equal(row.main, MPTCP_LIMIT_RECOVERY);
	assert_share(MPTCP_LIMIT_RECOVERY, 900.0 / 1100); /* after two round trips */
	assert_true(row.has_culprit && row.culprit == 1);
	assert_int_equal(row.blocked, 999 * MS);
	assert_true(row.has_blocker && row.blocker == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_window, begin, finish),
		cmocka_unit_test_setup_teardown(test_paced_window, begin, finish),
		cmocka_unit_test_setup_teardown(test_subflow_window, begin, finish),
		cmocka_unit_test_setup_teardown(test_idle, begin, finish),
		cmocka_unit_test_setup_teardown(test_paced, begin, finish),
		cmocka_unit_test_setup_teardown(test_network, begin, finish),
		cmocka_unit_test_setup_teardown(test_recovery, begin, finish),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
