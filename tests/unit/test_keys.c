/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which key of a connection counts. Tokens, IDSNs and HMACs: computed with Python's hashlib, hmac.
 */
#include "keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define CLIENT_KEY UINT64_C(0x1122334455667788)
#define FIRST_KEY UINT64_C(0x8877665544332211) /* of the server, in its first SYN/ACK */
#define SECOND_KEY UINT64_C(0x1112131415161718)
#define FIRST_IDSN_V1 UINT64_C(0x2844f958dbd74c17)
#define FIRST_TOKEN_V0 0xc3baa7a6
#define FIRST_TOKEN_V1 0x804d562d
#define SECOND_TOKEN_V1 0xccad45ac
#define SECOND_IDSN_V1 UINT64_C(0x535beea38e087c8e)

enum { SYN = 0x02, ACK = 0x10 };

static struct mptcp_keys keys;

static int begin(void **state)
{
	(void)state;
	memset(&keys, 0, sizeof(keys));
	mptcp_keys_see_version(&keys, 1, MPTCP_VERSION_SYN);
	return 0;
}

static int end(void **state)
{
	(void)state;
	mptcp_keys_clear(&keys);
	return 0;
}

static uint64_t chosen(enum mptcp_role role)
{
	const struct mptcp_key *key = mptcp_keys_chosen(&keys, role);

	assert_non_null(key);
	return key->key;
}

static int capable(enum mptcp_role sender, unsigned flags, unsigned version, uint64_t sent,
	uint64_t repeated)
{
	struct mptcp_option_value value = {.subtype = MPTCP_MP_CAPABLE};

	value.capable.version = (uint8_t)version;
	value.capable.keys = (uint8_t)((sent != 0) + (repeated != 0));
	value.capable.sender_key = sent;
	value.capable.receiver_key = repeated;
	return mptcp_keys_capable(&keys, sender, flags, &value);
}

static void two_syn_acks(void)
{
	capable(MPTCP_SERVER, SYN | ACK, 1, FIRST_KEY, 0);
	capable(MPTCP_SERVER, SYN | ACK, 1, SECOND_KEY, 0);
}

static void a_key_comes_with_its_token_and_idsn(void **state)
{
	(void)state;
	assert_null(mptcp_keys_chosen(&keys, MPTCP_SERVER));
	assert_int_equal(mptcp_keys_offer(&keys, MPTCP_SERVER, FIRST_KEY), MPTCP_KEYS_CHANGED);
	assert_int_equal(mptcp_keys_offer(&keys, MPTCP_SERVER, FIRST_KEY), MPTCP_KEYS_SAME);
	const struct mptcp_key *key = mptcp_keys_chosen(&keys, MPTCP_SERVER);
	assert_int_equal(key->token, FIRST_TOKEN_V1);
	assert_true(key->idsn == FIRST_IDSN_V1);
	assert_null(mptcp_keys_chosen(&keys, MPTCP_CLIENT));
	assert_false(mptcp_keys_in_doubt(&keys));
}

static void the_first_of_several_keys_counts_until_the_third_ack_tells(void **state)
{
	(void)state;
	two_syn_acks();
	assert_true(chosen(MPTCP_SERVER) == FIRST_KEY);
	assert_true(mptcp_keys_in_doubt(&keys));
	assert_int_equal(capable(MPTCP_CLIENT, ACK, 1, CLIENT_KEY, SECOND_KEY), 1);
	assert_true(chosen(MPTCP_SERVER) == SECOND_KEY);
	assert_true(chosen(MPTCP_CLIENT) == CLIENT_KEY);
	assert_int_equal(capable(MPTCP_CLIENT, ACK, 1, CLIENT_KEY, SECOND_KEY), 0);
}

static void the_third_ack_may_come_before_what_it_repeats(void **state)
{
	(void)state;
	capable(MPTCP_CLIENT, ACK, 1, CLIENT_KEY, SECOND_KEY);
	assert_true(chosen(MPTCP_SERVER) == SECOND_KEY);
	two_syn_acks();
	assert_true(chosen(MPTCP_SERVER) == SECOND_KEY);
}

static void a_key_that_only_the_peer_names_is_a_candidate_only(void **state)
{
	(void)state;
	capable(MPTCP_SERVER, SYN | ACK, 1, FIRST_KEY, 0);
	capable(MPTCP_CLIENT, ACK, 1, CLIENT_KEY, SECOND_KEY);
	assert_true(chosen(MPTCP_SERVER) == FIRST_KEY);
	/* the peer's token says no more than its echo */
	assert_true(mptcp_keys_see_token(&keys, MPTCP_SERVER, SECOND_TOKEN_V1));
	assert_true(chosen(MPTCP_SERVER) == FIRST_KEY);
	/* but data of the server that counts from its IDSN does */
	assert_true(mptcp_keys_see_dsn(&keys, MPTCP_SERVER, SECOND_IDSN_V1 + 1, true));
	assert_true(chosen(MPTCP_SERVER) == SECOND_KEY);
}

static void the_first_data_tells_by_its_number(void **state)
{
	(void)state;
	mptcp_keys_offer(&keys, MPTCP_SERVER, SECOND_KEY);
	mptcp_keys_offer(&keys, MPTCP_SERVER, FIRST_KEY);
	assert_false(mptcp_keys_see_dsn(&keys, MPTCP_SERVER, FIRST_IDSN_V1, true));
	assert_false(mptcp_keys_see_dsn(&keys, MPTCP_SERVER, FIRST_IDSN_V1 + (1U << 31) + 1, true));
	assert_false(mptcp_keys_see_dsn(&keys, MPTCP_SERVER, (uint32_t)FIRST_IDSN_V1 + 2, false));
	assert_true(chosen(MPTCP_SERVER) == SECOND_KEY);
	assert_true(mptcp_keys_see_dsn(&keys, MPTCP_SERVER, (uint32_t)FIRST_IDSN_V1 + 1, false));
	assert_true(chosen(MPTCP_SERVER) == FIRST_KEY);
}

static void later_data_tells_where_the_first_was_not_captured(void **state)
{
	(void)state;
	mptcp_keys_offer(&keys, MPTCP_SERVER, SECOND_KEY);
	mptcp_keys_offer(&keys, MPTCP_SERVER, FIRST_KEY);
	assert_true(mptcp_keys_see_dsn(&keys, MPTCP_SERVER, FIRST_IDSN_V1 + 100000, true));
	assert_true(chosen(MPTCP_SERVER) == FIRST_KEY);
}

static void the_token_of_a_join_tells_among_keys_that_were_sent(void **state)
{
	(void)state;
	two_syn_acks();
	assert_false(mptcp_keys_see_token(&keys, MPTCP_SERVER, 1));
	assert_false(mptcp_keys_see_token(&keys, MPTCP_CLIENT, SECOND_TOKEN_V1));
	assert_true(mptcp_keys_see_token(&keys, MPTCP_SERVER, SECOND_TOKEN_V1));
	assert_true(chosen(MPTCP_SERVER) == SECOND_KEY);
}

/* HMAC-SHA256(second + client, 05060708 01020304), HMAC-SHA256(client + second, 01020304 05060708)
 */
static const uint8_t synack_hmac[8] = {0x89, 0x7f, 0x10, 0xe0, 0x00, 0xb9, 0xa2, 0x8b};
static const uint8_t ack_hmac[20] = {0xb9, 0xb4, 0x51, 0x48, 0x1f, 0xb6, 0xf1, 0xd1, 0x7d, 0x6b,
	0xef, 0x01, 0x48, 0x7c, 0x59, 0x64, 0xa1, 0xf4, 0x7c, 0x32};

static void the_hmac_of_a_join_has_the_last_word(void **state)
{
	const struct mptcp_join join = {MPTCP_CLIENT, SECOND_TOKEN_V1, {0x01020304, 0x05060708}};
	const struct mptcp_join other = {MPTCP_CLIENT, FIRST_TOKEN_V1, {0x01020304, 0x05060708}};

	(void)state;
	two_syn_acks();
	mptcp_keys_offer(&keys, MPTCP_CLIENT, 1);
	capable(MPTCP_CLIENT, ACK, 1, CLIENT_KEY, FIRST_KEY);
	mptcp_keys_see_dsn(&keys, MPTCP_SERVER, FIRST_IDSN_V1 + 1, true);
	assert_true(chosen(MPTCP_SERVER) == FIRST_KEY);
	assert_true(chosen(MPTCP_CLIENT) == 1);
	assert_false(mptcp_keys_see_hmac(&keys, &other, false, synack_hmac, 8));
	assert_false(mptcp_keys_see_hmac(&keys, &join, true, synack_hmac, 8));
	assert_true(mptcp_keys_see_hmac(&keys, &join, false, synack_hmac, 8));
	assert_true(mptcp_keys_see_hmac(&keys, &join, true, ack_hmac, 20));
	assert_true(chosen(MPTCP_SERVER) == SECOND_KEY);
	assert_true(chosen(MPTCP_CLIENT) == CLIENT_KEY);
	assert_false(mptcp_keys_in_doubt(&keys));
}

static void the_version_is_that_of_the_clients_syn(void **state)
{
	unsigned version;

	(void)state;
	memset(&keys, 0, sizeof(keys));
	assert_false(mptcp_keys_version(&keys, &version));
	capable(MPTCP_SERVER, SYN | ACK, 1, FIRST_KEY, 0);
	assert_true(mptcp_keys_version(&keys, &version));
	assert_int_equal(version, 1);
	assert_int_equal(mptcp_keys_chosen(&keys, MPTCP_SERVER)->token, FIRST_TOKEN_V1);
	capable(MPTCP_CLIENT, SYN, 0, CLIENT_KEY, 0);
	capable(MPTCP_SERVER, SYN | ACK, 1, FIRST_KEY, 0);
	assert_true(mptcp_keys_version(&keys, &version));
	assert_int_equal(version, 0);
	assert_int_equal(mptcp_keys_chosen(&keys, MPTCP_SERVER)->token, FIRST_TOKEN_V0);
}

static void an_mp_capable_of_four_bytes_in_a_syn_ack_is_none(void **state)
{
	unsigned version;

	(void)state;
	memset(&keys, 0, sizeof(keys));
	assert_int_equal(capable(MPTCP_SERVER, SYN | ACK, 1, 0, 0), 0);
	assert_null(mptcp_keys_chosen(&keys, MPTCP_SERVER));
	assert_false(mptcp_keys_version(&keys, &version));
}

static void of_very_many_keys_the_one_that_is_used_finds_room(void **state)
{
	(void)state;
	for (uint64_t key = 1; key <= 100000; key++)
		assert_true(mptcp_keys_offer(&keys, MPTCP_SERVER, key) != MPTCP_KEYS_FAILED);
	assert_in_range(keys.of[MPTCP_SERVER].count, 1, MPTCP_KEYS_MAX);
	mptcp_keys_echo(&keys, MPTCP_SERVER, 77777);
	assert_true(chosen(MPTCP_SERVER) == 77777);
	for (uint64_t key = 1; key <= 100000; key++)
		assert_true(
			mptcp_keys_echo(&keys, MPTCP_SERVER, key + 200000) != MPTCP_KEYS_FAILED);
	assert_in_range(keys.of[MPTCP_SERVER].count, 1, MPTCP_KEYS_MAX);
	assert_true(chosen(MPTCP_SERVER) == 77777);
}

static void keys_of_one_connection_are_put_together_with_what_speaks_for_them(void **state)
{
	struct mptcp_keys other = {0};

	(void)state;
	mptcp_keys_offer(&keys, MPTCP_SERVER, FIRST_KEY);
	mptcp_keys_see_version(&other, 1, MPTCP_VERSION_SERVER);
	mptcp_keys_offer(&other, MPTCP_CLIENT, SECOND_KEY);
	mptcp_keys_echo(&other, MPTCP_CLIENT, SECOND_KEY);
	mptcp_keys_flip(&other);
	assert_int_equal(mptcp_keys_merge(&keys, &other), 0);
	mptcp_keys_clear(&other);
	assert_true(chosen(MPTCP_SERVER) == SECOND_KEY);
	assert_int_equal(keys.of[MPTCP_SERVER].count, 2);
}

#define WITH_KEYS(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_KEYS(a_key_comes_with_its_token_and_idsn),
		WITH_KEYS(the_first_of_several_keys_counts_until_the_third_ack_tells),
		WITH_KEYS(the_third_ack_may_come_before_what_it_repeats),
		WITH_KEYS(a_key_that_only_the_peer_names_is_a_candidate_only),
		WITH_KEYS(the_first_data_tells_by_its_number),
		WITH_KEYS(later_data_tells_where_the_first_was_not_captured),
		WITH_KEYS(the_token_of_a_join_tells_among_keys_that_were_sent),
		WITH_KEYS(the_hmac_of_a_join_has_the_last_word),
		WITH_KEYS(the_version_is_that_of_the_clients_syn),
		WITH_KEYS(an_mp_capable_of_four_bytes_in_a_syn_ack_is_none),
		WITH_KEYS(of_very_many_keys_the_one_that_is_used_finds_room),
		WITH_KEYS(keys_of_one_connection_are_put_together_with_what_speaks_for_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
