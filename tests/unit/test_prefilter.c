/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_prefilter: which packets are kept from tshark, and which never. */
#include "prefilter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

enum { ETHERNET = 1, RAW = 101, WIFI = 105 };
enum { SYN = 0x02, ACK = 0x10, DATA = 0x18 };

static const uint8_t mp_capable[4] = {30, 4, 1, 1};
static const uint8_t mss[4] = {2, 4, 5, 0xb4};

/* A TCP packet in IPv4 without a link layer; options are padded. Returns its length. */
static size_t packet(uint8_t *bytes, unsigned flags, uint32_t sequence, const uint8_t *options,
	size_t options_length)
{
	size_t header = 20 + (options_length + 3) / 4 * 4;

	memset(bytes, 0, 100);
	bytes[0] = 0x45;
	bytes[3] = (uint8_t)(20 + header);
	bytes[9] = 6;
	bytes[15] = 1; /* 0.0.0.1 to 0.0.0.2 */
	bytes[19] = 2;
	bytes[20] = 0x30; /* port 12288 to 80 */
	bytes[23] = 80;
	for (int i = 0; i < 4; i++)
		bytes[24 + i] = (uint8_t)(sequence >> (24 - 8 * i));
	bytes[32] = (uint8_t)(header / 4 << 4);
	bytes[33] = (uint8_t)flags;
	if (options_length)
		memcpy(bytes + 40, options, options_length);
	return 20 + header;
}

/* The same from the other end. */
static size_t answer(uint8_t *bytes, unsigned flags, uint32_t sequence, const uint8_t *options,
	size_t options_length)
{
	size_t length = packet(bytes, flags, sequence, options, options_length);

	bytes[15] = 2;
	bytes[19] = 1;
	bytes[20] = 0;
	bytes[21] = 80;
	bytes[22] = 0x30;
	bytes[23] = 0;
	return length;
}

static int setup(void **state)
{
	*state = mptcp_prefilter_new();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	mptcp_prefilter_free(*state);
	return 0;
}

static void a_connection_whose_syn_has_no_mptcp_is_skipped_behind_its_handshake(void **state)
{
	uint8_t bytes[100];

	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, SYN, 7, mss, 4)));
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, answer(bytes, SYN | ACK, 9, mss, 4)));
	assert_true(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, ACK, 8, NULL, 0)));
	assert_true(mptcp_prefilter_skip(*state, RAW, bytes, answer(bytes, DATA, 10, NULL, 0)));
}

static void a_connection_whose_syn_has_mptcp_is_never_skipped(void **state)
{
	uint8_t bytes[100];

	assert_false(
		mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, SYN, 7, mp_capable, 4)));
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, ACK, 8, NULL, 0)));
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, answer(bytes, DATA, 10, NULL, 0)));
}

static void a_syn_sent_again_without_its_option_changes_nothing(void **state)
{
	uint8_t bytes[100];

	assert_false(
		mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, SYN, 7, mp_capable, 4)));
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, SYN, 7, mss, 4)));
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, ACK, 8, NULL, 0)));
}

static void the_ports_used_again_decide_anew(void **state)
{
	uint8_t bytes[100];

	assert_false(
		mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, SYN, 7, mp_capable, 4)));
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, SYN, 70000, mss, 4)));
	assert_true(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, ACK, 70001, NULL, 0)));
	assert_false(
		mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, SYN, 9, mp_capable, 4)));
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, ACK, 10, NULL, 0)));
}

static void a_connection_without_a_syn_is_never_skipped(void **state)
{
	uint8_t bytes[100];

	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, DATA, 8, NULL, 0)));
}

static void a_syn_that_is_cut_or_broken_proves_nothing(void **state)
{
	static const uint8_t beyond[4] = {2, 9, 0, 0};
	uint8_t bytes[100];

	packet(bytes, SYN, 7, mss, 4);
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, 40));
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, ACK, 8, NULL, 0)));
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, SYN, 700, beyond, 4)));
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, ACK, 701, NULL, 0)));
}

static void fragments_ip_options_tunnels_and_udp_are_not_skipped(void **state)
{
	uint8_t bytes[100];
	size_t length;

	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, SYN, 7, mss, 4)));
	length = packet(bytes, ACK, 8, NULL, 0);
	bytes[6] = 0x20; /* more fragments */
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, length));
	length = packet(bytes, ACK, 8, NULL, 0);
	bytes[0] = 0x46;
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, length));
	for (int protocol = 0; protocol < 256; protocol++) {
		length = packet(bytes, ACK, 8, NULL, 0);
		bytes[9] = (uint8_t)protocol;
		assert_int_equal(mptcp_prefilter_skip(*state, RAW, bytes, length),
			protocol == 6 || protocol == 1);
	}
}

static void no_length_of_a_packet_is_read_beyond(void **state)
{
	uint8_t bytes[100];
	size_t length = packet(bytes, ACK, 8, mss, 4);

	for (size_t cut = 0; cut <= length; cut++) {
		uint8_t *exact = test_malloc(cut + 1);

		memcpy(exact, bytes, cut);
		mptcp_prefilter_skip(*state, RAW, exact, cut);
		mptcp_prefilter_skip(*state, ETHERNET, exact, cut);
		test_free(exact);
	}
}

static void arp_is_skipped_other_link_types_are_not(void **state)
{
	uint8_t arp[42] = {[12] = 0x08, [13] = 0x06};
	uint8_t bytes[100];

	assert_true(mptcp_prefilter_skip(*state, ETHERNET, arp, sizeof(arp)));
	assert_false(mptcp_prefilter_skip(*state, WIFI, arp, sizeof(arp)));
	assert_false(mptcp_prefilter_skip(*state, WIFI, bytes, packet(bytes, SYN, 7, mss, 4)));
	assert_false(mptcp_prefilter_skip(*state, RAW, bytes, packet(bytes, ACK, 8, NULL, 0)));
}

int main(void)
{
#define GLANCE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		GLANCE(a_connection_whose_syn_has_no_mptcp_is_skipped_behind_its_handshake),
		GLANCE(a_connection_whose_syn_has_mptcp_is_never_skipped),
		GLANCE(a_syn_sent_again_without_its_option_changes_nothing),
		GLANCE(the_ports_used_again_decide_anew),
		GLANCE(a_connection_without_a_syn_is_never_skipped),
		GLANCE(a_syn_that_is_cut_or_broken_proves_nothing),
		GLANCE(fragments_ip_options_tunnels_and_udp_are_not_skipped),
		GLANCE(no_length_of_a_packet_is_read_beyond),
		GLANCE(arp_is_skipped_other_link_types_are_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
