/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames in, packets out: whose subflow it is, and which of several keys counts. */
#include "scenario.h"
#include "token.h"

static void a_join_opened_by_the_client_belongs_to_its_connection(void **state)
{
	(void)state;
	open_v1(&path_a);
	join(&path_b, SERVER_TOKEN_V1);
	size_t up = data(&path_b, OPENER, 1, 10, CLIENT_IDSN_V1 + 1);
	size_t bare = segment(&path_b, LISTENER, MPTCP_ACK, 1, 11, 0);
	play();
	assert_one_connection();
	assert_column(3, recvtok, SERVER_TOKEN_V1);
	assert_string_equal(rows[3].addrid, "3");
	assert_string_equal(rows[4].addrid, "5");
	assert_string_equal(rows[5].addrid, "");
	assert_column(up, tcpstream, 1);
	assert_column(up, mptcpdest, MPTCP_SERVER);
	assert_column(up, dsn, 1);
	assert_column(bare, mptcpdest, MPTCP_CLIENT);
}

static void a_join_opened_by_the_server_has_the_roles_the_other_way_round(void **state)
{
	(void)state;
	open_v1(&path_a);
	join(&path_b, CLIENT_TOKEN_V1);
	size_t up = data(&path_b, LISTENER, 1, 10, CLIENT_IDSN_V1 + 1);
	size_t down = data(&path_b, OPENER, 1, 10, SERVER_IDSN_V1 + 1);
	play();
	assert_one_connection();
	assert_column(3, tcpdest, MPTCP_SERVER);
	assert_column(3, mptcpdest, MPTCP_CLIENT);
	assert_column(up, mptcpdest, MPTCP_SERVER);
	assert_column(up, tcpdest, MPTCP_CLIENT);
	assert_column(up, dsn, 1);
	assert_column(down, mptcpdest, MPTCP_CLIENT);
	assert_column(down, dsn, 1);
}

static void a_join_syn_sent_again_changes_nothing(void **state)
{
	(void)state;
	open_v1(&path_a);
	for (int i = 0; i < 3; i++) {
		segment(&path_b, OPENER, MPTCP_SYN, 0, 0, 0);
		join_syn(3, CLIENT_TOKEN_V1);
	}
	join(&path_b, CLIENT_TOKEN_V1);
	size_t down = data(&path_b, OPENER, 1, 10, SERVER_IDSN_V1 + 1);
	play();
	assert_one_connection();
	for (size_t i = 3; i < 7; i++)
		assert_column(i, mptcpdest, MPTCP_CLIENT);
	assert_column(down, mptcpdest, MPTCP_CLIENT);
	assert_column(down, dsn, 1);
}

static void a_join_before_the_keys_is_adopted(void **state)
{
	(void)state;
	join(&path_b, SERVER_TOKEN_V1);
	size_t early = data(&path_b, OPENER, 1, 10, CLIENT_IDSN_V1 + 11);
	open_v1(&path_a);
	play();
	assert_one_connection();
	assert_column(early, mptcpdest, MPTCP_SERVER);
	assert_column(early, dsn, 11);
	assert_column(0, mptcpversion, 1);
}

static void a_join_by_the_server_before_the_keys_is_adopted_with_its_roles(void **state)
{
	(void)state;
	join(&path_b, CLIENT_TOKEN_V1);
	size_t early = data(&path_b, OPENER, 1, 10, SERVER_IDSN_V1 + 11);
	open_v1(&path_a);
	play();
	assert_one_connection();
	assert_column(0, mptcpdest, MPTCP_CLIENT);
	assert_column(early, mptcpdest, MPTCP_CLIENT);
	assert_column(early, dsn, 11);
}

static void a_join_in_v0_before_the_keys_gets_its_32_bit_dsn_extended(void **state)
{
	(void)state;
	join(&path_b, SERVER_TOKEN_V0);
	size_t early = segment(&path_b, OPENER, MPTCP_ACK, 1, 1, 10);
	map32((uint32_t)(CLIENT_IDSN_V0 + 11), 1, 10);
	open_v0(&path_a);
	size_t late = segment(&path_b, OPENER, MPTCP_ACK, 11, 1, 10);
	map32((uint32_t)(CLIENT_IDSN_V0 + 21), 11, 10);
	play();
	assert_one_connection();
	assert_column(late, dsn, 21);
	assert_column(late, dsn_raw, CLIENT_IDSN_V0 + 21);
	assert_column(early, dsn, 11);
	assert_column(early, dsn_raw, CLIENT_IDSN_V0 + 11);
}

static void joins_with_an_unknown_token_are_one_connection(void **state)
{
	static const struct path path_c = {3, {40002, 443}, {5000000, 6000000}};

	(void)state;
	join(&path_a, 0x12345678);
	join(&path_b, 0x12345678);
	join(&path_c, 0x9abcdef0);
	play();
	for (size_t i = 0; i < 6; i++)
		assert_column(i, mptcpstream, 0);
	for (size_t i = 6; i < 9; i++)
		assert_column(i, mptcpstream, 1);
}

static void two_connections_between_the_same_hosts_stay_apart(void **state)
{
	static const struct path other = {1, {40005, 443}, {7000000, 8000000}};

	(void)state;
	open_v1(&path_a);
	segment(&other, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&other, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, OTHER_SERVER_KEY, 0, 0);
	segment(&other, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, OTHER_CLIENT_KEY, OTHER_SERVER_KEY, 0);
	join(&path_b, 0xccad45ac); /* the token of OTHER_SERVER_KEY */
	play();
	for (size_t i = 0; i < 3; i++)
		assert_column(i, mptcpstream, 0);
	for (size_t i = 3; i < 9; i++)
		assert_column(i, mptcpstream, 1);
}

static void a_capture_from_the_middle_joins_subflows_by_their_64_bit_dsn(void **state)
{
	const uint64_t up = UINT64_C(0x1234567800001000), down = UINT64_C(0x9abcdef0fffffe00);

	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		const struct path *path = i % 2 ? &path_b : &path_a;

		segment(path, OPENER, MPTCP_ACK, 5001 + i / 2 * 100, 1, 100);
		put_dss(last_frame(),
			(struct dss){.ack_size = 8,
				.ack = down + i * 100,
				.dsn_size = 8,
				.dsn = up + i * 100,
				.ssn = 5001 + i / 2 * 100,
				.length = 100});
		segment(path, LISTENER, MPTCP_ACK, 7001 + i / 2 * 300, 1, 300);
		put_dss(last_frame(),
			(struct dss){.ack_size = 4,
				.ack = (uint32_t)(up + i * 100),
				.dsn_size = 8,
				.dsn = down + i * 300,
				.ssn = 7001 + i / 2 * 300,
				.length = 300});
	}
	play();
	assert_one_connection();
	for (uint32_t i = 0; i < 4; i++) {
		assert_column(2 * i, mptcpdest, MPTCP_SERVER);
		assert_column(2 * i, dsn_raw, up + i * 100);
		assert_column(2 * i, dsn, 1 + i * 100);
		assert_column(2 * i + 1, mptcpdest, MPTCP_CLIENT);
		assert_column(2 * i + 1, dsn_raw, down + i * 300);
		assert_column(2 * i + 1, dsn, 1 + i * 300);
		assert_column(2 * i + 1, dack_raw, up + i * 100);
		assert_no_column(2 * i, mptcpversion);
	}
}

/* The second subflow's guess of its client is the other way round; the numbers must still go to the
 * right side. */
static void a_capture_from_the_middle_turns_a_subflow_opened_by_the_server(void **state)
{
	static const struct path opposite = {2, {443, 40001}, {3000000, 4000000}};
	const uint64_t up = UINT64_C(0x1234567800001000), down = UINT64_C(0x2abcdef000002000);

	(void)state;
	data(&path_a, OPENER, 5001, 100, up);
	data(&path_a, LISTENER, 7001, 100, down);
	data(&opposite, OPENER, 9001, 100, up + 100);
	data(&opposite, LISTENER, 9001, 100, down + 100);
	play();
	assert_one_connection();
	for (size_t i = 0; i < 4; i++)
		assert_column(i, mptcpdest, i % 2 ? MPTCP_CLIENT : MPTCP_SERVER);
	assert_column(0, dsn, 1);
	assert_column(1, dsn, 1);
	assert_column(2, dsn, 101);
	assert_column(3, dsn, 101);
}

static void a_subflow_without_its_join_belongs_to_the_connection_with_its_dsn(void **state)
{
	(void)state;
	open_v1(&path_a);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	size_t stray = data(&path_b, OPENER, 5001, 100, CLIENT_IDSN_V1 + 101);
	play();
	assert_one_connection();
	assert_column(stray, dsn, 101);
}

/*
 * Connections without keys that become one, twice: every token and DSN that led to the first must
 * lead to the last. (Under the address sanitizer this shows a lookup that is left behind.)
 */
static void connections_merged_twice_leave_no_lookup_behind(void **state)
{
	static const struct path path_c = {3, {40002, 443}, {5000000, 6000000}};
	static const struct path path_d = {4, {40003, 443}, {7000000, 8000000}};
	static const struct path path_e = {5, {40004, 443}, {9000000, 1000000}};
	const uint64_t down = UINT64_C(0x2222222200001000);

	(void)state;
	join(&path_b, 0x11111111);
	data(&path_b, LISTENER, 1, 100, down);
	join(&path_c, 0x22222222);
	data(&path_c, LISTENER, 1, 100, down + 100);    /* b and c are one, of two tokens */
	data(&path_a, LISTENER, 5001, 100, down + 200); /* a is the same one, too */
	join(&path_d, 0x33333333);
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0); /* ... and, late, one with d */
	join_syn(1, 0x33333333);
	join(&path_e, 0x22222222);
	join(&path_e, 0x11111111);
	play();
	assert_one_connection();
}

/* SYN cookies: a key per SYN/ACK. */
static void of_several_syn_acks_the_one_that_the_third_ack_repeats_counts(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	for (int i = 0; i < 2; i++) {
		segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
		capable(1, i ? SERVER_KEY : OTHER_SERVER_KEY, 0, 0);
	}
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, CLIENT_KEY, SERVER_KEY, 0);
	join(&path_b, SERVER_TOKEN_V1);
	size_t down = data(&path_a, LISTENER, 1, 50, SERVER_IDSN_V1 + 1);
	play();
	assert_one_connection();
	assert_no_column(1, expected_token);
	assert_column(2, expected_token, SERVER_TOKEN_V1);
	assert_column(down, dsn, 1);
}

/* The echo was altered on the way: the server's data and joins go by the key that it sent. */
static void a_third_ack_that_repeats_another_key_changes_nothing(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, SERVER_KEY, 0, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, CLIENT_KEY, OTHER_SERVER_KEY, 0);
	join(&path_b, SERVER_TOKEN_V1);
	size_t down = data(&path_b, LISTENER, 1, 50, SERVER_IDSN_V1 + 1);
	play();
	assert_one_connection();
	assert_column(1, expected_token, SERVER_TOKEN_V1);
	assert_column(down, dsn, 1);
}

/* A wrong key of the client first; the plain mapping that follows shows which one it counts from.
 */
static void the_mapping_in_mp_capable_follows_the_key_that_counts_in_the_end(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, SERVER_KEY, 0, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, OTHER_CLIENT_KEY, SERVER_KEY, 0);
	size_t first = segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 100);
	capable(1, CLIENT_KEY, SERVER_KEY, 100);
	size_t second = data(&path_a, OPENER, 101, 100, CLIENT_IDSN_V1 + 101);
	size_t ack = segment(&path_a, LISTENER, MPTCP_ACK, 1, 201, 0);
	data_ack((uint32_t)(CLIENT_IDSN_V1 + 201), 4);
	play();
	assert_column(first, dsn, 1);
	assert_column(first, dsn_raw, CLIENT_IDSN_V1 + 1);
	assert_column(second, dsn, 101);
	assert_column(ack, dack, 201);
	assert_column(ack, dack_raw, CLIENT_IDSN_V1 + 201);
}

static void numbers_of_32_bits_follow_the_key_that_counts_in_the_end(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(0, CLIENT_KEY, 0, 0);
	for (int i = 0; i < 2; i++) {
		segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
		capable(0, i ? SERVER_KEY : OTHER_SERVER_KEY, 0, 0);
	}
	size_t down = segment(&path_a, LISTENER, MPTCP_ACK, 1, 1, 50);
	map32((uint32_t)(SERVER_IDSN_V0 + 1), 1, 50);
	size_t next = segment(&path_a, LISTENER, MPTCP_ACK, 51, 1, 50);
	map32((uint32_t)(SERVER_IDSN_V0 + 51), 51, 50);
	play();
	assert_column(down, dsn, 1);
	assert_column(down, dsn_raw, SERVER_IDSN_V0 + 1);
	assert_column(next, dsn_raw, SERVER_IDSN_V0 + 51);
}

/* A DATA_ACK counts from the key though no data was sent. */
static void a_data_ack_without_data_has_its_number_from_the_key(void **state)
{
	(void)state;
	open_v1(&path_a);
	size_t ack = segment(&path_a, LISTENER, MPTCP_ACK, 1, 1, 0);
	data_ack(CLIENT_IDSN_V1 + 2, 8);
	play();
	assert_column(ack, dack, 2);
}

static void the_version_stays_that_of_the_client(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(0, SERVER_KEY, 0, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	play();
	for (size_t i = 0; i < frame_count; i++)
		assert_column(i, mptcpversion, 1);
}

/* A join with the HMACs that these keys make; nonces as in scenario.h. */
static void proven_join(const struct path *path, uint32_t token, uint64_t opener_key,
	uint64_t listener_key)
{
	static const uint8_t nonces[] = {5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8};
	uint8_t digest[MPTCP_HMAC_MAX];

	join(path, token);
	mptcp_token_hmac(digest, (const uint64_t[]){listener_key, opener_key}, nonces, 8, 1);
	memcpy(frames[frame_count - 2].options + 4, digest, 8);
	mptcp_token_hmac(digest, (const uint64_t[]){opener_key, listener_key}, nonces + 4, 8, 1);
	memcpy(last_frame()->options + 4, digest, 20);
}

static void open_other(const struct path *path, uint64_t client_key, uint64_t server_key)
{
	segment(path, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(path, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, server_key, 0, 0);
	segment(path, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, client_key, server_key, 0);
}

/* Two connections of one server with the same token (here: the same key). */
static void hmacs_tell_whose_join_it_is_where_two_have_its_token(void **state)
{
	static const struct path other = {1, {40005, 443}, {7000000, 8000000}};
	static const struct path path_c = {2, {40007, 443}, {5000000, 6000000}};

	(void)state;
	open_v1(&path_a);
	open_other(&other, OTHER_CLIENT_KEY, SERVER_KEY);
	proven_join(&path_b, SERVER_TOKEN_V1, CLIENT_KEY, SERVER_KEY);
	proven_join(&path_c, SERVER_TOKEN_V1, OTHER_CLIENT_KEY, SERVER_KEY);
	size_t data_b = data(&path_b, OPENER, 1, 10, CLIENT_IDSN_V1 + 1);
	play();
	for (size_t i = 0; i < 12; i++)
		assert_column(i, mptcpstream, i / 3 % 2);
	assert_column(data_b, mptcpstream, 0);
	assert_column(data_b, dsn, 1);
}

/* The second connection's handshake was captured after the join that is its own. */
static void a_join_moves_when_the_keys_of_its_connection_come_late(void **state)
{
	static const struct path other = {1, {40005, 443}, {7000000, 8000000}};

	(void)state;
	open_v1(&path_a);
	proven_join(&path_b, SERVER_TOKEN_V1, OTHER_CLIENT_KEY, SERVER_KEY);
	open_other(&other, OTHER_CLIENT_KEY, SERVER_KEY);
	play();
	for (size_t i = 0; i < 9; i++)
		assert_column(i, mptcpstream, i >= 3);
}

/* Two servers with the same token: the address to which the join goes chooses. */
static void a_join_goes_to_the_connection_with_its_destination(void **state)
{
	static const struct path elsewhere = {3, {40005, 443}, {7000000, 8000000}};
	static const struct path again = {1, {40009, 443}, {5000000, 6000000}};

	(void)state;
	open_v1(&path_a);
	open_other(&elsewhere, OTHER_CLIENT_KEY, SERVER_KEY);
	join(&again, SERVER_TOKEN_V1);
	play();
	assert_column(6, mptcpstream, 0);
	assert_column(8, mptcpstream, 0);
}

static void a_join_goes_to_the_connection_that_announced_its_destination(void **state)
{
	static const struct path elsewhere = {3, {40005, 443}, {7000000, 8000000}};

	(void)state;
	open_v1(&path_a);
	segment(&path_a, LISTENER, MPTCP_ACK, 1, 1, 0);
	put(last_frame(), 0x1e103007, 4); /* ADD_ADDR of 10.0.2.2, where path_b goes */
	put(last_frame(), 0x0a000202, 4);
	put(last_frame(), 0, 8);
	open_other(&elsewhere, OTHER_CLIENT_KEY, SERVER_KEY);
	join(&path_b, SERVER_TOKEN_V1);
	play();
	assert_column(7, mptcpstream, 0);
}

/* The same connection twice, before and after NAT: HMACs fit both, so the addresses keep the word.
 */
static void a_join_stays_where_its_addresses_are_when_its_hmac_fits_several(void **state)
{
	static const struct path elsewhere = {3, {40005, 443}, {7000000, 8000000}};
	static const struct path join_a = {1, {40009, 443}, {5000000, 6000000}};
	static const struct path join_b = {3, {40011, 443}, {9000000, 1000000}};

	(void)state;
	open_v1(&path_a);
	open_other(&elsewhere, CLIENT_KEY, SERVER_KEY);
	proven_join(&join_a, SERVER_TOKEN_V1, CLIENT_KEY, SERVER_KEY);
	proven_join(&join_b, SERVER_TOKEN_V1, CLIENT_KEY, SERVER_KEY);
	play();
	for (size_t i = 0; i < 12; i++)
		assert_column(i, mptcpstream, i / 3 % 2);
}

/* The SYN's option was not captured; both ends still speak MPTCP. */
static void a_syn_without_its_option_does_not_lose_the_initial_subflow(void **state)
{
	(void)state;
	open_v1(&path_a);
	frames[0].options_length = 0;
	join(&path_b, SERVER_TOKEN_V1);
	size_t down = data(&path_a, LISTENER, 1, 10, SERVER_IDSN_V1 + 1);
	play();
	assert_one_connection();
	assert_column(down, dsn, 1);
	assert_column(1, expected_token, SERVER_TOKEN_V1);
}

/* A middlebox that inserts options into one direction of plain TCP. */
static void options_in_a_plain_connection_do_not_make_it_mptcp(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, SERVER_KEY, 0, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	data(&path_a, LISTENER, 1, 10, SERVER_IDSN_V1 + 1);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	capable(1, CLIENT_KEY, OTHER_SERVER_KEY, 0);
	play();
	for (size_t i = 0; i < frame_count; i++)
		assert_no_column(i, mptcpstream);
}

static void a_refused_join_of_an_unknown_token_makes_no_connection(void **state)
{
	static const struct path path_c = {3, {40002, 443}, {5000000, 6000000}};

	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0); /* refused at once */
	join_syn(3, 0x12345678);
	segment(&path_a, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 1, 0);
	join(&path_b, 0x12345678); /* refused at the third ACK */
	segment(&path_b, LISTENER, MPTCP_RST, 1, 0, 0);
	segment(&path_c, OPENER, MPTCP_SYN, 0, 0, 0); /* no answer */
	join_syn(3, 0x9abcdef0);
	play();
	for (size_t i = 0; i < frame_count; i++) {
		assert_no_column(i, mptcpstream);
		assert_no_column(i, mptcpdest);
		assert_column(i, tcpstream, i < 2 ? 0 : i < 6 ? 1 : 2);
	}
	assert_column(0, recvtok, 0x12345678);
	assert_column(0, subtype, 1 << MPTCP_MP_JOIN);
}

static void a_join_of_an_unknown_token_that_goes_on_is_a_connection(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0); /* another one of that token is refused */
	join_syn(3, 0x12345678);
	segment(&path_a, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 1, 0);
	join(&path_b, 0x12345678);
	segment(&path_b, LISTENER, MPTCP_ACK, 1, 1, 0);
	segment(&path_b, LISTENER, MPTCP_RST, 1, 0, 0);
	play();
	assert_one_connection();
}

#define SCENARIO(test) cmocka_unit_test_setup(test, begin_scenario)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENARIO(a_join_opened_by_the_client_belongs_to_its_connection),
		SCENARIO(a_join_opened_by_the_server_has_the_roles_the_other_way_round),
		SCENARIO(a_join_syn_sent_again_changes_nothing),
		SCENARIO(a_join_before_the_keys_is_adopted),
		SCENARIO(a_join_by_the_server_before_the_keys_is_adopted_with_its_roles),
		SCENARIO(a_join_in_v0_before_the_keys_gets_its_32_bit_dsn_extended),
		SCENARIO(joins_with_an_unknown_token_are_one_connection),
		SCENARIO(two_connections_between_the_same_hosts_stay_apart),
		SCENARIO(a_capture_from_the_middle_joins_subflows_by_their_64_bit_dsn),
		SCENARIO(a_capture_from_the_middle_turns_a_subflow_opened_by_the_server),
		SCENARIO(a_subflow_without_its_join_belongs_to_the_connection_with_its_dsn),
		SCENARIO(connections_merged_twice_leave_no_lookup_behind),
		SCENARIO(of_several_syn_acks_the_one_that_the_third_ack_repeats_counts),
		SCENARIO(a_third_ack_that_repeats_another_key_changes_nothing),
		SCENARIO(the_mapping_in_mp_capable_follows_the_key_that_counts_in_the_end),
		SCENARIO(numbers_of_32_bits_follow_the_key_that_counts_in_the_end),
		SCENARIO(a_data_ack_without_data_has_its_number_from_the_key),
		SCENARIO(the_version_stays_that_of_the_client),
		SCENARIO(hmacs_tell_whose_join_it_is_where_two_have_its_token),
		SCENARIO(a_join_moves_when_the_keys_of_its_connection_come_late),
		SCENARIO(a_join_goes_to_the_connection_with_its_destination),
		SCENARIO(a_join_goes_to_the_connection_that_announced_its_destination),
		SCENARIO(a_join_stays_where_its_addresses_are_when_its_hmac_fits_several),
		SCENARIO(a_syn_without_its_option_does_not_lose_the_initial_subflow),
		SCENARIO(options_in_a_plain_connection_do_not_make_it_mptcp),
		SCENARIO(a_refused_join_of_an_unknown_token_makes_no_connection),
		SCENARIO(a_join_of_an_unknown_token_that_goes_on_is_a_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
