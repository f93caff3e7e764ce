/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets of two captures: pairs, copies, cuts, losses, gaps. */
#include "match.h"
#include "packet_builder.h"
#include "pairing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MS INT64_C(1000000)

/* A packet of the one connection there is; sequence numbers on the wire begin at 1000 and 5000. */
static struct mptcp_packet packet(uint64_t id, int64_t time, enum mptcp_role to, uint16_t flags,
	uint32_t seq, uint32_t length)
{
	struct mptcp_packet made = build_tcp(0, to, flags, seq, length);

	made.present |= MPTCP_HAS(tcpack) | MPTCP_HAS(tcpseq_raw);
	made.packetid = id;
	made.abstime = time * MS;
	made.tcpseq_raw = seq + (to == MPTCP_SERVER ? 1000 : 5000);
	return made;
}

struct row {
	bool seen[2];
	uint64_t packetid[2];
	uint32_t bytes;
	enum mptcp_delivery fate;
	int sender;
	int64_t owd;
};

struct rows {
	struct row list[64];
	size_t count;
};

static int take(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	struct rows *rows = context;

	(void)error;
	assert_true(rows->count < 64);
	rows->list[rows->count++] =
		(struct row){{pair->seen[0], pair->seen[1]}, {pair->packetid[0], pair->packetid[1]},
			pair->bytes, pair->fate, pair->sender, pair->owd};
	return 0;
}

static int learn(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	return mptcp_vantage_add(context, pair, error);
}

static void run(struct mptcp_evidence *evidence, const struct mptcp_packet *lists[2],
	const size_t counts[2], const struct mptcp_pairing_vantage *vantage, mptcp_pairing_row *row,
	void *context)
{
	struct mptcp_error error;
	const struct mptcp_pairing_options options = {.vantage = vantage,
		.row = row,
		.context = context};
	struct mptcp_pairing *pairing =
		mptcp_pairing_open(&evidence[0], &evidence[1], &options, &error);
	size_t at[2] = {0, 0};

	assert_non_null(pairing);
	while (at[0] < counts[0] || at[1] < counts[1]) {
		int which = at[0] == counts[0] ? 1
			: at[1] == counts[1]   ? 0
					     : mptcp_pairing_next(pairing, lists[0][at[0]].abstime,
						       lists[1][at[1]].abstime);

		assert_int_equal(
			mptcp_pairing_add(pairing, which, &lists[which][at[which]], &error), 0);
		at[which]++;
	}
	assert_int_equal(mptcp_pairing_end(pairing, &error), 0);
	mptcp_pairing_close(pairing);
}

/* Both passes over the two lists. */
static struct rows merge(const struct mptcp_packet *a, size_t count_a, const struct mptcp_packet *b,
	size_t count_b)
{
	const struct mptcp_packet *lists[2] = {a, b};
	const size_t counts[2] = {count_a, count_b};
	struct mptcp_evidence evidence[2] = {0};
	struct mptcp_pairing_vantage vantage = {0};
	struct mptcp_error error;
	struct rows rows = {0};

	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < counts[i]; k++)
			assert_int_equal(mptcp_evidence_add(&evidence[i], &lists[i][k], &error), 0);
	assert_int_equal(mptcp_match(&evidence[0], &evidence[1], &error), 0);
	assert_int_equal(mptcp_vantage_init(&vantage, &evidence[0], &error), 0);
	run(evidence, lists, counts, NULL, learn, &vantage);
	mptcp_vantage_end(&vantage, &evidence[0]);
	run(evidence, lists, counts, &vantage, take, &rows);
	mptcp_vantage_clear(&vantage);
	mptcp_evidence_clear(&evidence[0]);
	mptcp_evidence_clear(&evidence[1]);
	return rows;
}

#define MERGE(a, b) merge(a, sizeof(a) / sizeof((a)[0]), b, sizeof(b) / sizeof((b)[0]))

enum { SYN = MPTCP_SYN, SYNACK = MPTCP_SYN | MPTCP_ACK, ACK = MPTCP_ACK };

/* The handshake at the client and, 10 ms of delay and a clock 100 s ahead, at the server. */
#define AT_CLIENT packet(1, 0, MPTCP_SERVER, SYN, 0, 0), packet(2, 20, MPTCP_CLIENT, SYNACK, 0, 0)
#define AT_SERVER \
	packet(1, 100010, MPTCP_SERVER, SYN, 0, 0), packet(2, 100010, MPTCP_CLIENT, SYNACK, 0, 0)
/* Something at the end, so that the captures go on after what is looked at. */
#define END_CLIENT packet(99, 5000, MPTCP_SERVER, ACK, 9000, 0)
#define END_SERVER packet(99, 105010, MPTCP_SERVER, ACK, 9000, 0)

static const struct row *find(const struct rows *rows, int capture, uint64_t packetid)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->list[i].seen[capture] && rows->list[i].packetid[capture] == packetid)
			return &rows->list[i];
	fail_msg("packet %llu has no row", (unsigned long long)packetid);
	return NULL;
}

static void the_sender_is_known_whatever_the_clocks_say(void **state)
{
	const struct mptcp_packet a[] = {AT_CLIENT, END_CLIENT}, b[] = {AT_SERVER, END_SERVER};
	struct rows forth = MERGE(a, b), back = MERGE(b, a);

	(void)state;
	assert_int_equal(forth.count, 3);
	assert_int_equal(find(&forth, 0, 1)->sender, 0);
	assert_int_equal(find(&forth, 0, 2)->sender, 1);
	assert_int_equal(find(&back, 0, 1)->sender, 1);
	assert_int_equal(find(&back, 0, 2)->sender, 0);
	assert_int_equal(find(&forth, 0, 1)->owd, 100010 * MS);
	assert_int_equal(find(&forth, 0, 2)->owd, -99990 * MS);
}

static void a_packet_that_does_not_arrive_is_lost(void **state)
{
	const struct mptcp_packet a[] = {AT_CLIENT, packet(3, 30, MPTCP_SERVER, ACK, 1, 100),
		packet(4, 31, MPTCP_SERVER, ACK, 101, 100), END_CLIENT};
	const struct mptcp_packet b[] = {AT_SERVER, packet(3, 100041, MPTCP_SERVER, ACK, 101, 100),
		END_SERVER};
	struct rows rows = MERGE(a, b);

	(void)state;
	assert_int_equal(find(&rows, 0, 3)->fate, MPTCP_LOST);
	assert_int_equal(find(&rows, 0, 3)->bytes, 100);
	assert_int_equal(find(&rows, 0, 4)->packetid[1], 3);
}

static void what_was_acknowledged_is_a_gap_of_the_capture_not_lost(void **state)
{
	struct mptcp_packet ack = packet(4, 100042, MPTCP_CLIENT, ACK, 1, 0);
	struct mptcp_packet acked = packet(5, 52, MPTCP_CLIENT, ACK, 1, 0);
	ack.tcpack = acked.tcpack = 201;
	const struct mptcp_packet a[] = {AT_CLIENT, packet(3, 30, MPTCP_SERVER, ACK, 1, 100),
		packet(4, 31, MPTCP_SERVER, ACK, 101, 100), acked, END_CLIENT};
	const struct mptcp_packet b[] = {AT_SERVER, packet(3, 100041, MPTCP_SERVER, ACK, 101, 100),
		ack, END_SERVER};
	struct rows rows = MERGE(a, b);

	(void)state;
	assert_int_equal(find(&rows, 0, 3)->fate, MPTCP_NOT_CAPTURED);
}

static void behind_the_end_of_a_capture_nothing_is_known(void **state)
{
	const struct mptcp_packet a[] = {AT_CLIENT, packet(3, 30, MPTCP_SERVER, ACK, 1, 100)};
	const struct mptcp_packet b[] = {AT_SERVER};
	struct rows rows = MERGE(a, b);

	(void)state;
	assert_int_equal(find(&rows, 0, 3)->fate, MPTCP_NOT_CAPTURED);
}

static void copies_are_matched_in_their_order(void **state)
{
	const struct mptcp_packet a[] = {AT_CLIENT, packet(3, 30, MPTCP_SERVER, ACK, 1, 100),
		packet(4, 40, MPTCP_SERVER, ACK, 1, 100), END_CLIENT};
	const struct mptcp_packet b[] = {AT_SERVER, packet(3, 100040, MPTCP_SERVER, ACK, 1, 100),
		packet(4, 100050, MPTCP_SERVER, ACK, 1, 100), END_SERVER};
	struct rows rows = MERGE(a, b);

	(void)state;
	assert_int_equal(find(&rows, 0, 3)->packetid[1], 3);
	assert_int_equal(find(&rows, 0, 4)->packetid[1], 4);
}

static void data_cut_on_the_way_is_matched_by_its_bytes(void **state)
{
	const struct mptcp_packet a[] = {AT_CLIENT, packet(3, 30, MPTCP_SERVER, ACK, 1, 300),
		END_CLIENT};
	const struct mptcp_packet b[] = {AT_SERVER, packet(3, 100040, MPTCP_SERVER, ACK, 1, 140),
		packet(4, 100041, MPTCP_SERVER, ACK, 141, 100), END_SERVER};
	struct rows rows = MERGE(a, b);

	(void)state;
	assert_int_equal(rows.count, 6);
	assert_int_equal(find(&rows, 1, 3)->packetid[0], 3);
	assert_int_equal(find(&rows, 1, 3)->bytes, 140);
	assert_int_equal(find(&rows, 1, 4)->bytes, 100);
	/* the last piece was lost */
	assert_int_equal(rows.list[5].fate, MPTCP_LOST);
	assert_int_equal(rows.list[5].bytes, 60);
}

static void options_removed_on_the_way_do_no_harm(void **state)
{
	struct mptcp_packet with = packet(3, 30, MPTCP_SERVER, ACK, 1, 100);
	with.subtype = 4;
	const struct mptcp_packet a[] = {AT_CLIENT, with, END_CLIENT};
	const struct mptcp_packet b[] = {AT_SERVER, packet(3, 100040, MPTCP_SERVER, ACK, 1, 100),
		END_SERVER};
	struct rows rows = MERGE(a, b);

	(void)state;
	assert_int_equal(find(&rows, 0, 3)->packetid[1], 3);
	assert_int_equal(find(&rows, 0, 3)->fate, MPTCP_ARRIVED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sender_is_known_whatever_the_clocks_say),
		cmocka_unit_test(a_packet_that_does_not_arrive_is_lost),
		cmocka_unit_test(what_was_acknowledged_is_a_gap_of_the_capture_not_lost),
		cmocka_unit_test(behind_the_end_of_a_capture_nothing_is_known),
		cmocka_unit_test(copies_are_matched_in_their_order),
		cmocka_unit_test(data_cut_on_the_way_is_matched_by_its_bytes),
		cmocka_unit_test(options_removed_on_the_way_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
