/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MPTCP options read back from the column `options`. */
#include "signals.h"
#include "packet_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct mptcp_packet with_options(const char *text)
{
	struct mptcp_packet packet = build_tcp(0, MPTCP_SERVER, MPTCP_ACK, 1, 0);

	build_options(&packet, text);
	return packet;
}

static void several_options_are_read_in_their_order(void **state)
{
	struct mptcp_packet packet = with_options("1e054003ff;1e0351");
	struct mptcp_signals signals;

	(void)state;
	assert_true(mptcp_signals_read(&signals, &packet));
	assert_int_equal(signals.options.count, 2);
	assert_int_equal(signals.options.values[0].subtype, MPTCP_REMOVE_ADDR);
	assert_int_equal(signals.options.values[0].remove.count, 2);
	assert_int_equal(signals.options.values[0].remove.address_ids[1], 255);
	assert_int_equal(signals.options.values[1].subtype, MPTCP_MP_PRIO);
	assert_true(signals.options.values[1].prio.backup);
}

static void the_tcp_flags_tell_the_form_of_a_join(void **state)
{
	struct mptcp_packet packet = with_options("1e0c10012634e2426d271fd0");
	struct mptcp_signals signals;

	(void)state;
	assert_false(mptcp_signals_read(&signals, &packet)); /* too short for a third ACK */
	packet.tcpflags = MPTCP_SYN;
	assert_true(mptcp_signals_read(&signals, &packet));
	assert_int_equal(signals.options.values[0].join.token, 0x2634e242);
}

static void malformed_options_come_from_their_own_column(void **state)
{
	static const char list[] = "DSS:9:length;MP_CAPABLE:22:no_checksum";
	struct mptcp_packet packet = with_options("1e0351");
	struct mptcp_signals signals;

	(void)state;
	packet.malformed = (struct mptcp_text){list, strlen(list)};
	packet.present |= MPTCP_HAS(malformed);
	assert_true(mptcp_signals_read(&signals, &packet));
	assert_int_equal(signals.options.count, 1);
	assert_int_equal(signals.options.malformed_count, 2);
	assert_int_equal(signals.options.malformed[1].subtype, MPTCP_MP_CAPABLE);
	packet.present &= ~MPTCP_HAS(options);
	assert_true(mptcp_signals_read(&signals, &packet));
	assert_int_equal(signals.options.count, 0);
	assert_int_equal(signals.options.malformed_count, 2);
}

static void a_mapping_is_that_of_the_dss_or_of_the_mp_capable_with_data(void **state)
{
	struct mptcp_packet packet = with_options("1e1601010102030405060708111213141516171800fa");
	uint32_t ssn;

	(void)state;
	packet.tcplen = 100;
	assert_int_equal(mptcp_signals_mapping(&packet, &ssn), 0); /* no subtype says so */
	packet.present |= MPTCP_HAS(subtype);
	packet.subtype = 1U << MPTCP_MP_CAPABLE;
	assert_int_equal(mptcp_signals_mapping(&packet, &ssn), 250);
	assert_int_equal(ssn, 1);
	packet.options.bytes = "1e14010101020304050607081112131415161718"; /* a third ACK */
	packet.options.length = 40;
	assert_int_equal(mptcp_signals_mapping(&packet, &ssn), 0);
	packet.subtype = 1U << MPTCP_DSS;
	packet.present |= MPTCP_HAS(dss_length) | MPTCP_HAS(dss_ssn) | MPTCP_HAS(datafin);
	packet.dss_length = 101;
	packet.dss_ssn = 7;
	packet.datafin = 1;
	assert_int_equal(mptcp_signals_mapping(&packet, &ssn), 100);
	assert_int_equal(ssn, 7);
	packet.dss_length = 1;
	assert_int_equal(mptcp_signals_mapping(&packet, &ssn), 0);
}

static void what_is_no_option_is_none(void **state)
{
	const char *const texts[] = {"", ";", "1e0", "1e03zz",
		"0101010101010101010101010101010101010101"
		"010101010101010101010101010101010101010101"};
	struct mptcp_signals signals;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct mptcp_packet packet = with_options(texts[i]);

		assert_false(mptcp_signals_read(&signals, &packet));
	}
	struct mptcp_packet none = {0};
	assert_false(mptcp_signals_read(&signals, &none));
	assert_int_equal(mptcp_packet_subtypes(&none), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_options_are_read_in_their_order),
		cmocka_unit_test(the_tcp_flags_tell_the_form_of_a_join),
		cmocka_unit_test(malformed_options_come_from_their_own_column),
		cmocka_unit_test(a_mapping_is_that_of_the_dss_or_of_the_mp_capable_with_data),
		cmocka_unit_test(what_is_no_option_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
