/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a host counted: the forms in which it is read, and what is refused of them. */
#include "actual.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct mptcp_actual actual;
static struct mptcp_error error;

static int clear(void **state)
{
	(void)state;
	mptcp_actual_clear(&actual);
	return 0;
}

static void reads(const char *text)
{
	mptcp_actual_clear(&actual);
	if (mptcp_actual_read(&actual, text, &error))
		fail_msg("%s", error.text);
}

static void is_refused(const char *text, const char *why)
{
	mptcp_actual_clear(&actual);
	assert_int_equal(mptcp_actual_read(&actual, text, &error), -1);
	assert_int_equal(error.status, MPTCP_DATA);
	assert_string_equal(error.text, why);
}

static void has(enum mptcp_counter counter, int64_t value)
{
	const struct mptcp_actual_value *found = mptcp_actual_find(&actual, counter);

	assert_non_null(found);
	assert_true(found->value == value);
}

static void nstat(void **state)
{
	(void)state;
	reads("#kernel\nTcpActiveOpens                  7                  0.0\n"
	      "MPTcpExtMPCapableSYNTX          12                 0.0\n"
	      "MPTcpExtMPRstRx                 0                  0.0\n");
	assert_int_equal(actual.count, 2);
	has(MPTCP_COUNTER_MPCapableSYNTX, 12);
	has(MPTCP_COUNTER_MPRstRx, 0);
	assert_null(mptcp_actual_find(&actual, MPTCP_COUNTER_MPRstTx));
	assert_false(actual.rates);
}

/* Its third column is not 0 once a daemon runs. */
static void a_rate_tells_of_a_daemon(void **state)
{
	(void)state;
	reads("MPTcpExtMPRstRx 3 0.0\nMPTcpExtMPRstTx 3 0.2\n");
	assert_true(actual.rates);
	reads("MPTcpExtMPRstRx 3 0.0\n");
	assert_false(actual.rates);
}

static void json(void **state)
{
	(void)state;
	reads("{\"kernel\":{\"TcpInSegs\":9,\"MPTcpExtMPRstRx\":4,\"MPTcpExtMPRstTx\" : 5}}");
	has(MPTCP_COUNTER_MPRstRx, 4);
	has(MPTCP_COUNTER_MPRstTx, 5);
	assert_int_equal(actual.count, 2);
	reads("{\"MPTcpExt.MPRstRx\": 4}"); /* of a list that has protocols apart */
	has(MPTCP_COUNTER_MPRstRx, 4);
	reads("{\"MPTcpExtMPRstRx\": \"4\"}");
	has(MPTCP_COUNTER_MPRstRx, 4);
}

static void netstat(void **state)
{
	(void)state;
	reads("TcpExt: SyncookiesSent Other\nTcpExt: 1 2\nMPTcpExt: MPRstRx MPRstTx New\n"
	      "MPTcpExt: 4 5 6\nIpExt: InNoRoutes\nIpExt: 0\n");
	has(MPTCP_COUNTER_MPRstRx, 4);
	has(MPTCP_COUNTER_MPRstTx, 5);
	assert_int_equal(actual.count, 3);
	assert_string_equal(actual.values[2].name, "New");
	assert_int_equal(actual.values[2].counter, -1);
	reads("MPTcpExt: MPRstRx MPRstTx\r\nMPTcpExt: 4 5\r\n");
	has(MPTCP_COUNTER_MPRstTx, 5);
	reads("MPTcpExt: MPRstRx\nMPTcpExt: 4"); /* without the end of the line */
	has(MPTCP_COUNTER_MPRstRx, 4);
}

static void numbers_of_64_bits(void **state)
{
	(void)state;
	reads("MPTcpExtMPRstRx 9223372036854775807\nMPTcpExtMPRstTx -3\n"
	      "MPTcpExtMPCurrEstab 18446744073709551615\n");
	has(MPTCP_COUNTER_MPRstRx, INT64_MAX);
	has(MPTCP_COUNTER_MPRstTx, -3);
	has(MPTCP_COUNTER_MPCurrEstab, -1); /* a gauge below 0, as the kernel prints it */
	reads("MPTcpExtMPRstRx -9223372036854775808\n");
	has(MPTCP_COUNTER_MPRstRx, INT64_MIN);
	is_refused("MPTcpExtMPRstRx 18446744073709551616\n",
		"'18446744073709551616' is not the value of a counter");
	is_refused("MPTcpExtMPRstRx -9223372036854775809\n",
		"'-9223372036854775809' is not the value of a counter");
}

static void what_is_no_whole_number_is_refused(void **state)
{
	static const char *const values[] = {"1.5", "12abc", "0x10", "1e3", "+4", "--4", "-",
		"null", "NaN", "{"};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		char text[64], why[64];

		snprintf(text, sizeof(text), "MPTcpExtMPRstRx %s\n", values[i]);
		snprintf(why, sizeof(why), "'%s' is not the value of a counter", values[i]);
		is_refused(text, why);
	}
	/* nor is that of the next line its value */
	is_refused("MPTcpExtMPRstRx\n5 0.0\n", "'' is not the value of a counter");
	is_refused("MPTcpExtMPRstRx", "'' is not the value of a counter");
	is_refused("{\"MPTcpExtMPRstRx\"}", "'' is not the value of a counter");
}

static void the_lines_of_netstat_belong_together(void **state)
{
	(void)state;
	is_refused("MPTcpExt: MPRstRx MPRstTx\nMPTcpExt: 4\n", "'' is not the value of a counter");
	is_refused("MPTcpExt: MPRstRx\nMPTcpExt: 4 5\n", "more numbers than names of MPTcpExt");
	is_refused("MPTcpExt: MPRstRx\nIpExt: 4\n", "no line of numbers after that of MPTcpExt");
	is_refused("MPTcpExt: MPRstRx", "no line of numbers after that of MPTcpExt");
	is_refused("MPTcpExt: 4 5\n", "no line of numbers after that of MPTcpExt");
	is_refused("MPTcpExt: MP\tRst\nMPTcpExt: 4\n", "'MP?Rst' is not the name of a counter");
}

static void one_host_has_each_counter_once(void **state)
{
	(void)state;
	is_refused("MPTcpExtMPRstRx 4\nMPTcpExtMPRstTx 1\nMPTcpExtMPRstRx 4\n",
		"counter MPRstRx is there twice: the counters of one host are wanted");
	is_refused("MPTcpExt: New New\nMPTcpExt: 4 5\n",
		"counter New is there twice: the counters of one host are wanted");
	is_refused("{\"client\":{\"MPTcpExtMPRstRx\":1},\"server\":{\"MPTcpExtMPRstRx\":0}}",
		"counter MPRstRx is there twice: the counters of one host are wanted");
	reads("MPTcpExtMPRst 1\nMPTcpExtMPRstRx 2\n"); /* one the beginning of the other */
	has(MPTCP_COUNTER_MPRstRx, 2);
}

static void text_that_has_no_counter_is_refused(void **state)
{
	static const char *const texts[] = {"", "\n\n", "TcpExtSyncookiesSent 1 0.0\n",
		"the counters MPTcpExt of a host\n", "NoMPTcpExtMPRstRx 4\n", "MPTcpExt", "{}"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		is_refused(texts[i],
			"no counter MPTcpExt: the output of nstat -az, or /proc/net/netstat, is wanted");
	is_refused("MPTcpExtAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA 1\n",
		"'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' is not the name "
		"of a counter");
}

/* Whatever is cut off a file is refused, or the numbers that are left are whole. */
static void a_file_cut_anywhere(void **state)
{
	static const char whole[] = "MPTcpExt: MPRstRx MPRstTx\nMPTcpExt: 12 34\n";
	char text[sizeof(whole)];

	(void)state;
	for (size_t length = 0; length < sizeof(whole) - 3; length++) {
		memcpy(text, whole, length);
		text[length] = '\0';
		mptcp_actual_clear(&actual);
		assert_int_equal(mptcp_actual_read(&actual, text, &error), -1);
	}
	reads(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(nstat, clear),
		cmocka_unit_test_teardown(a_rate_tells_of_a_daemon, clear),
		cmocka_unit_test_teardown(json, clear),
		cmocka_unit_test_teardown(netstat, clear),
		cmocka_unit_test_teardown(numbers_of_64_bits, clear),
		cmocka_unit_test_teardown(what_is_no_whole_number_is_refused, clear),
		cmocka_unit_test_teardown(the_lines_of_netstat_belong_together, clear),
		cmocka_unit_test_teardown(one_host_has_each_counter_once, clear),
		cmocka_unit_test_teardown(text_that_has_no_counter_is_refused, clear),
		cmocka_unit_test_teardown(a_file_cut_anywhere, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
