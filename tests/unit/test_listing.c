/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections and subflows as mptcp-lc and mptcp-ls list them: roles, bytes, states. */
#include "listing.h"

#include "scenario.h"

static struct mptcp_listing listing;

static int empty_listing(void **state)
{
	listing = (struct mptcp_listing){0};
	return begin_scenario(state);
}

static int release_listing(void **state)
{
	(void)state;
	mptcp_listing_release(&listing);
	return 0;
}

/* All frames through the tracker into the listing. */
static void list(void)
{
	struct mptcp_error error;

	play();
	for (size_t i = 0; i < frame_count; i++)
		assert_int_equal(mptcp_listing_add(&listing, &rows[i].packet, &error), 0);
	mptcp_listing_end(&listing);
}

static enum mptcp_state state_of(uint32_t mptcpstream)
{
	struct mptcp_listed_connection *connection =
		mptcp_listing_connection(&listing, mptcpstream);

	assert_non_null(connection);
	return connection->state;
}

static void a_connection_has_its_ends_tokens_subflows_and_bytes(void **state)
{
	(void)state;
	open_v1(&path_a);
	join(&path_b, CLIENT_TOKEN_V1); /* opened by the server */
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	data(&path_b, LISTENER, 1, 50, CLIENT_IDSN_V1 + 51); /* the same data in part */
	data(&path_b, LISTENER, 51, 50, CLIENT_IDSN_V1 + 101);
	data(&path_b, OPENER, 1, 30, SERVER_IDSN_V1 + 1);
	list();
	const struct mptcp_listed_connection *connection = mptcp_listing_connection(&listing, 0);

	assert_int_equal(listing.connection_count, 1);
	assert_true(connection->has_version && connection->version == 1);
	assert_int_equal(connection->ends[MPTCP_CLIENT].port, 40000);
	assert_int_equal(connection->ends[MPTCP_SERVER].port, 443);
	assert_int_equal(connection->token[MPTCP_CLIENT], CLIENT_TOKEN_V1);
	assert_int_equal(connection->token[MPTCP_SERVER], SERVER_TOKEN_V1);
	assert_int_equal(connection->subflows, 2);
	assert_int_equal(connection->packets, frame_count);
	assert_int_equal(connection->bytes[MPTCP_SERVER], 150);
	assert_int_equal(connection->bytes[MPTCP_CLIENT], 30);
	assert_int_equal(connection->last - connection->start, (int64_t)(frame_count - 1) * 1000);
	assert_int_equal(connection->state, MPTCP_STATE_OPEN);

	const struct mptcp_listed_subflow *subflow = mptcp_listing_subflow(&listing, 1);
	assert_true(subflow->kind == MPTCP_KIND_JOIN);
	assert_int_equal(subflow->ends[MPTCP_CLIENT].port, 40001);
	assert_int_equal(subflow->server_role, MPTCP_CLIENT);
	assert_int_equal(subflow->addrid[MPTCP_CLIENT], 3);
	assert_int_equal(subflow->addrid[MPTCP_SERVER], 5);
	assert_int_equal(subflow->bytes[MPTCP_SERVER], 100);
	assert_int_equal(subflow->bytes[MPTCP_CLIENT], 30);
	assert_true(mptcp_subflow_established(subflow));
	subflow = mptcp_listing_subflow(&listing, 0);
	assert_true(subflow->kind == MPTCP_KIND_INITIAL);
	assert_int_equal(subflow->server_role, MPTCP_SERVER);
	assert_true(subflow->has_addrid[0] && !subflow->addrid[0]);
	assert_null(mptcp_listing_subflow(&listing, 2));
	assert_null(mptcp_listing_connection(&listing, 1));
}

static void retransmissions_count_for_the_subflow_not_for_the_connection(void **state)
{
	(void)state;
	open_v1(&path_a);
	for (int i = 0; i < 3; i++)
		data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	list();
	assert_int_equal(mptcp_listing_connection(&listing, 0)->bytes[MPTCP_SERVER], 100);
	assert_int_equal(mptcp_listing_subflow(&listing, 0)->bytes[MPTCP_SERVER], 300);
}

static void data_fins_of_both_ends_close_a_connection_and_count_no_byte(void **state)
{
	(void)state;
	open_v1(&path_a);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 10);
	put_dss(last_frame(),
		(struct dss){.dsn_size = 8,
			.dsn = CLIENT_IDSN_V1 + 1,
			.ssn = 1,
			.length = 11,
			.data_fin = 1});
	segment(&path_a, LISTENER, MPTCP_ACK, 1, 11, 0);
	put_dss(last_frame(),
		(struct dss){.dsn_size = 8, .dsn = SERVER_IDSN_V1 + 1, .length = 1, .data_fin = 1});
	list();
	assert_int_equal(state_of(0), MPTCP_STATE_CLOSED);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->bytes[MPTCP_SERVER], 10);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->bytes[MPTCP_CLIENT], 0);
	assert_int_equal(mptcp_subflow_state(mptcp_listing_subflow(&listing, 0)), MPTCP_STATE_OPEN);
}

static void a_server_that_answers_without_mp_capable_means_fallback(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 100);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 100);
	segment(&path_a, LISTENER, MPTCP_ACK, 1, 101, 70);
	list();
	const struct mptcp_listed_connection *connection = mptcp_listing_connection(&listing, 0);

	assert_int_equal(connection->state, MPTCP_STATE_FALLBACK);
	assert_false(connection->has_token[MPTCP_SERVER]);
	assert_int_equal(connection->subflows, 0);
	assert_int_equal(connection->bytes[MPTCP_SERVER], 100);
	assert_int_equal(connection->bytes[MPTCP_CLIENT], 70);
}

/* RFC 8684 section 3.1: the client's first packet behind the SYN/ACK carries MP_CAPABLE, or both go
 * on as plain TCP. */
static void a_client_that_goes_on_without_any_mptcp_option_means_fallback(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	capable(1, SERVER_KEY, 0, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	segment(&path_a, OPENER, MPTCP_FIN | MPTCP_ACK, 1, 1, 0);
	segment(&path_a, LISTENER, MPTCP_FIN | MPTCP_ACK, 1, 2, 0);
	list();
	assert_int_equal(state_of(0), MPTCP_STATE_FALLBACK);
	/* it was established for the client, whose kernel says so: only the options were lost */
	assert_int_equal(mptcp_listing_connection(&listing, 0)->subflows, 1);
}

static void data_without_dsn_after_mapped_data_means_fallback_and_counts(void **state)
{
	(void)state;
	open_v1(&path_a);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	segment(&path_a, OPENER, MPTCP_ACK, 101, 1, 40);
	segment(&path_a, OPENER, MPTCP_ACK, 121, 1, 40);
	list();
	assert_int_equal(state_of(0), MPTCP_STATE_FALLBACK);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->bytes[MPTCP_SERVER], 160);
}

static void an_infinite_mapping_means_fallback(void **state)
{
	(void)state;
	open_v1(&path_a);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 40);
	map(CLIENT_IDSN_V1 + 1, 1, 0);
	list();
	assert_int_equal(state_of(0), MPTCP_STATE_FALLBACK);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->bytes[MPTCP_SERVER], 40);
}

static void fast_open_data_counts_and_is_no_fallback(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 50);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 51, 0);
	capable(1, SERVER_KEY, 0, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 51, 1, 100);
	capable(1, CLIENT_KEY, SERVER_KEY, 100);
	list();
	assert_int_equal(state_of(0), MPTCP_STATE_OPEN);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->bytes[MPTCP_SERVER], 150);
}

static void fastclose_and_reset_have_their_states(void **state)
{
	(void)state;
	open_v1(&path_a);
	segment(&path_a, OPENER, MPTCP_RST | MPTCP_ACK, 1, 1, 0);
	list();
	assert_int_equal(state_of(0), MPTCP_STATE_RESET);
	assert_int_equal(mptcp_subflow_state(mptcp_listing_subflow(&listing, 0)),
		MPTCP_STATE_RESET);
	mptcp_listing_release(&listing);
	put(last_frame(), 0x1e0c7000, 4);
	put(last_frame(), SERVER_KEY, 8);
	list();
	assert_int_equal(state_of(0), MPTCP_STATE_FASTCLOSE);
}

static void one_subflow_reset_leaves_the_connection_open(void **state)
{
	(void)state;
	open_v1(&path_a);
	join(&path_b, SERVER_TOKEN_V1);
	segment(&path_b, OPENER, MPTCP_RST, 1, 0, 0);
	list();
	assert_int_equal(state_of(0), MPTCP_STATE_OPEN);
	assert_int_equal(mptcp_subflow_state(mptcp_listing_subflow(&listing, 1)),
		MPTCP_STATE_RESET);
}

static void a_capture_without_the_handshake_is_partial(void **state)
{
	(void)state;
	data(&path_a, OPENER, 5001, 100, UINT64_C(0x1234567800001000));
	list();
	assert_int_equal(state_of(0), MPTCP_STATE_PARTIAL);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->subflows, 1);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->bytes[MPTCP_SERVER], 100);
}

static void a_join_that_was_refused_is_failed_and_not_counted(void **state)
{
	(void)state;
	open_v1(&path_a);
	segment(&path_b, OPENER, MPTCP_SYN, 0, 0, 0);
	join_syn(3, SERVER_TOKEN_V1);
	segment(&path_b, LISTENER, MPTCP_RST | MPTCP_ACK, 0, 1, 0);
	list();
	assert_int_equal(mptcp_subflow_state(mptcp_listing_subflow(&listing, 1)),
		MPTCP_STATE_FAILED);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->subflows, 1);
}

static struct mptcp_packet written(uint64_t dsn, uint32_t tcpseq, uint32_t length)
{
	struct mptcp_packet packet = {.present = MPTCP_LISTING_NEEDED &
			~(MPTCP_HAS(subtype) | MPTCP_HAS(recvkey) | MPTCP_HAS(recvtok) |
				MPTCP_HAS(expected_token) | MPTCP_HAS(addrid)),
		.dsn = dsn,
		.tcpseq = tcpseq,
		.tcplen = length,
		.tcpflags = MPTCP_ACK,
		.mptcpdest = MPTCP_SERVER,
		.tcpdest = MPTCP_SERVER};

	return packet;
}

/* Data before what the first row was counted from (a capture from the middle) has a number below 0,
 * modulo 2^64. */
static void data_numbers_around_zero_are_counted_once(void **state)
{
	struct mptcp_error error;

	(void)state;
	for (int i = 0; i < 3; i++) {
		for (uint64_t at = 0; at < 4; at++) {
			struct mptcp_packet packet = written(UINT64_MAX - 149 + at * 100, 0, 100);

			assert_int_equal(mptcp_listing_add(&listing, &packet, &error), 0);
		}
	}
	mptcp_listing_end(&listing);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->bytes[MPTCP_SERVER], 400);
}

static void a_split_payload_counts_its_pieces_and_the_bytes_between(void **state)
{
	struct mptcp_error error;
	struct mptcp_packet packet = written(1, 1, 100);

	(void)state;
	packet.present |= MPTCP_HAS(dsn_split);
	packet.dsn_split = (struct mptcp_text){"0:1:20;50:501:30", 16};
	for (int i = 0; i < 2; i++)
		assert_int_equal(mptcp_listing_add(&listing, &packet, &error), 0);
	mptcp_listing_end(&listing);
	assert_int_equal(
		mptcp_intervals_total(&mptcp_listing_connection(&listing, 0)->data[MPTCP_SERVER]),
		50);
	assert_int_equal(mptcp_listing_connection(&listing, 0)->bytes[MPTCP_SERVER], 100);
}

static void rows_without_mptcpstream_are_ignored_and_any_number_is_possible(void **state)
{
	struct mptcp_error error;
	struct mptcp_packet packet = written(1, 1, 100);

	(void)state;
	packet.present &= ~MPTCP_HAS(mptcpstream);
	assert_int_equal(mptcp_listing_add(&listing, &packet, &error), 0);
	assert_int_equal(listing.connection_count, 0);
	packet.present |= MPTCP_HAS(mptcpstream);
	packet.mptcpstream = packet.tcpstream = UINT32_MAX;
	assert_int_equal(mptcp_listing_add(&listing, &packet, &error), 0);
	mptcp_listing_end(&listing);
	mptcp_listing_end(&listing); /* twice gives the same */
	assert_int_equal(mptcp_listing_connection(&listing, UINT32_MAX)->bytes[MPTCP_SERVER], 100);
}

static void states_have_names(void **state)
{
	(void)state;
	assert_string_equal(mptcp_state_name(MPTCP_STATE_OPEN), "open");
	assert_string_equal(mptcp_state_name(MPTCP_STATE_PARTIAL), "partial");
	assert_string_equal(mptcp_state_name(MPTCP_STATE_FAILED), "failed");
}

#define LISTED(test) cmocka_unit_test_setup_teardown(test, empty_listing, release_listing)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LISTED(a_connection_has_its_ends_tokens_subflows_and_bytes),
		LISTED(retransmissions_count_for_the_subflow_not_for_the_connection),
		LISTED(data_fins_of_both_ends_close_a_connection_and_count_no_byte),
		LISTED(a_server_that_answers_without_mp_capable_means_fallback),
		LISTED(a_client_that_goes_on_without_any_mptcp_option_means_fallback),
		LISTED(data_without_dsn_after_mapped_data_means_fallback_and_counts),
		LISTED(an_infinite_mapping_means_fallback),
		LISTED(fast_open_data_counts_and_is_no_fallback),
		LISTED(fastclose_and_reset_have_their_states),
		LISTED(one_subflow_reset_leaves_the_connection_open),
		LISTED(a_capture_without_the_handshake_is_partial),
		LISTED(a_join_that_was_refused_is_failed_and_not_counted),
		LISTED(data_numbers_around_zero_are_counted_once),
		LISTED(a_split_payload_counts_its_pieces_and_the_bytes_between),
		LISTED(rows_without_mptcpstream_are_ignored_and_any_number_is_possible),
		LISTED(states_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
