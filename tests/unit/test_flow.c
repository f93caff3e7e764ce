/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP connections: their numbers, ends, initial sequence numbers and positions. */
#include "flow.h"

#include "scenario.h"

static struct mptcp_flows *flows;
static unsigned from;

static int new_flows(void **state)
{
	begin_scenario(state);
	flows = mptcp_flows_new();
	return flows ? 0 : -1;
}

static int release_flows(void **state)
{
	(void)state;
	mptcp_flows_free(flows);
	return 0;
}

static struct mptcp_flow *learn(const struct path *path, unsigned end, unsigned flags,
	uint32_t sequence, uint32_t ack)
{
	struct mptcp_frame frame = make_frame(path, end, flags, sequence, ack, 0);
	struct mptcp_options options;

	mptcp_options_parse(&options, frame.options, 0, flags);
	struct mptcp_flow *flow = mptcp_flows_learn(flows, &frame, &options, &from);
	assert_non_null(flow);
	return flow;
}

static void both_directions_are_one_flow_and_flows_count_from_zero(void **state)
{
	(void)state;
	struct mptcp_flow *a = learn(&path_a, OPENER, MPTCP_SYN, 0, 0);
	unsigned opener = from;

	assert_ptr_equal(learn(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1), a);
	assert_int_equal(from, !opener);
	struct mptcp_flow *b = learn(&path_b, OPENER, MPTCP_SYN, 0, 0);
	assert_int_equal(a->number, 0);
	assert_int_equal(b->number, 1);
	assert_ptr_equal(a->next, b);
	assert_null(b->next);
	assert_int_equal(a->client, opener);
	assert_true(a->client_known);
	assert_int_equal(a->ends[opener].isn, path_a.isn[OPENER]);
	assert_int_equal(a->ends[!opener].isn, path_a.isn[LISTENER]);
	assert_int_equal(a->ends[opener].port, 40000);
}

static void ports_tell_flows_between_the_same_hosts_apart(void **state)
{
	static const struct path other = {1, {40009, 443}, {1, 2}};
	static const struct path swapped = {1, {443, 40000}, {1, 2}};

	(void)state;
	struct mptcp_flow *flow = learn(&path_a, OPENER, MPTCP_SYN, 0, 0);
	assert_ptr_not_equal(learn(&other, OPENER, MPTCP_SYN, 0, 0), flow);
	assert_ptr_not_equal(learn(&swapped, OPENER, MPTCP_SYN, 0, 0), flow);
}

static void a_syn_sent_again_is_the_same_flow_another_isn_is_a_new_one(void **state)
{
	(void)state;
	struct mptcp_flow *flow = learn(&path_a, OPENER, MPTCP_SYN, 0, 0);

	assert_ptr_equal(learn(&path_a, OPENER, MPTCP_SYN, 0, 0), flow);
	struct mptcp_flow *again = learn(&path_a, OPENER, MPTCP_SYN, 77, 0);
	assert_ptr_not_equal(again, flow);
	assert_int_equal(again->number, 1);
	assert_ptr_equal(learn(&path_a, LISTENER, MPTCP_ACK, 1, 78), again);
}

static void a_late_syn_belongs_to_the_flow_and_corrects_it(void **state)
{
	(void)state;
	struct mptcp_flow *flow = learn(&path_a, OPENER, MPTCP_ACK, 500, 1);
	unsigned opener = from;

	assert_int_equal(flow->ends[opener].isn, path_a.isn[OPENER] + 499);
	assert_ptr_equal(learn(&path_a, OPENER, MPTCP_SYN, 0, 0), flow);
	assert_int_equal(flow->ends[opener].isn, path_a.isn[OPENER]);
	assert_true(flow->ends[opener].has_syn);
}

static void a_late_syn_across_the_sequence_wrap_belongs_to_the_flow(void **state)
{
	static const struct path wrapping = {1, {40000, 443}, {0xffffff00, 7}};

	(void)state;
	struct mptcp_flow *flow = learn(&wrapping, OPENER, MPTCP_ACK, 0x200, 1);
	assert_ptr_equal(learn(&wrapping, OPENER, MPTCP_SYN, 0, 0), flow);
}

static void a_syn_ack_alone_tells_who_is_the_client(void **state)
{
	static const struct path low = {1, {1024, 50000}, {1000, 2000}};

	(void)state;
	struct mptcp_flow *flow = learn(&low, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1);
	assert_true(flow->client_known);
	assert_int_equal(flow->client, !from);
	assert_int_equal(flow->ends[!from].isn, 1000);
	assert_false(flow->ends[!from].has_syn);
}

static void without_a_syn_the_higher_port_is_taken_for_the_client(void **state)
{
	(void)state;
	struct mptcp_flow *flow = learn(&path_a, LISTENER, MPTCP_ACK, 1, 1);
	assert_false(flow->client_known);
	assert_int_equal(flow->client, !from);
	learn(&path_a, OPENER, MPTCP_SYN, 0, 0);
	assert_true(flow->client_known);
	assert_int_equal(flow->client, from);
}

static void positions_go_on_over_the_sequence_wrap(void **state)
{
	struct mptcp_flow_end end = {.isn = 0xffffff00, .highest = MPTCP_SEQUENCE_ORIGIN};

	(void)state;
	for (uint64_t sent = 1; sent < UINT64_C(10) << 32; sent += UINT64_C(1) << 30) {
		uint64_t position = mptcp_flow_position(&end, end.isn + (uint32_t)sent);

		assert_true(position == MPTCP_SEQUENCE_ORIGIN + sent);
		assert_true(mptcp_flow_position(&end, end.isn + (uint32_t)sent - 1000) ==
			position - 1000);
		end.highest = position;
	}
}

#define WITH_FLOWS(test) cmocka_unit_test_setup_teardown(test, new_flows, release_flows)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FLOWS(both_directions_are_one_flow_and_flows_count_from_zero),
		WITH_FLOWS(ports_tell_flows_between_the_same_hosts_apart),
		WITH_FLOWS(a_syn_sent_again_is_the_same_flow_another_isn_is_a_new_one),
		WITH_FLOWS(a_late_syn_belongs_to_the_flow_and_corrects_it),
		WITH_FLOWS(a_late_syn_across_the_sequence_wrap_belongs_to_the_flow),
		WITH_FLOWS(a_syn_ack_alone_tells_who_is_the_client),
		WITH_FLOWS(without_a_syn_the_higher_port_is_taken_for_the_client),
		WITH_FLOWS(positions_go_on_over_the_sequence_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
