/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tracker keeps does not grow with the capture. */
#include "scenario.h"

#include <malloc.h>

/* Bytes of memory in use. */
#ifdef __SANITIZE_ADDRESS__
size_t __sanitizer_get_current_allocated_bytes(void);
static size_t memory_in_use(void)
{
	return __sanitizer_get_current_allocated_bytes();
}
#else
static size_t memory_in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}
#endif

static void run_through(struct mptcp_tracker *tracker, struct mptcp_frame *frame)
{
	static uint64_t number;
	struct mptcp_packet packet;
	struct mptcp_error error;

	frame->number = ++number;
	assert_int_equal(mptcp_tracker_take(tracker, frame, 0, &error), 0);
	while (mptcp_tracker_next(tracker, false, &packet, &error) == 1)
		if (packet.tcplen)
			assert_true(mptcp_packet_has(&packet, MPTCP_COLUMN_dsn));
}

/*
 * `count` data packets on two subflows in turn, so that no mapping goes on where the last one
 * ended, each acknowledged on both levels. `begin` is the subflow sequence number where the capture
 * begins. Returns the memory after half and after all.
 */
static void long_stream(uint32_t count, uint32_t begin, bool handshake, size_t *half, size_t *all)
{
	static const struct path *const paths[] = {&path_a, &path_b};
	struct mptcp_error error;
	struct mptcp_tracker *tracker = mptcp_tracker_new(&error);

	assert_non_null(tracker);
	if (handshake) {
		open_v1(&path_a);
		join(&path_b, SERVER_TOKEN_V1);
		for (size_t i = 0; i < frame_count; i++)
			run_through(tracker, &frames[i]);
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct path *path = paths[i % 2];
		uint32_t sequence = begin + i / 2 * 1000;
		uint64_t dsn = CLIENT_IDSN_V1 + 1 + (uint64_t)i * 1000;
		struct mptcp_frame frame = make_frame(path, OPENER, MPTCP_ACK, sequence, 1, 1000);

		put_dss(&frame,
			(struct dss){.dsn_size = 8, .dsn = dsn, .ssn = sequence, .length = 1000});
		run_through(tracker, &frame);
		frame = make_frame(path, LISTENER, MPTCP_ACK, 1, sequence + 1000, 0);
		put_dss(&frame, (struct dss){.ack_size = 8, .ack = dsn + 1000});
		run_through(tracker, &frame);
		if (i == count / 2)
			*half = memory_in_use();
	}
	*all = memory_in_use();
	mptcp_tracker_free(tracker);
}

static void memory_does_not_grow_with_acknowledged_data(void **state)
{
	size_t half = 0, all = 0;

	(void)state;
	long_stream(400000, 1, true, &half, &all);
	assert_in_range(all, 0, half + half / 10);
}

static void memory_does_not_grow_in_a_capture_from_the_middle(void **state)
{
	size_t half = 0, all = 0;

	(void)state;
	long_stream(400000, 500000000, false, &half, &all);
	assert_in_range(all, 0, half + half / 10);
}

/* Millions of SYN/ACKs, each with another key. */
static void memory_does_not_grow_with_the_keys_of_a_connection(void **state)
{
	struct mptcp_error error;
	struct mptcp_tracker *tracker = mptcp_tracker_new(&error);
	size_t early = 0;

	(void)state;
	assert_non_null(tracker);
	for (uint64_t key = 1; key <= 200000; key++) {
		frame_count = 0;
		segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
		capable(1, key, 0, 0);
		run_through(tracker, &frames[0]);
		segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
		capable(1, key << 32, key << 33, 0);
		run_through(tracker, &frames[1]);
		if (key == 20000)
			early = memory_in_use();
	}
	assert_in_range(memory_in_use(), 0, early + early / 10);
	mptcp_tracker_free(tracker);
}

#define SCENARIO(test) cmocka_unit_test_setup(test, begin_scenario)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENARIO(memory_does_not_grow_with_acknowledged_data),
		SCENARIO(memory_does_not_grow_in_a_capture_from_the_middle),
		SCENARIO(memory_does_not_grow_with_the_keys_of_a_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
