/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets: every column written and read back, and what is not a value of a column. */
#include "decimal.h"
#include "options.h"
#include "packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct example {
	enum mptcp_column_type type;
	const char *text;
};

/* Texts that must come back exactly, by type: smallest, largest, others. */
static const struct example good[] = {
	{MPTCP_TYPE_U8, "0"},
	{MPTCP_TYPE_U8, "255"},
	{MPTCP_TYPE_U16, "0"},
	{MPTCP_TYPE_U16, "65535"},
	{MPTCP_TYPE_U16, "9"},
	{MPTCP_TYPE_U32, "0"},
	{MPTCP_TYPE_U32, "4294967295"},
	{MPTCP_TYPE_U32, "10"},
	{MPTCP_TYPE_U32, "99999"},
	{MPTCP_TYPE_U64, "0"},
	{MPTCP_TYPE_U64, "18446744073709551615"},
	{MPTCP_TYPE_U64, "10000000000000000000"},
	{MPTCP_TYPE_U64, "9999999999999999999"},
	{MPTCP_TYPE_U64, "12345"},
	{MPTCP_TYPE_TIME, "0.000000000"},
	{MPTCP_TYPE_TIME, "1700000000.123456789"},
	{MPTCP_TYPE_TIME, "-0.000000001"},
	{MPTCP_TYPE_TIME, "3458764513.820540927"},
	{MPTCP_TYPE_TIME, "-1152921504.606846975"},
	{MPTCP_TYPE_TIME, "-12.500000000"},
	{MPTCP_TYPE_ADDRESS, "10.0.0.1"},
	{MPTCP_TYPE_ADDRESS, "2001:db8::1"},
	{MPTCP_TYPE_ROLE, "client"},
	{MPTCP_TYPE_ROLE, "server"},
	{MPTCP_TYPE_DIRECTION, "in"},
	{MPTCP_TYPE_DIRECTION, "out"},
	{MPTCP_TYPE_FLAGS, "0x0000"},
	{MPTCP_TYPE_FLAGS, "0x0012"},
	{MPTCP_TYPE_FLAGS, "0xffff"},
	{MPTCP_TYPE_BOOL, "0"},
	{MPTCP_TYPE_BOOL, "1"},
	{MPTCP_TYPE_TOKEN, "00000000"},
	{MPTCP_TYPE_TOKEN, "00c0ffee"},
	{MPTCP_TYPE_TOKEN, "ffffffff"},
	{MPTCP_TYPE_SUBTYPES, "MP_CAPABLE"},
	{MPTCP_TYPE_SUBTYPES, "DSS;MP_PRIO"},
	{MPTCP_TYPE_SUBTYPES, "MP_JOIN;MPTCP_15"},
	{MPTCP_TYPE_TEXT, "eth0"},
	{MPTCP_TYPE_TEXT, "1;2, \"x\""},
};

static const struct example bad[] = {
	{MPTCP_TYPE_U8, "256"},
	{MPTCP_TYPE_U8, "-1"},
	{MPTCP_TYPE_U8, "+1"},
	{MPTCP_TYPE_U8, "1 "},
	{MPTCP_TYPE_U8, "x"},
	{MPTCP_TYPE_U16, "65536"},
	{MPTCP_TYPE_U32, "4294967296"},
	{MPTCP_TYPE_U32, "0x10"},
	{MPTCP_TYPE_U32, "1.0"},
	{MPTCP_TYPE_U64, "18446744073709551616"},
	{MPTCP_TYPE_U64, "99999999999999999999"},
	{MPTCP_TYPE_U64, "28446744073709551615"},
	{MPTCP_TYPE_U64, "100000000000000000000"},
	{MPTCP_TYPE_U64, " 1"},
	{MPTCP_TYPE_TIME, "1.0000000000"},
	{MPTCP_TYPE_TIME, "."},
	{MPTCP_TYPE_TIME, "1."},
	{MPTCP_TYPE_TIME, ".5"},
	{MPTCP_TYPE_TIME, "-"},
	{MPTCP_TYPE_TIME, "--1.0"},
	{MPTCP_TYPE_TIME, "1.-5"},
	{MPTCP_TYPE_TIME, "1e5"},
	{MPTCP_TYPE_TIME, "9223372036.854775808"},
	{MPTCP_TYPE_TIME, "-9223372036.854775809"},
	{MPTCP_TYPE_TIME, "9223372037"},
	{MPTCP_TYPE_TIME, "9223372036.854775807"},
	{MPTCP_TYPE_TIME, "4611686018.427387904"},
	{MPTCP_TYPE_TIME, "-3458764513.820540928"},
	{MPTCP_TYPE_TIME, "1.2.3"},
	{MPTCP_TYPE_ADDRESS, "10.0.0"},
	{MPTCP_TYPE_ADDRESS, "host"},
	{MPTCP_TYPE_ROLE, "Client"},
	{MPTCP_TYPE_ROLE, "clients"},
	{MPTCP_TYPE_ROLE, "0"},
	{MPTCP_TYPE_ROLE, "sirver"},
	{MPTCP_TYPE_DIRECTION, "ni"},
	{MPTCP_TYPE_DIRECTION, "outs"},
	{MPTCP_TYPE_FLAGS, "0x10000"},
	{MPTCP_TYPE_FLAGS, "12"},
	{MPTCP_TYPE_FLAGS, "0x"},
	{MPTCP_TYPE_FLAGS, "0x00g0"},
	{MPTCP_TYPE_FLAGS, "0x000000012"},
	{MPTCP_TYPE_BOOL, "2"},
	{MPTCP_TYPE_BOOL, "01"},
	{MPTCP_TYPE_BOOL, "True"},
	{MPTCP_TYPE_TOKEN, "1234567"},
	{MPTCP_TYPE_TOKEN, "123456789"},
	{MPTCP_TYPE_TOKEN, "1234567x"},
	{MPTCP_TYPE_TOKEN, "0x123456"},
	{MPTCP_TYPE_SUBTYPES, "dss"},
	{MPTCP_TYPE_SUBTYPES, "DSS;"},
	{MPTCP_TYPE_SUBTYPES, ";DSS"},
	{MPTCP_TYPE_SUBTYPES, "DSS,MP_PRIO"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int parse(struct mptcp_packet *packet, enum mptcp_column_id id, const char *text)
{
	return mptcp_packet_parse(packet, id, text, strlen(text));
}

static void every_column_comes_back_as_it_was_written(void **state)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	(void)state;
	for (int id = 0; id < MPTCP_COLUMNS; id++) {
		int tried = 0;
		for (size_t i = 0; i < COUNT(good); i++) {
			struct mptcp_packet packet = {0};
			if (good[i].type != mptcp_columns[id].type)
				continue;
			assert_int_equal(parse(&packet, (enum mptcp_column_id)id, good[i].text), 0);
			assert_true(packet.present == MPTCP_BIT(id));
			mptcp_buffer_reset(&text);
			mptcp_packet_format(&text, &packet, (enum mptcp_column_id)id);
			assert_string_equal(text.bytes, good[i].text);
			tried++;
		}
		assert_true(tried >= 2);
	}
	mptcp_buffer_clear(&text);
}

static void what_is_no_value_is_refused_and_leaves_the_column_absent(void **state)
{
	(void)state;
	for (int id = 0; id < MPTCP_COLUMNS; id++) {
		for (size_t i = 0; i < COUNT(bad); i++) {
			struct mptcp_packet packet = {.present = MPTCP_ALL_COLUMNS};
			if (bad[i].type != mptcp_columns[id].type)
				continue;
			if (parse(&packet, (enum mptcp_column_id)id, bad[i].text) == 0)
				fail_msg("'%s' was taken for a value of '%s'", bad[i].text,
					mptcp_columns[id].name);
			assert_false(mptcp_packet_has(&packet, (enum mptcp_column_id)id));
		}
	}
}

static void an_empty_value_is_an_absent_one(void **state)
{
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;

	(void)state;
	mptcp_buffer_add_string(&text, "before");
	for (int id = 0; id < MPTCP_COLUMNS; id++) {
		struct mptcp_packet packet = {.present = MPTCP_ALL_COLUMNS};
		assert_int_equal(parse(&packet, (enum mptcp_column_id)id, ""), 0);
		assert_true(packet.present == (MPTCP_ALL_COLUMNS & ~MPTCP_BIT(id)));
		mptcp_packet_format(&text, &packet, (enum mptcp_column_id)id);
		assert_string_equal(text.bytes, "before");
	}
	mptcp_buffer_clear(&text);
}

static void every_number_of_digits_is_written_right(void **state)
{
	char text[20], expected[32];

	(void)state;
	for (uint64_t power = 1;; power *= 10) {
		for (int offset = -1; offset <= 1; offset++) {
			uint64_t number = power + (uint64_t)(int64_t)offset;
			size_t length = mptcp_decimal_format(text, number);
			assert_int_equal(snprintf(expected, sizeof(expected), "%llu",
						 (unsigned long long)number),
				(int)length);
			assert_memory_equal(text, expected, length);
		}
		if (power > UINT64_MAX / 10)
			break;
	}
}

static void times_may_have_fewer_decimals(void **state)
{
	static const struct {
		const char *text;
		int64_t time;
	} times[] = {{"5", 5000000000}, {"1.5", 1500000000}, {"-0.25", -250000000},
		{"0.00000001", 10}, {"-3", -3000000000}, {"-0", 0}};
	int64_t time;

	(void)state;
	for (size_t i = 0; i < COUNT(times); i++) {
		assert_int_equal(mptcp_time_parse(&time, times[i].text, strlen(times[i].text)), 0);
		assert_true(time == times[i].time);
	}
}

static void flags_of_every_tshark_version_are_read(void **state)
{
	struct mptcp_packet packet = {0};

	(void)state;
	assert_int_equal(parse(&packet, MPTCP_COLUMN_tcpflags, "0x00000012"), 0);
	assert_int_equal(packet.tcpflags, MPTCP_SYN | MPTCP_ACK);
	assert_int_equal(parse(&packet, MPTCP_COLUMN_tcpflags, "0x00AB"), 0);
	assert_int_equal(packet.tcpflags, 0xab);
}

static void all_subtypes_at_once_fit(void **state)
{
	struct mptcp_packet packet = {.present = MPTCP_HAS(subtype), .subtype = UINT16_MAX},
			    back = {0};
	char text[MPTCP_VALUE_TEXT];

	(void)state;
	size_t length = mptcp_packet_value(text, &packet, MPTCP_COLUMN_subtype);
	assert_true(length < sizeof(text));
	assert_int_equal(mptcp_packet_parse(&back, MPTCP_COLUMN_subtype, text, length), 0);
	assert_int_equal(back.subtype, UINT16_MAX);
}

static void numbers_for_plots_are_those_of_numeric_columns(void **state)
{
	struct mptcp_packet packet = {.present = MPTCP_ALL_COLUMNS,
		.reltime = -1500000000,
		.dsn = UINT64_C(1) << 40,
		.sport = 80,
		.mptcpdest = MPTCP_SERVER,
		.recvtok = 7};
	double number;

	(void)state;
	assert_true(mptcp_packet_number(&packet, MPTCP_COLUMN_reltime, &number) && number == -1.5);
	assert_true(mptcp_packet_number(&packet, MPTCP_COLUMN_dsn, &number) &&
		number == 1099511627776.0);
	assert_true(mptcp_packet_number(&packet, MPTCP_COLUMN_sport, &number) && number == 80);
	assert_true(mptcp_packet_number(&packet, MPTCP_COLUMN_mptcpdest, &number) && number == 1);
	assert_true(mptcp_packet_number(&packet, MPTCP_COLUMN_recvtok, &number) && number == 7);
	for (int id = 0; id < MPTCP_COLUMNS; id++) {
		enum mptcp_column_type type = mptcp_columns[id].type;
		bool numeric = type != MPTCP_TYPE_TEXT && type != MPTCP_TYPE_ADDRESS &&
			type != MPTCP_TYPE_SUBTYPES;
		assert_int_equal(mptcp_packet_number(&packet, (enum mptcp_column_id)id, &number),
			numeric);
	}
	packet.present = 0;
	assert_false(mptcp_packet_number(&packet, MPTCP_COLUMN_dsn, &number));
}

static void columns_are_found_by_their_whole_name(void **state)
{
	(void)state;
	for (int id = 0; id < MPTCP_COLUMNS; id++)
		assert_int_equal(
			mptcp_column_find(mptcp_columns[id].name, strlen(mptcp_columns[id].name)),
			id);
	assert_int_equal(mptcp_column_find("dsn_rawx", 7), MPTCP_COLUMN_dsn_raw);
	assert_int_equal(mptcp_column_find("ds", 2), -1);
	assert_int_equal(mptcp_column_find("DSN", 3), -1);
	assert_int_equal(mptcp_column_find("", 0), -1);
}

/* A packet of a stream that has all it must have. */
static struct mptcp_packet whole(void)
{
	return (struct mptcp_packet){.present = MPTCP_ALL_COLUMNS,
		.tcpflags = MPTCP_ACK,
		.mptcpstream = 7,
		.tcpstream = 3};
}

/* The error without these columns; NULL: all is well. */
static void assert_missing(struct mptcp_packet packet, uint64_t without, const char *text)
{
	struct mptcp_error error;

	packet.present &= ~without;
	assert_int_equal(mptcp_packet_check(&packet, MPTCP_ALL_COLUMNS, &error), text ? -1 : 0);
	if (!text)
		return;
	assert_int_equal(error.status, MPTCP_DATA);
	assert_string_equal(error.text, text);
	/* callers that do not need it get no error */
	assert_int_equal(mptcp_packet_check(&packet, MPTCP_ALL_COLUMNS & ~without, &error), 0);
}

static void what_a_packet_must_have_is_checked(void **state)
{
	struct mptcp_packet packet = whole();
	(void)state;

	assert_missing(packet, 0, NULL);
	assert_missing(packet, MPTCP_HAS(mptcpdest),
		"mptcpdest is empty although mptcpstream is 7");
	assert_missing(packet, MPTCP_HAS(tcpdest), "tcpdest is empty although tcpstream is 3");
	assert_missing(packet, MPTCP_HAS(tcpstream),
		"tcpstream is empty although mptcpstream is 7");
	assert_missing(packet, MPTCP_HAS(tcpflags), "tcpflags is empty");
	assert_missing(packet, MPTCP_HAS(tcpack), "tcpack is empty although tcpflags is 0x0010");
	assert_missing(packet, MPTCP_HAS(rwnd), "rwnd is empty although tcpstream is 3");
	assert_missing(packet, MPTCP_HAS(tsecr), "tsecr is empty although tsval is 0");
	assert_missing(packet, MPTCP_HAS(tsval), "tsval is empty although tsecr is 0");
	assert_missing(packet, MPTCP_HAS(dsn_raw), "dsn_raw is empty although dsn is 0");
	assert_missing(packet, MPTCP_HAS(dack_raw), "dack_raw is empty although dack is 0");
	assert_missing(packet, MPTCP_HAS(dss_length), "dss_length is empty although dss_dsn is 0");
	packet.tcpflags = MPTCP_SYN;
	assert_missing(packet, MPTCP_HAS(tcpack), NULL);
	/* plain TCP; a join that nobody could place; a copy, which belongs to no stream */
	assert_missing(packet, MPTCP_HAS(mptcpstream) | MPTCP_HAS(mptcpdest), NULL);
	assert_missing(packet, MPTCP_HAS(mptcpstream), NULL);
	assert_missing(packet,
		MPTCP_HAS(mptcpstream) | MPTCP_HAS(tcpstream) | MPTCP_HAS(tcpdest) |
			MPTCP_HAS(tcpseq) | MPTCP_HAS(rwnd),
		NULL);
}

static void a_copy_has_texts_of_its_own(void **state)
{
	struct mptcp_packet packet = {.present = mptcp_text_columns, .extras = 2}, copy;
	char texts[64 * 2], room[64 * 2];
	size_t length = 0;
	(void)state;

	for (uint64_t left = mptcp_text_columns; left; left &= left - 1) {
		enum mptcp_column_id id = mptcp_column_first(left);

		memset(texts + length, 'a' + (int)(id % 26), 2);
		*mptcp_packet_text(&packet, id) = (struct mptcp_text){texts + length, 2};
		length += 2;
	}
	packet.present &= ~MPTCP_HAS(addrid); /* one that is not there is not copied */
	assert_int_equal(mptcp_packet_text_length(&packet), length - 2);
	mptcp_packet_copy(&copy, &packet, room);
	memset(texts, '?', sizeof(texts));
	assert_int_equal(copy.extras, 0);
	for (uint64_t left = copy.present & mptcp_text_columns; left; left &= left - 1) {
		enum mptcp_column_id id = mptcp_column_first(left);
		const struct mptcp_text *text = mptcp_packet_text(&copy, id);

		assert_int_equal(mptcp_columns[id].type, MPTCP_TYPE_TEXT);
		assert_int_equal(text->length, 2);
		assert_int_equal(text->bytes[1], 'a' + (int)(id % 26));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_column_comes_back_as_it_was_written),
		cmocka_unit_test(what_is_no_value_is_refused_and_leaves_the_column_absent),
		cmocka_unit_test(an_empty_value_is_an_absent_one),
		cmocka_unit_test(every_number_of_digits_is_written_right),
		cmocka_unit_test(times_may_have_fewer_decimals),
		cmocka_unit_test(flags_of_every_tshark_version_are_read),
		cmocka_unit_test(all_subtypes_at_once_fit),
		cmocka_unit_test(numbers_for_plots_are_those_of_numeric_columns),
		cmocka_unit_test(columns_are_found_by_their_whole_name),
		cmocka_unit_test(what_a_packet_must_have_is_checked),
		cmocka_unit_test(a_copy_has_texts_of_its_own),
	};

	return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
