/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is common to all series: the table, the order of rows, names of lines, distributions. The
 * series themselves are tested by tests/series.bats. */
#include "series_event.h"
#include "packet_builder.h"
#include "series_module.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct mptcp_series_options no_options;

/* A packet with 10 bytes of data to the server, on one of two subflows. */
static struct mptcp_packet make_packet(int64_t time, uint32_t tcpstream, uint64_t dsn)
{
	struct mptcp_packet packet = build_mptcp(0, tcpstream, MPTCP_SERVER, MPTCP_ACK);

	packet.present |= MPTCP_HAS(dsn);
	packet.abstime = packet.reltime = time;
	packet.tcpseq = (uint32_t)dsn;
	packet.tcplen = 10;
	packet.dsn = dsn;
	packet.sport = (uint16_t)(1000 + tcpstream);
	packet.dport = 80;
	mptcp_address_parse(&packet.ipdst, "2001:db8::9", 11);
	return packet;
}

static void start(struct mptcp_series *series, const char *name,
	const struct mptcp_series_options *options)
{
	struct mptcp_error error;
	const struct mptcp_series_info *info = mptcp_series_find(name);

	assert_non_null(info);
	assert_int_equal(mptcp_series_init(series, info, options, &error), 0);
}

static void add(struct mptcp_series *series, struct mptcp_packet packet)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_series_add(series, &packet, &error), 0);
}

static void end(struct mptcp_series *series)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_series_end(series, &error), 0);
}

static void every_series_of_packets_has_a_module_and_kinds_that_exist(void **state)
{
	(void)state;
	assert_null(mptcp_series_find("none"));
	assert_null(mptcp_series_find(""));
	for (const struct mptcp_series_info *info = mptcp_series_table; info->name; info++) {
		char kinds[128];

		assert_ptr_equal(mptcp_series_find(info->name), info);
		assert_true((info->module != NULL) == (info->inputs == 1));
		assert_true((info->needed & info->wanted) == 0);
		snprintf(kinds, sizeof(kinds), "%s", info->kinds);
		for (char *rest = kinds, *kind; (kind = strsep(&rest, " "));) {
			bool known = false;

			for (int i = MPTCP_POINT_VALUE; i <= MPTCP_POINT_SUM; i++)
				known |= !strcmp(kind,
					mptcp_series_kind_name((enum mptcp_series_kind)i));
			if (!known)
				fail_msg("%s: no kind '%s'", info->name, kind);
		}
	}
}

static void rows_come_by_line_then_by_x_and_those_of_the_same_x_keep_their_order(void **state)
{
	static const struct {
		int64_t time;
		uint32_t stream;
		uint64_t dsn;
	} sent[] = {{5, 0, 1}, {3, 1, 2}, {4, 0, 3}, {4, 0, 4}, {9, 0, 5}, {1, 1, 6}, {4, 0, 7}};
	static const uint64_t expected[] = {3, 4, 7, 1, 5, 6, 2};
	enum mptcp_column_id column = MPTCP_COLUMN_dsn;
	struct mptcp_series_options options = {.columns = &column, .column_count = 1};
	struct mptcp_series series;

	(void)state;
	start(&series, "attr", &options);
	for (size_t i = 0; i < sizeof(sent) / sizeof(sent[0]); i++)
		add(&series, make_packet(sent[i].time, sent[i].stream, sent[i].dsn));
	end(&series);
	assert_int_equal(series.row_count, 7);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(series.rows[i].y.position, expected[i]);
	mptcp_series_clear(&series);
}

static void a_line_is_named_by_its_ends_and_the_direction_of_the_data(void **state)
{
	enum mptcp_column_id columns[] = {MPTCP_COLUMN_dsn, MPTCP_COLUMN_tcplen};
	struct mptcp_series_options options = {.columns = columns, .column_count = 2};
	struct mptcp_packet back = make_packet(2, 0, 1);
	struct mptcp_address address = back.ipsrc;
	struct mptcp_series series;

	(void)state;
	back.ipsrc = back.ipdst;
	back.ipdst = address;
	back.sport = 80;
	back.dport = 1000;
	back.mptcpdest = MPTCP_CLIENT;
	start(&series, "attr", &options);
	add(&series, make_packet(1, 0, 1));
	add(&series, back);
	end(&series);
	assert_int_equal(series.line_count, 4);
	assert_string_equal(mptcp_series_line_name(&series, 0),
		"10.0.0.1:1000 > [2001:db8::9]:80 dsn");
	assert_string_equal(mptcp_series_line_name(&series, 1),
		"10.0.0.1:1000 > [2001:db8::9]:80 tcplen");
	assert_string_equal(mptcp_series_line_name(&series, 2),
		"[2001:db8::9]:80 > 10.0.0.1:1000 dsn");
	mptcp_series_clear(&series);
}

static void numbers_that_a_double_cannot_hold_stay_exact(void **state)
{
	enum mptcp_column_id columns[] = {MPTCP_COLUMN_dsn_raw, MPTCP_COLUMN_dsn};
	struct mptcp_series_options options = {.columns = columns, .column_count = 2};
	struct mptcp_packet packet = make_packet(1, 0, UINT64_MAX); /* relative: -1 */
	struct mptcp_series series;

	(void)state;
	packet.present |= MPTCP_HAS(dsn_raw);
	packet.dsn_raw = UINT64_MAX - 2;
	start(&series, "attr", &options);
	add(&series, packet);
	end(&series);
	assert_true(series.rows[0].y.count == UINT64_MAX - 2);
	assert_int_equal(series.rows[1].y.type, MPTCP_VALUE_POSITION);
	assert_true(series.rows[1].y.position == -1);
	mptcp_series_clear(&series);
}

static void data_before_the_first_known_number_counts_as_any_other(void **state)
{
	struct mptcp_series series;
	double sum = 0;

	(void)state;
	start(&series, "gput", &no_options);
	add(&series, make_packet(1, 0, 1));
	add(&series, make_packet(2, 0, (uint64_t)-9)); /* -9 to 0 */
	add(&series, make_packet(3, 0, (uint64_t)-4)); /* -4 to 5: nothing new */
	end(&series);
	for (size_t i = 0; i < series.row_count; i++)
		if (series.rows[i].kind == MPTCP_POINT_SUM)
			sum += series.rows[i].y.real;
	assert_true(sum * (double)MPTCP_SERIES_WINDOW / 8e9 == 20);
	mptcp_series_clear(&series);
}

static void a_pause_of_years_makes_no_row_for_each_window(void **state)
{
	struct mptcp_series series;

	(void)state;
	start(&series, "tput", &no_options);
	add(&series, make_packet(0, 0, 1));
	add(&series, make_packet(INT64_C(1000000000000000000), 0, 11));
	add(&series, make_packet(-MPTCP_SERIES_WINDOW / 2, 0, 21)); /* a clock that went back */
	end(&series);
	/* of the total and the subflow: -1, 0, 1 and three around the last */
	assert_int_equal(series.row_count, 12);
	assert_true(series.rows[0].x.time == -MPTCP_SERIES_WINDOW);
	mptcp_series_clear(&series);
}

/* Samples 0, 1, 2, 9 on line 0, and 5 on line 1. */
static void spread(struct mptcp_series *series, const struct mptcp_series_options *options)
{
	static const int64_t values[] = {9, 0, 2, 1};

	start(series, "dss_len", options);
	for (size_t i = 0; i < 4; i++)
		mptcp_series_sample(series, 0, values[i]);
	mptcp_series_sample(series, 1, 5);
	mptcp_series_sample(series, 1, 5);
	assert_int_equal(mptcp_series_spread(series, MPTCP_VALUE_COUNT), 0);
}

static void bins_are_equal_and_hold_every_sample_once(void **state)
{
	static const uint64_t middles[] = {2, 7, 2, 7}, counts[] = {3, 1, 0, 2};
	struct mptcp_series series;

	(void)state;
	spread(&series, &(struct mptcp_series_options){.bins = 2});
	assert_int_equal(series.row_count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(series.rows[i].x.count, middles[i]);
		assert_int_equal(series.rows[i].y.count, counts[i]);
	}
	mptcp_series_clear(&series);
}

static void where_there_are_fewer_values_than_bins_each_has_its_bar(void **state)
{
	struct mptcp_series series;

	(void)state;
	spread(&series, &(struct mptcp_series_options){.bins = 100});
	assert_int_equal(series.row_count, 5);
	assert_int_equal(series.rows[3].x.count, 9);
	assert_int_equal(series.rows[4].y.count, 2);
	mptcp_series_clear(&series);
}

static void a_cumulative_distribution_ends_at_one(void **state)
{
	struct mptcp_series series;

	(void)state;
	spread(&series, &(struct mptcp_series_options){.cdf = true});
	assert_int_equal(series.row_count, 5);
	assert_true(series.rows[0].y.real == 0.25);
	assert_true(series.rows[3].y.real == 1);
	assert_true(series.rows[4].y.real == 1);
	mptcp_series_clear(&series);
}

static void extreme_samples_do_not_overflow(void **state)
{
	struct mptcp_series series;

	(void)state;
	start(&series, "dss_len", &(struct mptcp_series_options){.bins = 3});
	mptcp_series_sample(&series, 0, INT64_MIN);
	mptcp_series_sample(&series, 0, INT64_MAX);
	mptcp_series_sample(&series, 0, 0);
	assert_int_equal(mptcp_series_spread(&series, MPTCP_VALUE_TIME), 0);
	assert_int_equal(series.row_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(series.rows[i].y.count, 1);
	mptcp_series_clear(&series);
}

static void an_event_names_what_is_news(void **state)
{
	char text[MPTCP_SERIES_EVENT_TEXT];
	struct mptcp_packet packet = make_packet(1, 0, 1);

	(void)state;
	packet.present |= MPTCP_HAS(addrid) | MPTCP_HAS(subtype) | MPTCP_HAS(datafin);
	packet.addrid = (struct mptcp_text){"2;3", 3};
	packet.subtype = 1 << 2 | 1 << 4 | 1 << 7; /* DSS, REMOVE_ADDR, MP_FASTCLOSE */
	packet.datafin = 1;
	size_t length = mptcp_series_event(text, &packet, false);
	assert_int_equal(length, strlen("REMOVE_ADDR 2;3, MP_FASTCLOSE, DATA_FIN"));
	assert_memory_equal(text, "REMOVE_ADDR 2;3, MP_FASTCLOSE, DATA_FIN", length);
	packet.subtype = 1 << 2;
	assert_int_equal(mptcp_series_event(text, &packet, true), 0);
	/* the third ACK of a join is not an event, its SYN is */
	packet.subtype = 1 << 1;
	assert_int_equal(mptcp_series_event(text, &packet, true), 0);
	packet.tcpflags = MPTCP_SYN;
	assert_int_equal(mptcp_series_event(text, &packet, true), strlen("MP_JOIN 2;3"));
	/* an echo: kind 30, length 16, subtype 3, E flag */
	packet.present |= MPTCP_HAS(options);
	packet.subtype = 1 << 3;
	packet.options = (struct mptcp_text){"1e0831020a000001", 16};
	assert_int_equal(mptcp_series_event(text, &packet, true), 0);
	packet.options = (struct mptcp_text){"1e1030020a0000010102030405060708", 32};
	assert_int_equal(mptcp_series_event(text, &packet, true), strlen("ADD_ADDR 2;3"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_series_of_packets_has_a_module_and_kinds_that_exist),
		cmocka_unit_test(
			rows_come_by_line_then_by_x_and_those_of_the_same_x_keep_their_order),
		cmocka_unit_test(a_line_is_named_by_its_ends_and_the_direction_of_the_data),
		cmocka_unit_test(numbers_that_a_double_cannot_hold_stay_exact),
		cmocka_unit_test(data_before_the_first_known_number_counts_as_any_other),
		cmocka_unit_test(a_pause_of_years_makes_no_row_for_each_window),
		cmocka_unit_test(bins_are_equal_and_hold_every_sample_once),
		cmocka_unit_test(where_there_are_fewer_values_than_bins_each_has_its_bar),
		cmocka_unit_test(a_cumulative_distribution_ends_at_one),
		cmocka_unit_test(extreme_samples_do_not_overflow),
		cmocka_unit_test(an_event_names_what_is_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
