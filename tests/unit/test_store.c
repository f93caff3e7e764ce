/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Store: packets come back as they were; a damaged file is reported and never crashes. */
#include "random_packet.h"
#include "store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const names[] = {"ip.ttl", "frame.comment"};

static int memory_file(void)
{
	int fd = memfd_create("store", MFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void write_packets(int fd, unsigned seed, int count, size_t extras, bool finish)
{
	struct mptcp_output output = {.fd = fd, .name = "memory"};
	struct mptcp_error error;
	struct mptcp_packet packet;
	struct mptcp_text extra[2];

	struct mptcp_store_writer *writer =
		mptcp_store_writer_new(&output, "key line 1\nline 2\n", names, extras, &error);
	assert_non_null(writer);
	srand(seed);
	for (int i = 0; i < count; i++) {
		random_packet(&packet);
		for (size_t j = 0; j < extras; j++)
			extra[j] = random_text();
		packet.extra = extra;
		packet.extras = extras;
		assert_int_equal(mptcp_store_write(writer, &packet, &error), 0);
	}
	if (finish)
		assert_int_equal(mptcp_store_finish(writer, MPTCP_DATA, "cut short",
					 "a note\nanother", &error),
			0);
	mptcp_store_writer_free(writer);
	assert_int_equal(mptcp_output_close(&output, &error), 0);
}

static void compare_packets(struct mptcp_store *store, unsigned seed, int count, size_t extras)
{
	struct mptcp_error error = {0};
	struct mptcp_packet packet, back;

	srand(seed);
	for (int i = 0; i < count; i++) {
		random_packet(&packet);
		if (mptcp_store_next(store, &back, &error) != 1)
			fail_msg("packet %d: %s", i, error.text);
		int column = packets_differ(&packet, &back, MPTCP_ALL_COLUMNS);
		if (column < MPTCP_COLUMNS)
			fail_msg("packet %d differs in column '%s'", i, mptcp_columns[column].name);
		assert_int_equal(back.extras, extras);
		for (size_t j = 0; j < extras; j++) {
			struct mptcp_text extra = random_text();
			assert_int_equal(back.extra[j].length, extra.length);
			assert_memory_equal(back.extra[j].bytes, extra.bytes, extra.length);
		}
	}
	assert_int_equal(mptcp_store_next(store, &back, &error), 0);
	assert_int_equal(mptcp_store_next(store, &back, &error), 0);
}

static void a_hundred_thousand_random_packets_come_back(void **state)
{
	struct mptcp_error error = {0};
	const char *warning;

	(void)state;
	for (size_t extras = 0; extras <= 2; extras += 2) {
		int fd = memory_file();
		write_packets(fd, 1, 100000, extras, true);
		struct mptcp_store *store = mptcp_store_open(fd, "x", &error);
		assert_non_null(store);
		assert_string_equal(mptcp_store_key(store), "key line 1\nline 2\n");
		assert_true(mptcp_store_packets(store) == 100000);
		assert_int_equal(mptcp_store_status(store, &warning), MPTCP_DATA);
		assert_string_equal(mptcp_store_notes(store), "a note\nanother");
		assert_string_equal(warning, "cut short");
		assert_int_equal(mptcp_store_header(store)->count, MPTCP_COLUMNS);
		assert_int_equal(mptcp_store_header(store)->extras, extras);
		for (size_t i = 0; i < extras; i++)
			assert_string_equal(mptcp_store_header(store)->extra[i], names[i]);
		compare_packets(store, 1, 100000, extras);
		mptcp_store_close(store);
	}
}

static void an_empty_store_has_no_packets(void **state)
{
	struct mptcp_error error;
	int fd = memory_file();

	(void)state;
	write_packets(fd, 1, 0, 0, true);
	struct mptcp_store *store = mptcp_store_open(fd, "x", &error);
	assert_non_null(store);
	compare_packets(store, 1, 0, 0);
	mptcp_store_close(store);
}

/* A packet with a text longer than a block of the reader, between others. */
static void long_texts_come_whole(void **state)
{
	struct mptcp_output output = {.fd = memory_file(), .name = "memory"};
	struct mptcp_error error;
	size_t length = 1000000;
	char *bytes = malloc(length);
	struct mptcp_packet back;

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)(i * 7);
	struct mptcp_store_writer *writer = mptcp_store_writer_new(&output, "", NULL, 0, &error);
	for (uint64_t i = 0; i < 5; i++) {
		struct mptcp_packet packet = {.present = MPTCP_HAS(packetid) | MPTCP_HAS(dsn_split),
			.packetid = i,
			.dsn_split = {bytes, i % 2 ? length : 3}};
		assert_int_equal(mptcp_store_write(writer, &packet, &error), 0);
	}
	assert_int_equal(mptcp_store_finish(writer, MPTCP_DONE, NULL, NULL, &error), 0);
	mptcp_store_writer_free(writer);
	int fd = dup(output.fd);
	assert_int_equal(mptcp_output_close(&output, &error), 0);
	struct mptcp_store *store = mptcp_store_open(fd, "x", &error);
	assert_non_null(store);
	for (uint64_t i = 0; i < 5; i++) {
		assert_int_equal(mptcp_store_next(store, &back, &error), 1);
		assert_true(back.packetid == i && back.dsn_split.length == (i % 2 ? length : 3));
		assert_memory_equal(back.dsn_split.bytes, bytes, back.dsn_split.length);
	}
	assert_int_equal(mptcp_store_next(store, &back, &error), 0);
	mptcp_store_close(store);
	free(bytes);
}

static void a_file_without_its_trailer_is_no_store(void **state)
{
	struct mptcp_error error;
	int fd = memory_file();

	(void)state;
	write_packets(fd, 1, 100, 0, false);
	assert_null(mptcp_store_open(fd, "x", &error));
	assert_int_equal(error.status, MPTCP_DATA);
}

/* Everything of a store is looked at, so that the sanitizers see a text that points nowhere. */
static int read_all(const char *bytes, size_t length)
{
	struct mptcp_error error;
	struct mptcp_packet packet;
	struct mptcp_buffer text = MPTCP_BUFFER_INIT;
	int got = -1, fd = memory_file();

	assert_int_equal(write(fd, bytes, length), length);
	struct mptcp_store *store = mptcp_store_open(fd, "x", &error);
	while (store && (got = mptcp_store_next(store, &packet, &error)) > 0) {
		mptcp_buffer_reset(&text);
		for (int id = 0; id < MPTCP_COLUMNS; id++)
			mptcp_packet_format(&text, &packet, (enum mptcp_column_id)id);
		for (size_t i = 0; i < packet.extras; i++)
			mptcp_buffer_add(&text, packet.extra[i].bytes, packet.extra[i].length);
	}
	if (got < 0)
		assert_int_equal(error.status, MPTCP_DATA);
	mptcp_store_close(store);
	mptcp_buffer_clear(&text);
	return got;
}

/* A small store as bytes, to be damaged. */
static char *small_store(size_t *length)
{
	int fd = memory_file();

	write_packets(fd, 5, 20, 2, true);
	*length = (size_t)lseek(fd, 0, SEEK_END);
	char *bytes = malloc(*length);
	assert_non_null(bytes);
	assert_int_equal(pread(fd, bytes, *length, 0), *length);
	close(fd);
	return bytes;
}

static void every_cut_is_told(void **state)
{
	size_t length;
	char *bytes = small_store(&length);

	(void)state;
	assert_int_equal(read_all(bytes, length), 0);
	for (size_t cut = 0; cut < length; cut++)
		assert_int_equal(read_all(bytes, cut), -1);
	free(bytes);
}

static void missing_and_added_bytes_in_the_middle_are_told(void **state)
{
	size_t length, head = MPTCP_STORE_MAGIC_LENGTH + 8;
	char *bytes = small_store(&length), *changed = malloc(length + 1);

	(void)state;
	assert_non_null(changed);
	for (size_t at = head; at < length; at += 3) {
		memcpy(changed, bytes, at);
		memcpy(changed + at, bytes + at + 1, length - at - 1);
		assert_int_equal(read_all(changed, length - 1), -1);
		changed[at] = (char)at;
		memcpy(changed + at + 1, bytes + at, length - at);
		assert_int_equal(read_all(changed, length + 1), -1);
	}
	free(changed);
	free(bytes);
}

static void flipped_bytes_never_crash_the_reader(void **state)
{
	size_t length;
	char *bytes = small_store(&length), *changed = malloc(length);

	(void)state;
	assert_non_null(changed);
	srand(6);
	for (int round = 0; round < 20000; round++) {
		memcpy(changed, bytes, length);
		for (int i = rand() % 4; i >= 0; i--) {
			size_t at = (size_t)rand() % length;
			changed[at] = (char)(rand() % 2 ? rand() : changed[at] ^ 1 << rand() % 8);
		}
		read_all(changed, length);
	}
	/* Magic and schema decide at once. */
	for (size_t at = 0; at < MPTCP_STORE_MAGIC_LENGTH + 8; at++) {
		memcpy(changed, bytes, length);
		changed[at] ^= 1;
		assert_int_equal(read_all(changed, length), -1);
	}
	free(changed);
	free(bytes);
}

static void roles_and_families_out_of_range_are_told(void **state)
{
	static const struct mptcp_packet bad[] = {{.present = MPTCP_HAS(tcpdest), .tcpdest = 2},
		{.present = MPTCP_HAS(mptcpdest), .mptcpdest = 255},
		{.present = MPTCP_HAS(ipsrc), .ipsrc = {.family = 5}},
		{.present = MPTCP_HAS(ipdst), .ipdst = {.family = 7}},
		{.present = MPTCP_BIT(MPTCP_COLUMNS)}};
	struct mptcp_error error;
	struct mptcp_packet packet;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct mptcp_output output = {.fd = memory_file(), .name = "memory"};
		struct mptcp_store_writer *writer =
			mptcp_store_writer_new(&output, "", NULL, 0, &error);
		assert_int_equal(mptcp_store_write(writer, &bad[i], &error), 0);
		assert_int_equal(mptcp_store_finish(writer, MPTCP_DONE, NULL, NULL, &error), 0);
		mptcp_store_writer_free(writer);
		int fd = dup(output.fd);
		mptcp_output_close(&output, &error);
		struct mptcp_store *store = mptcp_store_open(fd, "x", &error);
		assert_non_null(store);
		assert_int_equal(mptcp_store_next(store, &packet, &error), -1);
		assert_int_equal(error.status, MPTCP_DATA);
		mptcp_store_close(store);
	}
}

static void what_is_no_regular_file_is_no_store(void **state)
{
	struct mptcp_error error;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_null(mptcp_store_open(ends[0], "pipe", &error));
	assert_string_equal(error.text, "pipe: a store must be a regular file");
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hundred_thousand_random_packets_come_back),
		cmocka_unit_test(an_empty_store_has_no_packets),
		cmocka_unit_test(long_texts_come_whole),
		cmocka_unit_test(a_file_without_its_trailer_is_no_store),
		cmocka_unit_test(every_cut_is_told),
		cmocka_unit_test(missing_and_added_bytes_in_the_middle_are_told),
		cmocka_unit_test(flipped_bytes_never_crash_the_reader),
		cmocka_unit_test(roles_and_families_out_of_range_are_told),
		cmocka_unit_test(what_is_no_regular_file_is_no_store),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
