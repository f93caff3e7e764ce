/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MPTCP options from their bytes (RFC 8684, RFC 6824): every form, and every way to be malformed.
 */
#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "packet.h"

/* The bytes stay until the next call, in a block of exactly their size, so that reading beyond is
 * seen. */
static uint8_t *exact;

static void parse(struct mptcp_options *options, const char *hex, unsigned tcp_flags)
{
	size_t length = strlen(hex) / 2;

	free(exact);
	exact = malloc(length ? length : 1);
	assert_non_null(exact);
	for (size_t i = 0; i < length; i++) {
		char pair[3] = {hex[2 * i], hex[2 * i + 1], 0};

		exact[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	mptcp_options_parse(options, exact, length, tcp_flags);
}

static const struct mptcp_option_value *parse_one(struct mptcp_options *options, const char *hex,
	unsigned tcp_flags)
{
	parse(options, hex, tcp_flags);
	assert_int_equal(options->malformed_count, 0);
	assert_int_equal(options->count, 1);
	assert_int_equal(options->values[0].length, strlen(hex) / 2);
	return &options->values[0];
}

static int release_bytes(void **state)
{
	(void)state;
	free(exact);
	exact = NULL;
	return 0;
}

static void subtype_names_and_numbers_belong_together(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MPTCP_SUBTYPES; i++) {
		const char *name = mptcp_subtype_name(i);

		assert_int_equal(mptcp_subtype_find(name, strlen(name)), (int)i);
	}
	assert_string_equal(mptcp_subtype_name(MPTCP_MP_CAPABLE), "MP_CAPABLE");
	assert_string_equal(mptcp_subtype_name(MPTCP_MP_TCPRST), "MP_TCPRST");
	assert_int_equal(mptcp_subtype_find("DS", 2), -1);
	assert_int_equal(mptcp_subtype_find("", 0), -1);
	assert_int_equal(mptcp_subtype_find("DSSX", 3), MPTCP_DSS);
}

static void capable_has_each_form_of_both_versions(void **state)
{
	struct mptcp_options options;
	const struct mptcp_option_value *value;

	(void)state;
	value = parse_one(&options, "1e0401a1", MPTCP_SYN);
	assert_int_equal(value->capable.version, 1);
	assert_int_equal(value->capable.flags, 0xa1);
	assert_int_equal(value->capable.keys, 0);
	value = parse_one(&options, "1e0c00811122334455667788", MPTCP_SYN);
	assert_int_equal(value->capable.version, 0);
	assert_int_equal(value->capable.keys, 1);
	assert_true(value->capable.sender_key == 0x1122334455667788);
	value = parse_one(&options, "1e14010111223344556677888877665544332211", MPTCP_ACK);
	assert_int_equal(value->capable.keys, 2);
	assert_true(value->capable.receiver_key == 0x8877665544332211);
	assert_false(value->capable.has_length);
	value = parse_one(&options, "1e160101112233445566778888776655443322110578", MPTCP_ACK);
	assert_true(value->capable.has_length);
	assert_int_equal(value->capable.data_length, 1400);
	assert_false(value->capable.has_checksum);
	value = parse_one(&options, "1e1801811122334455667788887766554433221105781234", MPTCP_ACK);
	assert_true(value->capable.has_checksum);
	assert_int_equal(value->capable.checksum, 0x1234);
}

static void join_has_the_form_its_tcp_flags_say(void **state)
{
	struct mptcp_options options;
	const struct mptcp_option_value *value;

	(void)state;
	value = parse_one(&options, "1e0c1107aabbccdd01020304", MPTCP_SYN);
	assert_int_equal(value->join.form, MPTCP_JOIN_SYN);
	assert_true(value->join.backup);
	assert_int_equal(value->join.address_id, 7);
	assert_int_equal(value->join.token, 0xaabbccdd);
	assert_int_equal(value->join.nonce, 0x01020304);
	assert_null(value->join.hmac);
	value = parse_one(&options, "1e101009a1a2a3a4a5a6a7a801020304", MPTCP_SYN | MPTCP_ACK);
	assert_int_equal(value->join.form, MPTCP_JOIN_SYN_ACK);
	assert_false(value->join.backup);
	assert_int_equal(value->join.address_id, 9);
	assert_int_equal(value->join.nonce, 0x01020304);
	assert_int_equal(value->join.hmac[0], 0xa1);
	value = parse_one(&options, "1e181000b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4", MPTCP_ACK);
	assert_int_equal(value->join.form, MPTCP_JOIN_ACK);
	assert_int_equal(value->join.hmac[19], 0xc4);
	parse(&options, "1e0c1107aabbccdd01020304", MPTCP_ACK);
	assert_int_equal(options.malformed_count, 1);
	parse(&options, "1e101009a1a2a3a4a5a6a7a801020304", MPTCP_SYN);
	assert_int_equal(options.malformed_count, 1);
}

static void dss_fields_follow_its_flags(void **state)
{
	struct mptcp_options options;
	const struct mptcp_option_value *value;

	(void)state;
	value = parse_one(&options, "1e082001f0000001", MPTCP_ACK);
	assert_true(value->dss.has_ack);
	assert_false(value->dss.ack_64 || value->dss.has_mapping || value->dss.data_fin);
	assert_true(value->dss.ack == 0xf0000001);
	value = parse_one(&options, "1e0c20030102030405060708", MPTCP_ACK);
	assert_true(value->dss.ack_64);
	assert_true(value->dss.ack == 0x0102030405060708);
	value = parse_one(&options, "1e0e2004fffffff00000000105dc", MPTCP_ACK);
	assert_true(value->dss.has_mapping);
	assert_false(value->dss.has_ack || value->dss.dsn_64 || value->dss.has_checksum);
	assert_true(value->dss.dsn == 0xfffffff0);
	assert_int_equal(value->dss.ssn, 1);
	assert_int_equal(value->dss.length, 1500);
	/* as Linux sends it: a 32-bit DATA_ACK and a 64-bit DSN, with DATA_FIN and checksum */
	value = parse_one(&options, "1e18201df0000001010203040506070800000002fffeabcd", MPTCP_ACK);
	assert_true(value->dss.data_fin && value->dss.dsn_64 && !value->dss.ack_64);
	assert_true(value->dss.dsn == 0x0102030405060708);
	assert_int_equal(value->dss.ssn, 2);
	assert_int_equal(value->dss.length, 0xfffe);
	assert_true(value->dss.has_checksum);
	assert_int_equal(value->dss.checksum, 0xabcd);
	value = parse_one(&options, "1e1c200f1111111122222222333333334444444400000001000a0102",
		MPTCP_ACK);
	assert_true(value->dss.ack == 0x1111111122222222);
	assert_true(value->dss.dsn == 0x3333333344444444);
	/* no field at all */
	value = parse_one(&options, "1e042000", MPTCP_ACK);
	assert_false(value->dss.has_ack || value->dss.has_mapping);
}

static void dss_of_another_length_than_its_flags_say_is_malformed(void **state)
{
	static const char *const texts[] = {"1e042001", "1e0a2001f00000010000", "1e062000abcd",
		"1e0d2004fffffff00000000105", "1e0f2004fffffff00000000105dc01"};
	struct mptcp_options options;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		parse(&options, texts[i], MPTCP_ACK);
		assert_int_equal(options.malformed_count, 1);
		assert_int_equal(options.count, 0);
		assert_int_equal(options.subtypes, 0);
	}
}

static void add_addr_has_each_form_of_both_versions(void **state)
{
	static const struct {
		const char *hex;
		unsigned family, id, port;
		bool echo, hmac;
	} cases[] = {
		{"1e1030050a0000010102030405060708", 4, 5, 0, false, true},
		{"1e1230050a0000011f900102030405060708", 4, 5, 8080, false, true},
		{"1e08310500000000", 4, 5, 0, true, false},
		{"1e0a31050a0000011f90", 4, 5, 8080, true, false},
		{"1e1c300620010db80000000000000000000000010102030405060708", 6, 6, 0, false, true},
		{"1e1e300620010db80000000000000000000000011f900102030405060708", 6, 6, 8080, false,
			true},
		{"1e14310620010db8000000000000000000000001", 6, 6, 0, true, false},
		{"1e16310620010db80000000000000000000000011f90", 6, 6, 8080, true, false},
		/* RFC 6824 section 3.4.1 */
		{"1e0834050a000001", 4, 5, 0, false, false},
		{"1e0a34050a0000011f90", 4, 5, 8080, false, false},
		{"1e14360620010db8000000000000000000000001", 6, 6, 0, false, false},
		{"1e16360620010db80000000000000000000000011f90", 6, 6, 8080, false, false},
	};
	struct mptcp_options options;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct mptcp_option_value *value =
			parse_one(&options, cases[i].hex, MPTCP_ACK);

		assert_int_equal(value->add.address.family, cases[i].family);
		assert_int_equal(value->add.address_id, cases[i].id);
		assert_int_equal(value->add.has_port, cases[i].port != 0);
		assert_int_equal(value->add.port, cases[i].port);
		assert_int_equal(value->add.echo, cases[i].echo);
		assert_int_equal(value->add.hmac != NULL, cases[i].hmac);
		if (value->add.hmac)
			assert_int_equal(value->add.hmac[7], 8);
	}
}

static void add_addr_of_v0_with_the_length_of_the_other_family_is_malformed(void **state)
{
	struct mptcp_options options;

	(void)state;
	parse(&options, "1e14340620010db8000000000000000000000001", MPTCP_ACK);
	assert_int_equal(options.malformed_count, 1);
	parse(&options, "1e0836050a000001", MPTCP_ACK);
	assert_int_equal(options.malformed_count, 1);
}

static void the_other_options_have_their_fields(void **state)
{
	struct mptcp_options options;
	const struct mptcp_option_value *value;

	(void)state;
	value = parse_one(&options, "1e0640010203", MPTCP_ACK);
	assert_int_equal(value->remove.count, 3);
	assert_int_equal(value->remove.address_ids[2], 3);
	value = parse_one(&options, "1e0351", MPTCP_ACK);
	assert_true(value->prio.backup);
	assert_false(value->prio.has_address_id);
	value = parse_one(&options, "1e045004", MPTCP_ACK);
	assert_false(value->prio.backup);
	assert_true(value->prio.has_address_id);
	assert_int_equal(value->prio.address_id, 4);
	value = parse_one(&options, "1e0c60000102030405060708", MPTCP_ACK);
	assert_true(value->fail.dsn == 0x0102030405060708);
	value = parse_one(&options, "1e0c70000102030405060708", MPTCP_ACK);
	assert_true(value->fastclose.key == 0x0102030405060708);
	value = parse_one(&options, "1e048103", MPTCP_RST);
	assert_true(value->reset.transient);
	assert_int_equal(value->reset.reason, 3);
	value = parse_one(&options, "1e03f0", MPTCP_ACK);
	assert_int_equal(value->subtype, 15);
}

static void several_options_of_one_segment_are_all_there(void **state)
{
	struct mptcp_options options;

	(void)state;
	/* NOP NOP timestamps, DSS, REMOVE_ADDR, MP_PRIO, NOP, end, and what stands after the end */
	parse(&options, "0101080a00000001000000021e082001f00000011e0440071e035101001e0351",
		MPTCP_ACK);
	assert_int_equal(options.malformed_count, 0);
	assert_true(options.has_timestamps);
	assert_int_equal(options.tsval, 1);
	assert_int_equal(options.tsecr, 2);
	assert_int_equal(options.count, 3);
	assert_int_equal(options.subtypes,
		1 << MPTCP_DSS | 1 << MPTCP_REMOVE_ADDR | 1 << MPTCP_MP_PRIO);
	assert_ptr_equal(mptcp_options_find(&options, MPTCP_REMOVE_ADDR), &options.values[1]);
	assert_null(mptcp_options_find(&options, MPTCP_MP_FAIL));
}

static void thirteen_options_fit_and_are_kept(void **state)
{
	struct mptcp_options options;
	char hex[13 * 6 + 3] = "";

	(void)state;
	for (int i = 0; i < 13; i++)
		strcat(hex, i % 2 ? "1e0351" : "1e0350");
	strcat(hex, "00");
	parse(&options, hex, MPTCP_ACK);
	assert_int_equal(options.malformed_count, 0);
	assert_int_equal(options.count, 13);
	assert_true(options.values[11].prio.backup);
}

static void window_scale_above_fourteen_is_fourteen(void **state)
{
	struct mptcp_options options;

	(void)state;
	parse(&options, "030307", MPTCP_SYN);
	assert_true(options.has_window_scale);
	assert_int_equal(options.window_scale, 7);
	parse(&options, "0303ff", MPTCP_SYN);
	assert_int_equal(options.window_scale, 14);
}

static void a_malformed_option_is_named_and_what_was_before_stays(void **state)
{
	static const char *const rest[] = {"1e", "1e00", "1e01", "1e02", "1eff20", "1e0820", "05",
		"0500", "0501", "08ff", "1e0320", "1e0300", "1e0310", "1e0330", "1e0340", "1e0360",
		"1e0370", "1e0380", "1e055000aa", "1e0501a100"};
	struct mptcp_options options;
	char hex[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		strcpy(hex, "1e0351");
		strcat(hex, rest[i]);
		parse(&options, hex, MPTCP_ACK);
		assert_int_equal(options.malformed_count, 1);
		assert_int_equal(options.count, 1);
		assert_int_equal(options.subtypes, 1 << MPTCP_MP_PRIO);
	}
	parse(&options, "", MPTCP_ACK);
	assert_int_equal(options.malformed_count, 0);
	assert_int_equal(options.count, 0);
}

/* What is named malformed in these options, and how many others there are. */
static void assert_named(const char *hex, unsigned flags, const char *text, size_t values)
{
	struct mptcp_options options;
	struct mptcp_buffer list = MPTCP_BUFFER_INIT;

	parse(&options, hex, flags);
	for (size_t i = 0; i < options.malformed_count; i++)
		assert_int_equal(mptcp_malformed_add(&list, &options.malformed[i]), 0);
	assert_string_equal(list.length ? list.bytes : "", text);
	assert_int_equal(options.count, values);
	mptcp_buffer_clear(&list);
}

#define DSS_ACK "1e082001f0000001"

static void what_follows_a_malformed_option_counts(void **state)
{
	(void)state;
	assert_named("1e05500400" DSS_ACK, MPTCP_ACK, "MP_PRIO:5:length", 1);
	assert_named("1e0c1001000000010000000a" DSS_ACK, MPTCP_ACK, "MP_JOIN:12:length", 1);
	assert_named("1e0d1001000000010000000a00" DSS_ACK, MPTCP_SYN, "MP_JOIN:13:length", 1);
	assert_named("1e0340" DSS_ACK "1e058103ff", MPTCP_ACK,
		"REMOVE_ADDR:3:length;MP_TCPRST:5:length", 1);
	assert_named("1e0b600001020304050607" DSS_ACK, MPTCP_ACK, "MP_FAIL:11:length", 1);
	assert_named("1e0d70000102030405060708ff" DSS_ACK, MPTCP_ACK, "MP_FASTCLOSE:13:length", 1);
	assert_named("1e0f30050a00000101020304050607" DSS_ACK, MPTCP_ACK, "ADD_ADDR:15:length", 1);
	assert_named("1e050001ff" DSS_ACK, MPTCP_ACK, "MP_CAPABLE:5:length", 1);
	assert_named("1e02" DSS_ACK, MPTCP_ACK, "MPTCP:2:no_subtype", 1);
	/* an option of TCP of a strange length is TCP's affair */
	assert_named("0803ff" DSS_ACK, MPTCP_ACK, "", 1);
}

static void a_length_that_leads_nowhere_ends_the_list(void **state)
{
	(void)state;
	assert_named("1e00" DSS_ACK, MPTCP_ACK, "MPTCP:0:zero_length", 0);
	assert_named("0501" DSS_ACK, MPTCP_ACK, "kind_5:1:zero_length", 0);
	assert_named(DSS_ACK "1eff51", MPTCP_ACK, "MP_PRIO:255:past_end", 1);
	assert_named(DSS_ACK "1e", MPTCP_ACK, "MPTCP:0:past_end", 1);
	assert_named(DSS_ACK "080a0000", MPTCP_ACK, "kind_8:10:past_end", 1);
}

static void mp_capable_that_asks_for_checksums_and_has_none_keeps_its_keys(void **state)
{
	struct mptcp_options options;
	(void)state;

	assert_named("1e160181"
		     "0102030405060708"
		     "1112131415161718"
		     "0064",
		MPTCP_ACK, "MP_CAPABLE:22:no_checksum", 1);
	parse(&options,
		"1e160181"
		"0102030405060708"
		"1112131415161718"
		"0064",
		MPTCP_ACK);
	assert_int_equal(options.values[0].capable.keys, 2);
	assert_named("1e160101"
		     "0102030405060708"
		     "1112131415161718"
		     "0064",
		MPTCP_ACK, "", 1);
	/* mirrored by a middlebox: no key */
	parse(&options, "1e040181", MPTCP_SYN | MPTCP_ACK);
	assert_int_equal(options.count, 1);
	assert_int_equal(options.values[0].capable.keys, 0);
}

static void what_was_cut_off_is_not_malformed(void **state)
{
	struct mptcp_options options;
	(void)state;

	parse(&options, "1e05500400" DSS_ACK "1e0c60", MPTCP_ACK);
	assert_int_equal(options.malformed_count, 2);
	mptcp_options_cut(&options);
	assert_true(options.cut);
	assert_int_equal(options.malformed_count, 1);
	assert_int_equal(options.malformed[0].reason, MPTCP_MALFORMED_LENGTH);
	assert_int_equal(options.count, 1);
}

static void the_options_of_tcp_have_their_values(void **state)
{
	struct mptcp_options options;
	(void)state;

	parse(&options, "020405b4", MPTCP_SYN);
	assert_true(options.has_mss);
	assert_int_equal(options.mss, 1460);
	parse(&options, "0101051200000064000000c8fffffff000000010", MPTCP_ACK);
	assert_false(options.has_mss);
	assert_int_equal(options.sack_count, 2);
	assert_int_equal(options.sack[0].left, 100);
	assert_int_equal(options.sack[0].right, 200);
	assert_int_equal(options.sack[1].left, 0xfffffff0);
	assert_int_equal(options.sack[1].right, 16);
}

static void a_list_of_malformed_options_is_read_back(void **state)
{
	static const char list[] =
		"MP_PRIO:5:length;kind_8:10:past_end;MPTCP:2:no_subtype;DSS:4:odd";
	struct mptcp_malformed malformed;
	size_t at = 0;
	(void)state;

	assert_true(mptcp_malformed_next(&malformed, list, strlen(list), &at));
	assert_int_equal(malformed.kind, 30);
	assert_int_equal(malformed.subtype, MPTCP_MP_PRIO);
	assert_int_equal(malformed.length, 5);
	assert_int_equal(malformed.reason, MPTCP_MALFORMED_LENGTH);
	assert_true(mptcp_malformed_next(&malformed, list, strlen(list), &at));
	assert_int_equal(malformed.kind, 8);
	assert_int_equal(malformed.subtype, -1);
	assert_true(mptcp_malformed_next(&malformed, list, strlen(list), &at));
	assert_int_equal(malformed.kind, 30);
	assert_int_equal(malformed.subtype, -1);
	assert_false(mptcp_malformed_next(&malformed, list, strlen(list), &at));
	static const char *const none[] = {"", "DSS", "DSS:4", "DSS:256:length", "DSS::length",
		"kind_:4:length", "kind_300:4:length", "FOO:4:length", ":::", "DSS:4:length:"};
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		at = 0;
		assert_false(mptcp_malformed_next(&malformed, none[i], strlen(none[i]), &at));
	}
}

static void no_bytes_whatsoever_read_beyond_their_end(void **state)
{
	struct mptcp_options options;

	(void)state;
	srand(1);
	for (int i = 0; i < 200000; i++) {
		size_t length = (size_t)rand() % 41;
		uint8_t *bytes = malloc(length ? length : 1);

		assert_non_null(bytes);
		for (size_t j = 0; j < length; j++)
			bytes[j] = (uint8_t)(rand() % (rand() % 3 ? 32 : 256));
		for (size_t j = 0; j + 2 < length; j += 1 + (size_t)rand() % 20) {
			bytes[j] = 30;
			bytes[j + 1] = (uint8_t)(rand() % 30);
		}
		mptcp_options_parse(&options, bytes, length, (unsigned)rand() % 64);
		assert_true(options.count <= MPTCP_OPTIONS_MAX);
		for (size_t j = 0; j < options.count; j++) {
			const struct mptcp_option_value *value = &options.values[j];

			assert_true(value->bytes >= bytes);
			assert_true(value->bytes + value->length <= bytes + length);
			assert_true(options.subtypes >> value->subtype & 1);
		}
		free(bytes);
	}
}

static void the_options_column_reads_back(void **state)
{
	uint8_t bytes[40];
	char text[83];

	(void)state;
	assert_int_equal(mptcp_options_from_text(bytes, "1e0351;1e044007", 15), 7);
	assert_memory_equal(bytes, "\x1e\x03\x51\x1e\x04\x40\x07", 7);
	assert_int_equal(mptcp_options_from_text(bytes, "", 0), 0);
	assert_int_equal(mptcp_options_from_text(bytes, "1e0", 3), -1);
	assert_int_equal(mptcp_options_from_text(bytes, "1;e0", 4), -1);
	assert_int_equal(mptcp_options_from_text(bytes, "1g", 2), -1);
	memset(text, 'a', sizeof(text));
	assert_int_equal(mptcp_options_from_text(bytes, text, 80), 40);
	assert_int_equal(mptcp_options_from_text(bytes, text, 82), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subtype_names_and_numbers_belong_together),
		cmocka_unit_test(capable_has_each_form_of_both_versions),
		cmocka_unit_test(join_has_the_form_its_tcp_flags_say),
		cmocka_unit_test(dss_fields_follow_its_flags),
		cmocka_unit_test(dss_of_another_length_than_its_flags_say_is_malformed),
		cmocka_unit_test(add_addr_has_each_form_of_both_versions),
		cmocka_unit_test(add_addr_of_v0_with_the_length_of_the_other_family_is_malformed),
		cmocka_unit_test(the_other_options_have_their_fields),
		cmocka_unit_test(several_options_of_one_segment_are_all_there),
		cmocka_unit_test(thirteen_options_fit_and_are_kept),
		cmocka_unit_test(window_scale_above_fourteen_is_fourteen),
		cmocka_unit_test(a_malformed_option_is_named_and_what_was_before_stays),
		cmocka_unit_test(what_follows_a_malformed_option_counts),
		cmocka_unit_test(a_length_that_leads_nowhere_ends_the_list),
		cmocka_unit_test(mp_capable_that_asks_for_checksums_and_has_none_keeps_its_keys),
		cmocka_unit_test(what_was_cut_off_is_not_malformed),
		cmocka_unit_test(the_options_of_tcp_have_their_values),
		cmocka_unit_test(a_list_of_malformed_options_is_read_back),
		cmocka_unit_test(no_bytes_whatsoever_read_beyond_their_end),
		cmocka_unit_test(the_options_column_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, release_bytes);
}
