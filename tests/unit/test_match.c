/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections of two captures: what decides, what contradicts, what stays without a match. */
#include "match.h"
#include "packet_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A SYN (or SYN/ACK) with everything that a test may take away again. */
static struct mptcp_packet syn(uint32_t stream, uint8_t client, uint16_t port, uint32_t isn,
	enum mptcp_role to)
{
	struct mptcp_packet packet =
		build_tcp(stream, to, to == MPTCP_SERVER ? MPTCP_SYN : MPTCP_SYN | MPTCP_ACK, 0, 0);

	packet.present |= MPTCP_HAS(tcpseq_raw) | MPTCP_HAS(tsval);
	packet.tcpseq_raw = isn;
	packet.tsval = isn ^ 0x5555;
	*(to == MPTCP_SERVER ? &packet.ipsrc : &packet.ipdst) = build_host(client);
	*(to == MPTCP_SERVER ? &packet.ipdst : &packet.ipsrc) = build_host(99);
	*(to == MPTCP_SERVER ? &packet.sport : &packet.dport) = port;
	return packet;
}

static void add(struct mptcp_evidence *evidence, struct mptcp_packet packet)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_evidence_add(evidence, &packet, &error), 0);
}

static void set_key(struct mptcp_packet *packet, uint32_t connection, uint64_t key)
{
	packet->present |= MPTCP_HAS(mptcpstream) | MPTCP_HAS(sendkey) | MPTCP_HAS(subtype);
	packet->mptcpstream = connection;
	packet->mptcpdest = packet->tcpdest;
	packet->subtype = 1;
	packet->sendkey = key;
}

static void match(struct mptcp_evidence *a, struct mptcp_evidence *b)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_match(a, b, &error), 0);
}

static void release(struct mptcp_evidence *a, struct mptcp_evidence *b)
{
	mptcp_evidence_clear(a);
	mptcp_evidence_clear(b);
}

static void initial_numbers_decide_whatever_the_addresses(void **state)
{
	struct mptcp_evidence a = {0}, b = {0};

	(void)state;
	add(&a, syn(0, 1, 4000, 111, MPTCP_SERVER));
	add(&a, syn(0, 1, 4000, 222, MPTCP_CLIENT));
	add(&a, syn(1, 1, 4001, 333, MPTCP_SERVER));
	add(&b, syn(7, 50, 6000, 333, MPTCP_SERVER));
	add(&b, syn(8, 1, 4000, 111, MPTCP_SERVER));
	add(&b, syn(8, 1, 4000, 222, MPTCP_CLIENT));
	match(&a, &b);
	assert_int_equal(a.streams[0].match.peer, 1);
	assert_int_equal(a.streams[0].match.evidence, MPTCP_EVIDENCE_ISN);
	assert_true(a.streams[0].match.score == 1);
	assert_int_equal(a.streams[1].match.peer, 0);
	release(&a, &b);
}

static void the_same_addresses_with_other_numbers_are_no_match(void **state)
{
	struct mptcp_evidence a = {0}, b = {0};

	(void)state;
	add(&a, syn(0, 1, 4000, 111, MPTCP_SERVER));
	add(&b, syn(0, 1, 4000, 112, MPTCP_SERVER));
	match(&a, &b);
	assert_int_equal(a.streams[0].match.peer, MPTCP_NOT_MATCHED);
	assert_true(a.streams[0].match.score == 0);
	release(&a, &b);
}

static void rewritten_numbers_are_known_by_the_timestamps(void **state)
{
	struct mptcp_evidence a = {0}, b = {0};
	struct mptcp_packet rewritten = syn(0, 1, 4000, 111, MPTCP_SERVER);

	(void)state;
	add(&a, rewritten);
	rewritten.tcpseq_raw = 112;
	add(&b, rewritten);
	match(&a, &b);
	assert_int_equal(a.streams[0].match.peer, 0);
	assert_int_equal(a.streams[0].match.evidence, MPTCP_EVIDENCE_ADDRESSES);
	release(&a, &b);
}

static void what_fits_several_decides_nothing(void **state)
{
	struct mptcp_evidence a = {0}, b = {0};
	struct mptcp_packet packet = syn(0, 1, 4000, 111, MPTCP_SERVER);

	(void)state;
	packet.tcpflags = MPTCP_ACK;
	packet.present = 0;
	add(&a, packet);
	packet.tcpstream = 1;
	add(&a, packet);
	add(&b, packet);
	match(&a, &b);
	assert_int_equal(b.streams[0].match.peer, MPTCP_NOT_MATCHED);
	release(&a, &b);
}

static void roles_that_one_capture_had_to_guess_may_be_the_other_way_round(void **state)
{
	struct mptcp_evidence a = {0}, b = {0};
	struct mptcp_packet packet = syn(0, 1, 4000, 111, MPTCP_SERVER);

	(void)state;
	add(&a, packet);
	packet.tcpdest = MPTCP_CLIENT;
	packet.tcpflags = MPTCP_ACK;
	add(&b, packet);
	match(&a, &b);
	assert_int_equal(a.streams[0].match.peer, 0);
	assert_true(a.streams[0].flipped && b.streams[0].flipped);
	release(&a, &b);
}

static void keys_decide_and_bind_the_subflows(void **state)
{
	struct mptcp_evidence a = {0}, b = {0};
	struct mptcp_packet to_server = syn(0, 1, 4000, 111, MPTCP_SERVER),
			    to_client = syn(0, 1, 4000, 222, MPTCP_CLIENT);

	(void)state;
	set_key(&to_server, 0, 1234);
	set_key(&to_client, 0, 5678);
	add(&a, to_server);
	add(&a, to_client);
	/* behind a NAT that rewrites numbers, too */
	to_server.ipsrc.bytes[3] = to_client.ipdst.bytes[3] = 77;
	to_server.tcpseq_raw += 1000000;
	to_server.mptcpstream = to_client.mptcpstream = 4;
	add(&b, to_server);
	add(&b, to_client);
	match(&a, &b);
	assert_int_equal(a.connections[0].match.evidence, MPTCP_EVIDENCE_KEYS);
	assert_int_equal(a.connections[0].match.peer, 0);
	assert_int_equal(a.streams[0].match.evidence, MPTCP_EVIDENCE_KEYS);
	release(&a, &b);
}

static void the_map_has_each_side_once(void **state)
{
	struct mptcp_evidence a = {0}, b = {0};
	struct mptcp_map map;
	struct mptcp_error error;

	(void)state;
	add(&a, syn(0, 1, 4000, 111, MPTCP_SERVER));
	add(&a, syn(1, 1, 4001, 333, MPTCP_SERVER));
	add(&b, syn(0, 2, 4000, 333, MPTCP_SERVER));
	add(&b, syn(1, 2, 4001, 444, MPTCP_SERVER));
	match(&a, &b);
	assert_int_equal(mptcp_map_init(&map, &a, &b, true, &error), 0);
	assert_int_equal(map.count, 3);
	assert_int_equal(map.rows[0].b, MPTCP_NOT_MATCHED);
	assert_int_equal(map.rows[1].b, 0);
	assert_int_equal(map.rows[2].a, MPTCP_NOT_MATCHED);
	mptcp_map_clear(&map);
	assert_int_equal(mptcp_map_init(&map, &a, &b, false, &error), 0);
	assert_int_equal(map.count, 0);
	mptcp_map_clear(&map);
	release(&a, &b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(initial_numbers_decide_whatever_the_addresses),
		cmocka_unit_test(the_same_addresses_with_other_numbers_are_no_match),
		cmocka_unit_test(rewritten_numbers_are_known_by_the_timestamps),
		cmocka_unit_test(what_fits_several_decides_nothing),
		cmocka_unit_test(roles_that_one_capture_had_to_guess_may_be_the_other_way_round),
		cmocka_unit_test(keys_decide_and_bind_the_subflows),
		cmocka_unit_test(the_map_has_each_side_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
