/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Crypto-PAn: the sample trace that comes with the original code, and values on which several
 * implementations agree for IPv6. Prefixes and classes of addresses. */
#include "addresses.h"
#include "cryptopan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct pair {
	const char *original, *mapped;
};

static struct mptcp_address parse(const char *text)
{
	struct mptcp_address address;

	assert_int_equal(mptcp_address_parse(&address, text, strlen(text)), 0);
	return address;
}

static void check(const uint8_t key[MPTCP_CRYPTOPAN_KEY], const struct pair *pairs, size_t count)
{
	struct mptcp_cryptopan pan;

	mptcp_cryptopan_key(&pan, key);
	for (size_t i = 0; i < count; i++) {
		struct mptcp_address address = parse(pairs[i].original);
		char text[MPTCP_ADDRESS_TEXT];

		mptcp_cryptopan_map(&pan, address.bytes, address.family == 6 ? 16 : 4, 0);
		mptcp_address_format(&address, text);
		assert_string_equal(text, pairs[i].mapped);
	}
}

static void the_sample_trace_of_the_original_code(void **state)
{
	static const uint8_t key[MPTCP_CRYPTOPAN_KEY] = {21, 34, 23, 141, 51, 164, 207, 128, 19, 10,
		91, 22, 73, 144, 125, 16, 216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42,
		132, 34, 2};
	static const struct pair pairs[] = {
		{"128.11.68.132", "135.242.180.132"},
		{"129.118.74.4", "134.136.186.123"},
		{"130.132.252.244", "133.68.164.234"},
		{"141.223.7.43", "141.167.8.160"},
		{"141.233.145.108", "141.129.237.235"},
		{"152.163.225.39", "151.140.114.167"},
		{"156.29.3.236", "147.225.12.42"},
		{"165.247.96.84", "162.9.99.234"},
		{"166.107.77.190", "160.132.178.185"},
		{"192.102.249.13", "252.138.62.131"},
		{"192.215.32.125", "252.43.47.189"},
		{"192.233.80.103", "252.25.108.8"},
		{"192.41.57.43", "252.222.221.184"},
		{"193.150.244.223", "253.169.52.216"},
		{"195.205.63.100", "255.186.223.5"},
		{"198.200.171.101", "249.199.68.213"},
		{"::1", "78ff:f001:9fc0:20df:8380:b1f1:704:ed"},
		{"::2", "78ff:f001:9fc0:20df:8380:b1f1:704:ef"},
		{"::ffff", "78ff:f001:9fc0:20df:8380:b1f1:704:f838"},
	};

	(void)state;
	check(key, pairs, sizeof(pairs) / sizeof(*pairs));
}

static void a_key_that_counts_up(void **state)
{
	static const struct pair pairs[] = {
		{"192.0.2.1", "2.90.93.17"},
		{"2001:db8::1", "dd92:2c44:3fc0:ff1e:7ff9:c7f0:8180:7e00"},
	};
	uint8_t key[MPTCP_CRYPTOPAN_KEY];

	(void)state;
	for (uint8_t i = 0; i < MPTCP_CRYPTOPAN_KEY; i++)
		key[i] = i;
	check(key, pairs, sizeof(pairs) / sizeof(*pairs));
}

static unsigned common(const struct mptcp_address *a, const struct mptcp_address *b)
{
	unsigned bits = 0, most = a->family == 6 ? 128 : 32;

	while (bits < most && !((a->bytes[bits / 8] ^ b->bytes[bits / 8]) & (0x80 >> bits % 8)))
		bits++;
	return bits;
}

/* Two addresses that share some bits, often those of a class. */
static void draw(struct mptcp_address pair[2])
{
	static const char *const nets[] = {"10.0.0.0", "11.0.0.0", "172.16.0.0", "192.168.0.0",
		"192.169.0.0", "127.0.0.0", "8.8.8.8", "fe80::", "fc00::", "2001:db8::", "::2"};
	size_t count = sizeof(nets) / sizeof(*nets);

	pair[0] = parse(nets[(size_t)rand() % count]);
	size_t size = pair[0].family == 6 ? 16 : 4;

	for (size_t i = (size_t)rand() % size; i < size; i++)
		pair[0].bytes[i] = (uint8_t)rand();
	pair[1] = pair[0];
	pair[1].bytes[(size_t)rand() % size] ^= (uint8_t)rand();
}

static void prefixes_are_as_long_as_before(void **state)
{
	struct mptcp_secret secret;

	(void)state;
	srand(1);
	mptcp_secret_make(&secret, "seed", 4);
	for (int round = 0; round < 20; round++) {
		struct mptcp_addresses addresses = {0};
		struct mptcp_address pairs[500][2];

		for (int i = 0; i < 500; i++) {
			draw(pairs[i]);
			assert_int_equal(mptcp_addresses_see(&addresses, &pairs[i][0]), 0);
			assert_int_equal(mptcp_addresses_see(&addresses, &pairs[i][1]), 0);
		}
		mptcp_addresses_settle(&addresses, &secret);
		for (int i = 0; i < 500; i++)
			for (int j = i; j < i + 10 && j < 500; j++) {
				if (pairs[i][0].family != pairs[j][1].family)
					continue;
				assert_int_equal(common(&pairs[i][0], &pairs[j][1]),
					common(mptcp_addresses_map(&addresses, &pairs[i][0]),
						mptcp_addresses_map(&addresses, &pairs[j][1])));
			}
		mptcp_addresses_clear(&addresses);
	}
}

static void addresses_stay_in_their_class(void **state)
{
	static const struct {
		const char *original, *net;
		unsigned bits;
		const char *first; /* of those that are numbered */
	} cases[] = {
		{"10.1.2.3", "10.0.0.0", 8, "10.0.0.1"},
		{"172.31.2.3", "172.16.0.0", 12, "172.16.0.1"},
		{"192.168.9.9", "192.168.0.0", 16, "192.168.0.1"},
		{"100.64.9.9", "100.64.0.0", 10, "100.64.0.1"},
		{"127.0.0.1", "127.0.0.0", 8, "127.0.0.2"}, /* the first is there */
		{"169.254.9.9", "169.254.0.0", 16, "169.254.0.1"},
		{"224.0.0.9", "224.0.0.0", 4, "239.0.0.1"}, {"fd00::9", "fc00::", 7, "fd00::1"},
		{"fe80::9", "fe80::", 10, "fe80::1"}, {"ff02::9", "ff00::", 8, "ff0e::1"},
		{"1.1.1.1", "0.0.0.0", 4, "198.18.0.1"},
		{"2001:db8::1", "2000::", 3, "2001:db8::2"}, /* the first is there */
	};
	struct mptcp_secret secret;

	(void)state;
	mptcp_secret_make(&secret, "seed", 4);
	for (int mode = MPTCP_ADDRESSES_PREFIX; mode <= MPTCP_ADDRESSES_SEQUENTIAL; mode++) {
		struct mptcp_addresses addresses = {.mode = (enum mptcp_addresses_mode)mode};

		for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
			struct mptcp_address original = parse(cases[i].original);

			assert_int_equal(mptcp_addresses_see(&addresses, &original), 0);
		}
		assert_true(mptcp_addresses_settle(&addresses, &secret));
		for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
			struct mptcp_address original = parse(cases[i].original);
			struct mptcp_address net = parse(cases[i].net);
			const struct mptcp_address *mapped =
				mptcp_addresses_map(&addresses, &original);
			char text[MPTCP_ADDRESS_TEXT];

			mptcp_address_format(mapped, text);
			assert_false(mptcp_address_equal(mapped, &original));
			if (mode == MPTCP_ADDRESSES_SEQUENTIAL)
				assert_string_equal(text, cases[i].first);
			else
				assert_true(common(mapped, &net) >= cases[i].bits);
		}
		mptcp_addresses_clear(&addresses);
	}
}

static void a_seed_under_which_an_address_becomes_another_one_does_not_fit(void **state)
{
	static const char *const nobody[] = {"0.0.0.0", "255.255.255.255", "::", "::1"};
	struct mptcp_addresses addresses = {0};
	struct mptcp_address one = parse("192.168.1.2"), other;
	struct mptcp_secret secret;

	(void)state;
	mptcp_secret_make(&secret, "seed", 4);
	for (size_t i = 0; i < sizeof(nobody) / sizeof(*nobody); i++) {
		other = parse(nobody[i]);
		assert_int_equal(mptcp_addresses_see(&addresses, &other), 0);
	}
	assert_int_equal(mptcp_addresses_see(&addresses, &one), 0);
	assert_true(mptcp_addresses_settle(&addresses, &secret));
	assert_true(mptcp_address_equal(mptcp_addresses_map(&addresses, &other), &other));
	assert_true(mptcp_addresses_at(&addresses, 4, one.bytes));
	assert_false(mptcp_addresses_at(&addresses, 6, other.bytes));
	other = *mptcp_addresses_map(&addresses, &one);
	assert_false(mptcp_addresses_at(&addresses, 4, other.bytes));
	assert_int_equal(mptcp_addresses_see(&addresses, &other), 0);
	assert_false(mptcp_addresses_settle(&addresses, &secret));
	mptcp_addresses_clear(&addresses);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sample_trace_of_the_original_code),
		cmocka_unit_test(a_key_that_counts_up),
		cmocka_unit_test(prefixes_are_as_long_as_before),
		cmocka_unit_test(addresses_stay_in_their_class),
		cmocka_unit_test(a_seed_under_which_an_address_becomes_another_one_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
