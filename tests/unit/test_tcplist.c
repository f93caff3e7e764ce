/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of TCP connections. */
#include "tcplist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct mptcp_packet make(uint32_t stream, enum mptcp_role to, unsigned flags, int64_t time)
{
	struct mptcp_packet packet = {.present = MPTCP_HAS(tcpstream),
		.tcpstream = stream,
		.tcpdest = (uint8_t)to,
		.tcpflags = (uint16_t)flags,
		.abstime = time,
		.tcpseq = flags & MPTCP_SYN ? 0 : 1};

	packet.sport = to == MPTCP_SERVER ? 40000 : 80;
	packet.dport = to == MPTCP_SERVER ? 80 : 40000;
	return packet;
}

static void add(struct mptcp_tcplist *list, const struct mptcp_packet *packet)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_tcplist_add(list, packet, &error), 0);
}

static void play(struct mptcp_tcplist *list, uint32_t stream, enum mptcp_role to, unsigned flags)
{
	struct mptcp_packet packet = make(stream, to, flags, 1000);

	add(list, &packet);
}

static void assert_state(const struct mptcp_tcplist *list, const char *name)
{
	assert_string_equal(mptcp_tcp_state_name(mptcp_tcp_state(&list->streams[0])), name);
}

static void a_stream_has_ports_packets_and_times_whoever_comes_first(void **state)
{
	struct mptcp_tcplist list = {0};
	struct mptcp_packet packet = make(5, MPTCP_CLIENT, MPTCP_ACK, 2000);

	(void)state;
	add(&list, &packet);
	packet = make(5, MPTCP_SERVER, MPTCP_ACK, 2500);
	packet.tcplen = 10;
	packet.present |= MPTCP_HAS(mptcpstream);
	packet.mptcpstream = 3;
	add(&list, &packet);
	add(&list, &packet);
	assert_int_equal(list.count, 1);
	const struct mptcp_tcp_stream *stream = &list.streams[0];
	assert_int_equal(stream->tcpstream, 5);
	assert_int_equal(stream->ports[MPTCP_CLIENT], 40000);
	assert_int_equal(stream->ports[MPTCP_SERVER], 80);
	assert_true(stream->has_mptcpstream);
	assert_int_equal(stream->mptcpstream, 3);
	assert_int_equal(mptcp_tcp_packets(stream), 3);
	assert_int_equal(mptcp_tcp_start(stream), 2000);
	assert_int_equal(mptcp_tcp_duration(stream), 500);
	assert_int_equal(stream->to[MPTCP_SERVER].sent, 20);
	assert_int_equal(stream->to[MPTCP_SERVER].unique, 10);
	assert_int_equal(stream->to[MPTCP_CLIENT].sent, 0);
	mptcp_tcplist_release(&list);
}

static void a_packet_without_a_stream_is_ignored(void **state)
{
	struct mptcp_tcplist list = {0};
	struct mptcp_packet packet = make(0, MPTCP_SERVER, MPTCP_ACK, 1);

	(void)state;
	packet.present = 0;
	add(&list, &packet);
	assert_int_equal(list.count, 0);
	mptcp_tcplist_release(&list);
}

static void the_state_follows_from_syn_fin_and_rst(void **state)
{
	struct mptcp_tcplist list = {0};

	(void)state;
	play(&list, 0, MPTCP_SERVER, MPTCP_SYN);
	assert_state(&list, "failed");
	play(&list, 0, MPTCP_CLIENT, MPTCP_SYN | MPTCP_ACK);
	assert_state(&list, "failed");
	play(&list, 0, MPTCP_SERVER, MPTCP_ACK);
	assert_state(&list, "open");
	play(&list, 0, MPTCP_SERVER, MPTCP_FIN | MPTCP_ACK);
	assert_state(&list, "open");
	play(&list, 0, MPTCP_CLIENT, MPTCP_FIN | MPTCP_ACK);
	assert_state(&list, "closed");
	play(&list, 0, MPTCP_CLIENT, MPTCP_RST);
	assert_state(&list, "reset");
	mptcp_tcplist_release(&list);
}

static void a_refused_connection_failed_and_one_captured_later_did_not(void **state)
{
	struct mptcp_tcplist refused = {0}, later = {0};

	(void)state;
	play(&refused, 0, MPTCP_SERVER, MPTCP_SYN);
	play(&refused, 0, MPTCP_CLIENT, MPTCP_RST | MPTCP_ACK);
	assert_state(&refused, "failed");
	play(&later, 0, MPTCP_CLIENT, MPTCP_RST | MPTCP_ACK);
	assert_state(&later, "reset");
	mptcp_tcplist_release(&refused);
	mptcp_tcplist_release(&later);
}

static void many_streams_are_kept_apart(void **state)
{
	struct mptcp_tcplist list = {0};

	(void)state;
	for (uint32_t i = 0; i < 300; i++)
		play(&list, i * 7919, MPTCP_SERVER, MPTCP_SYN);
	for (uint32_t i = 0; i < 300; i += 2)
		play(&list, i * 7919, MPTCP_SERVER, MPTCP_ACK);
	assert_int_equal(list.count, 300);
	for (uint32_t i = 0; i < 300; i++) {
		assert_int_equal(list.streams[i].tcpstream, i * 7919);
		assert_int_equal(mptcp_tcp_packets(&list.streams[i]), i % 2 ? 1 : 2);
	}
	mptcp_tcplist_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stream_has_ports_packets_and_times_whoever_comes_first),
		cmocka_unit_test(a_packet_without_a_stream_is_ignored),
		cmocka_unit_test(the_state_follows_from_syn_fin_and_rst),
		cmocka_unit_test(a_refused_connection_failed_and_one_captured_later_did_not),
		cmocka_unit_test(many_streams_are_kept_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
