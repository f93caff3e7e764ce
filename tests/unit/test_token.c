/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tokens, IDSNs and HMACs: values computed with Python's hashlib and hmac. */
#include "token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void tokens_and_idsns_are_ends_of_the_hash_of_the_key(void **state)
{
	static const struct {
		uint64_t key;
		unsigned version;
		uint32_t token;
		uint64_t idsn;
	} cases[] = {
		{0x1122334455667788, 0, 0xbdc04c09, 0xd0549cc0405811d5},
		{0x1122334455667788, 1, 0x1dce6604, 0x62815714b76ae9a5},
		{0x8877665544332211, 0, 0xc3baa7a6, 0x19c3166629dd5af7},
		{0x8877665544332211, 1, 0x804d562d, 0x2844f958dbd74c17},
		{0, 0, 0x05fe4057, 0xac558654f107c7e9},
		{0, 1, 0xaf5570f5, 0xe5b2328de0e83dfc},
		{UINT64_MAX, 0, 0xbe673e8a, 0x866701c11ef8e089},
		{UINT64_MAX, 1, 0x12a3ae44, 0x57fb595bbbacf0ca},
	};
	struct mptcp_token token;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		mptcp_token_compute(&token, cases[i].key, cases[i].version);
		assert_int_equal(token.token, cases[i].token);
		assert_true(token.idsn == cases[i].idsn);
	}
}

static void hmacs_are_keyed_with_both_keys_in_order(void **state)
{
	static const char message[] = "\xa1\xb2\xc3\xd4\x01\x02\x03\x04";
	static const uint64_t keys[2] = {0x1122334455667788, 0x8877665544332211};
	uint8_t digest[MPTCP_HMAC_MAX];

	(void)state;
	assert_int_equal(mptcp_token_hmac(digest, keys, message, 8, 0), 20);
	assert_memory_equal(digest,
		"\xc6\x34\xce\x5a\xdb\x5d\xd3\x84\x95\x66\xec\x2c\xb1\xa4\x26\xc4\x69\x74\x11\x52",
		20);
	assert_int_equal(mptcp_token_hmac(digest, keys, message, 8, 1), 32);
	assert_memory_equal(digest,
		"\xae\xc8\x8f\xf5\x62\xbe\x3c\x10\xe4\xde\x03\xf7\xcd\x34\x47\x10"
		"\x1a\x57\x69\x45\xc9\xbf\xe8\x8c\x33\xf6\xc0\x13\x5b\x78\x4b\x19",
		32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_and_idsns_are_ends_of_the_hash_of_the_key),
		cmocka_unit_test(hmacs_are_keyed_with_both_keys_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
