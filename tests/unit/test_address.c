/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses: text to bytes and back, RFC 5952. */
#include "address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>

static int parse(struct mptcp_address *address, const char *text)
{
	return mptcp_address_parse(address, text, strlen(text));
}

static void canonical_texts_come_back_unchanged(void **state)
{
	static const char *const texts[] = {"0.0.0.0", "1.2.3.4", "10.200.99.100",
		"255.255.255.255", "::", "::1", "1::", "1::2", "2001:db8::1",
		"2001:db8:0:1:1:1:1:1", "2001:0:0:1::1", "2001:db8::1:0:0:1",
		"fe80::a00:27ff:fe4e:66a1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:0", "0:2:3:4:5:6:7:8",
		"::3:4:5:6:7:8", "1:2:3:4:5:6::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		"::ffff:10.0.0.1"};
	struct mptcp_address address;
	char text[MPTCP_ADDRESS_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(parse(&address, texts[i]), 0);
		assert_int_equal(address.family, strchr(texts[i], ':') ? 6 : 4);
		assert_int_equal(mptcp_address_format(&address, text), strlen(texts[i]));
		assert_string_equal(text, texts[i]);
	}
}

static void ports_follow_addresses(void **state)
{
	struct mptcp_address address;
	char text[MPTCP_ENDPOINT_TEXT];

	(void)state;
	parse(&address, "10.0.0.1");
	mptcp_endpoint_format(&address, 80, text);
	assert_string_equal(text, "10.0.0.1:80");
	parse(&address, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	mptcp_endpoint_format(&address, 65535, text);
	assert_string_equal(text, "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

static void other_spellings_become_canonical(void **state)
{
	static const char *const pairs[][2] = {{"2001:DB8:0:0:0:0:0:1", "2001:db8::1"},
		{"0:0:0:0:0:0:0:0", "::"}, {"2001:db8:0001::0", "2001:db8:1::"},
		{"1:0:0:2:0:0:0:3", "1:0:0:2::3"}};
	struct mptcp_address address;
	char text[MPTCP_ADDRESS_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_int_equal(parse(&address, pairs[i][0]), 0);
		mptcp_address_format(&address, text);
		assert_string_equal(text, pairs[i][1]);
	}
}

static void what_is_no_address_is_refused(void **state)
{
	static const char *const texts[] = {"", "1", "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3",
		"1..2.3", "256.1.1.1", "1.2.3.1000", "01.2.3.4", "1.2.3.04", "1.2.3.4 ", " 1.2.3.4",
		"1.2.3.x", "-1.2.3.4", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
		"12345::", "fe80::1%eth0", "g::", "::1 ",
		"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"};
	struct mptcp_address address;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (parse(&address, texts[i]) == 0)
			fail_msg("'%s' was taken for an address", texts[i]);
	assert_int_equal(mptcp_address_parse(&address, "::1\0::", 6), -1);
	assert_int_equal(mptcp_address_parse(&address, "1.2.3.4", 5), -1);
}

static void random_v6_addresses_agree_with_the_c_library(void **state)
{
	struct mptcp_address address = {.family = 6}, back;
	char text[MPTCP_ADDRESS_TEXT];
	uint8_t bytes[16];

	(void)state;
	srand(1);
	for (int i = 0; i < 20000; i++) {
		for (int j = 0; j < 16; j += 2) {
			bool zero = rand() % 2;
			address.bytes[j] = (uint8_t)(zero ? 0 : rand() % 256 >> rand() % 8);
			address.bytes[j + 1] = (uint8_t)(zero ? 0 : rand() % 256);
		}
		size_t length = mptcp_address_format(&address, text);
		assert_int_equal(inet_pton(AF_INET6, text, bytes), 1);
		assert_memory_equal(bytes, address.bytes, 16);
		assert_int_equal(mptcp_address_parse(&back, text, length), 0);
		assert_true(mptcp_address_equal(&address, &back));
		/* The library writes the deprecated ::1.2.3.4, else the same. */
		char theirs[MPTCP_ADDRESS_TEXT];
		inet_ntop(AF_INET6, address.bytes, theirs, sizeof(theirs));
		if (!strchr(theirs, '.'))
			assert_string_equal(text, theirs);
	}
}

static void unused_bytes_are_zero_and_families_differ(void **state)
{
	struct mptcp_address four, six, none = {0};
	char text[MPTCP_ADDRESS_TEXT];

	(void)state;
	memset(&four, 0xff, sizeof(four));
	assert_int_equal(parse(&four, "0.0.0.0"), 0);
	assert_int_equal(parse(&six, "::"), 0);
	assert_memory_equal(four.bytes, six.bytes, 16);
	assert_false(mptcp_address_equal(&four, &six));
	assert_true(mptcp_address_equal(&four, &four));
	assert_int_equal(mptcp_address_format(&none, text), 0);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_texts_come_back_unchanged),
		cmocka_unit_test(ports_follow_addresses),
		cmocka_unit_test(other_spellings_become_canonical),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(random_v6_addresses_agree_with_the_c_library),
		cmocka_unit_test(unused_bytes_are_zero_and_families_differ),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
