/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What connections, subflows and TCP connections carried, as mptcp-lc, mptcp-ls and mptcp-lt list
 * it.
 */
#include "listing.h"

#include "packet_builder.h"
#include "scenario.h"

static struct mptcp_listing listing;

static int empty_listing(void **state)
{
	mptcp_listing_init(&listing, NULL);
	return begin_scenario(state);
}

static int clear_listing(void **state)
{
	(void)state;
	mptcp_listing_clear(&listing);
	return 0;
}

static void add(const struct mptcp_packet *packet)
{
	struct mptcp_error error;

	assert_int_equal(mptcp_listing_add(&listing, packet, &error), 0);
}

/* All frames through the tracker into the listing. */
static void list(void)
{
	struct mptcp_error error;

	play();
	for (size_t i = 0; i < frame_count; i++)
		add(&rows[i].packet);
	assert_int_equal(mptcp_story_end(&listing.story, &error), 0);
}

static const struct mptcp_story_connection *connection(uint32_t mptcpstream)
{
	const struct mptcp_story_connection *found =
		mptcp_roster_connection(&listing.story.roster, mptcpstream);

	assert_non_null(found);
	return found;
}

static const struct mptcp_listed_stream *stream(uint32_t tcpstream)
{
	const struct mptcp_story_subflow *found =
		mptcp_roster_subflow(&listing.story.roster, tcpstream);

	assert_non_null(found);
	return found->own;
}

static uint64_t bytes(enum mptcp_role to)
{
	return mptcp_listing_bytes(connection(0), to);
}

static void assert_state(const char *name)
{
	assert_string_equal(mptcp_state_name(mptcp_story_connection_state(connection(0))), name);
}

static void a_connection_has_its_ends_tokens_subflows_and_bytes(void **state)
{
	uint32_t token;

	(void)state;
	open_v1(&path_a);
	join(&path_b, CLIENT_TOKEN_V1); /* opened by the server */
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	data(&path_b, LISTENER, 1, 50, CLIENT_IDSN_V1 + 51); /* the same data in part */
	data(&path_b, LISTENER, 51, 50, CLIENT_IDSN_V1 + 101);
	data(&path_b, OPENER, 1, 30, SERVER_IDSN_V1 + 1);
	list();
	const struct mptcp_story_connection *one = connection(0);
	struct mptcp_listed_span span = mptcp_listing_connection_span(one);

	assert_int_equal(listing.story.roster.connection_count, 1);
	assert_true(one->has_version && one->version == 1);
	assert_int_equal(one->ends[MPTCP_CLIENT].port, 40000);
	assert_int_equal(one->ends[MPTCP_SERVER].port, 443);
	assert_true(mptcp_story_token(one, MPTCP_CLIENT, &token));
	assert_int_equal(token, CLIENT_TOKEN_V1);
	assert_true(mptcp_story_token(one, MPTCP_SERVER, &token));
	assert_int_equal(token, SERVER_TOKEN_V1);
	assert_int_equal(one->established, 2);
	assert_int_equal(span.packets, frame_count);
	assert_int_equal(span.last - span.start, (int64_t)(frame_count - 1) * 1000);
	assert_int_equal(bytes(MPTCP_SERVER), 150);
	assert_int_equal(bytes(MPTCP_CLIENT), 30);
	assert_state("open");
	/* by TCP role: the client of the second is the server of the connection */
	assert_int_equal(stream(1)->to[MPTCP_CLIENT].sent, 100);
	assert_int_equal(stream(1)->to[MPTCP_SERVER].sent, 30);
	assert_int_equal(stream(1)->to[MPTCP_CLIENT].packets, 3);
	assert_int_equal(stream(0)->to[MPTCP_SERVER].sent, 100);
}

static void retransmissions_count_for_the_subflow_not_for_the_connection(void **state)
{
	(void)state;
	open_v1(&path_a);
	for (int i = 0; i < 3; i++) {
		data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
		wait_ms(200);
	}
	list();
	assert_int_equal(bytes(MPTCP_SERVER), 100);
	assert_int_equal(stream(0)->to[MPTCP_SERVER].sent, 300);
	assert_int_equal(stream(0)->to[MPTCP_SERVER].unique, 100);
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
	assert_state("closed");
	assert_int_equal(bytes(MPTCP_SERVER), 10);
	assert_int_equal(bytes(MPTCP_CLIENT), 0);
}

static void the_data_of_a_server_that_does_not_speak_mptcp_counts(void **state)
{
	uint32_t token;

	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 0);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 1, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 100);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 100);
	segment(&path_a, LISTENER, MPTCP_ACK, 1, 101, 70);
	list();
	assert_state("fallback");
	assert_false(mptcp_story_token(connection(0), MPTCP_SERVER, &token));
	assert_int_equal(connection(0)->established, 0);
	assert_int_equal(bytes(MPTCP_SERVER), 100);
	assert_int_equal(bytes(MPTCP_CLIENT), 70);
}

static void data_without_dsn_after_a_fallback_counts_from_its_first_byte(void **state)
{
	(void)state;
	open_v1(&path_a);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	segment(&path_a, OPENER, MPTCP_ACK, 101, 1, 40);
	segment(&path_a, OPENER, MPTCP_ACK, 121, 1, 40);
	list();
	assert_state("fallback");
	assert_int_equal(bytes(MPTCP_SERVER), 160);
}

static void data_without_dsn_that_means_no_fallback_is_no_data(void **state)
{
	(void)state;
	open_v1(&path_a);
	join(&path_b, SERVER_TOKEN_V1);
	data(&path_b, LISTENER, 1, 30, SERVER_IDSN_V1 + 1);
	data(&path_a, OPENER, 1, 100, CLIENT_IDSN_V1 + 1);
	segment(&path_a, OPENER, MPTCP_ACK, 101, 1, 40);
	list();
	assert_state("open");
	assert_int_equal(bytes(MPTCP_SERVER), 100);
	assert_int_equal(stream(0)->to[MPTCP_SERVER].unique, 140);
}

static void an_infinite_mapping_counts(void **state)
{
	(void)state;
	open_v1(&path_a);
	segment(&path_a, OPENER, MPTCP_ACK, 1, 1, 40);
	map(CLIENT_IDSN_V1 + 1, 1, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 41, 1, 40);
	list();
	assert_state("fallback");
	assert_int_equal(bytes(MPTCP_SERVER), 80);
}

static void fast_open_data_counts(void **state)
{
	(void)state;
	segment(&path_a, OPENER, MPTCP_SYN, 0, 0, 50);
	capable(1, 0, 0, 0);
	segment(&path_a, LISTENER, MPTCP_SYN | MPTCP_ACK, 0, 51, 0);
	capable(1, SERVER_KEY, 0, 0);
	segment(&path_a, OPENER, MPTCP_ACK, 51, 1, 100);
	capable(1, CLIENT_KEY, SERVER_KEY, 100);
	list();
	assert_state("open");
	assert_int_equal(bytes(MPTCP_SERVER), 150);
}

static void a_capture_without_the_handshake_is_partial(void **state)
{
	(void)state;
	data(&path_a, OPENER, 5001, 100, UINT64_C(0x1234567800001000));
	list();
	assert_state("partial");
	assert_int_equal(connection(0)->established, 1);
	assert_int_equal(bytes(MPTCP_SERVER), 100);
	assert_int_equal(mptcp_story_kind(connection(0)->subflows), MPTCP_KIND_INITIAL);
}

static struct mptcp_packet written(uint64_t dsn, uint32_t tcpseq, uint32_t length)
{
	struct mptcp_packet packet = build_mptcp(0, 0, MPTCP_SERVER, MPTCP_ACK);

	packet.present |= MPTCP_HAS(dsn);
	packet.dsn = dsn;
	packet.tcpseq = tcpseq;
	packet.tcplen = length;
	return packet;
}

/* Data before what the first row was counted from (a capture from the middle) has a number below 0,
 * modulo 2^64. */
static void data_numbers_around_zero_are_counted_once(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		for (uint32_t at = 0; at < 4; at++) {
			struct mptcp_packet packet =
				written(UINT64_MAX - 149 + at * 100, 1 + at * 100, 100);

			add(&packet);
		}
	assert_int_equal(bytes(MPTCP_SERVER), 400);
}

static void a_split_payload_counts_its_pieces(void **state)
{
	struct mptcp_packet packet = written(1, 1, 100);

	(void)state;
	packet.present |= MPTCP_HAS(dsn_split);
	packet.dsn_split = (struct mptcp_text){"0:1:20;50:501:30", 16};
	for (int i = 0; i < 2; i++)
		add(&packet);
	assert_int_equal(bytes(MPTCP_SERVER), 50);
	assert_int_equal(stream(0)->to[MPTCP_SERVER].unique, 100);
}

static void a_selection_of_time_chooses_what_is_counted(void **state)
{
	struct mptcp_selection selection = {.has_from = true,
		.has_to = true,
		.from = 3000,
		.to = 5000};

	(void)state;
	open_v1(&path_a);
	for (uint32_t at = 1; at < 401; at += 100)
		data(&path_a, OPENER, at, 100, CLIENT_IDSN_V1 + at);
	listing.selection = &selection;
	list();
	struct mptcp_listed_span span = mptcp_listing_connection_span(connection(0));

	assert_int_equal(span.packets, 2);
	assert_int_equal(span.last - span.start, 1000);
	assert_int_equal(bytes(MPTCP_SERVER), 200);
	assert_int_equal(stream(0)->to[MPTCP_SERVER].sent, 200);
	assert_state("open"); /* the story sees all */
}

#define LISTED(test) cmocka_unit_test_setup_teardown(test, empty_listing, clear_listing)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LISTED(a_connection_has_its_ends_tokens_subflows_and_bytes),
		LISTED(retransmissions_count_for_the_subflow_not_for_the_connection),
		LISTED(data_fins_of_both_ends_close_a_connection_and_count_no_byte),
		LISTED(the_data_of_a_server_that_does_not_speak_mptcp_counts),
		LISTED(data_without_dsn_after_a_fallback_counts_from_its_first_byte),
		LISTED(data_without_dsn_that_means_no_fallback_is_no_data),
		LISTED(an_infinite_mapping_counts),
		LISTED(fast_open_data_counts),
		LISTED(a_capture_without_the_handshake_is_partial),
		LISTED(data_numbers_around_zero_are_counted_once),
		LISTED(a_split_payload_counts_its_pieces),
		LISTED(a_selection_of_time_chooses_what_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
