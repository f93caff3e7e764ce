/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tshark: a capture made here, dissected by the installed tshark, the same however it is
 * distributed; and scripts in tshark's place for what a tshark can do wrong.
 */
#include "tshark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct mptcp_error failure;
static char folder[] = "/tmp/mptcp-test-XXXXXX";
static char script[64];

/* An Ethernet frame with a TCP segment of `payload` bytes, sequence number `number`. */
static size_t segment(uint8_t frame[1600], uint32_t number, size_t payload)
{
	static const uint8_t start[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, /* Ethernet */
		0x45, 0, 0, 0, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, /* IPv4 */
		0x13, 0x88, 0, 80, 0, 0, 0, 0, 0, 0, 0, 9, 0x60, 0x18, 1, 0, 0, 0, 0, 0, 1, 1, 1,
		0}; /* TCP */
	size_t length = sizeof(start) + payload;

	memcpy(frame, start, sizeof(start));
	memset(frame + sizeof(start), 'G', payload);
	frame[16] = (uint8_t)((length - 14) >> 8);
	frame[17] = (uint8_t)(length - 14);
	for (int i = 0; i < 4; i++)
		frame[38 + i] = (uint8_t)(number >> (24 - 8 * i));
	return length;
}

static void add_record(struct mptcp_buffer *file, uint32_t number)
{
	uint8_t frame[1600] = {0};
	/* every fifth is not TCP */
	uint32_t length = number % 5 == 4 ? 60 : (uint32_t)segment(frame, number, number % 3 * 700);
	uint32_t header[4] = {1000 + number, number, length, length};

	mptcp_buffer_add(file, header, sizeof(header));
	mptcp_buffer_add(file, frame, length);
}

static void make_capture(struct mptcp_buffer *file, uint32_t packets)
{
	static const uint32_t header[6] = {0xa1b2c3d4, 0x00040002, 0, 0, 65535, 1};

	mptcp_buffer_add(file, header, sizeof(header));
	for (uint32_t i = 0; i < packets; i++)
		add_record(file, i);
}

/* The capture without its last `cut` bytes. */
static struct mptcp_capture *open_capture(uint32_t packets, size_t cut)
{
	struct mptcp_buffer file = MPTCP_BUFFER_INIT;
	int fd = memfd_create("capture", MFD_CLOEXEC);

	make_capture(&file, packets);
	assert_int_equal(write(fd, file.bytes, file.length - cut), file.length - cut);
	lseek(fd, 0, SEEK_SET);
	mptcp_buffer_clear(&file);
	struct mptcp_capture *capture = mptcp_capture_open(
		&(struct mptcp_opened){fd, "x.pcap", NULL, 0}, "editcap", &failure);
	assert_non_null(capture);
	return capture;
}

static struct mptcp_tshark *open_with(uint32_t packets, size_t cut,
	const struct mptcp_tshark_options *options)
{
	struct mptcp_tshark *tshark =
		mptcp_tshark_open(open_capture(packets, cut), "x.pcap", options, &failure);

	assert_non_null(tshark);
	return tshark;
}

/* All frames in order, checked; returns how many, and in `end` what mptcp_tshark_next said last. */
static unsigned drain(struct mptcp_tshark *tshark, int *end)
{
	struct mptcp_frame frame;
	unsigned frames = 0;

	while ((*end = mptcp_tshark_next(tshark, &frame, &failure)) == 1) {
		uint32_t number = frames / 4 * 5 + frames % 4;
		assert_int_equal(frame.number, number + 1);
		assert_int_equal(frame.sequence, number);
		assert_int_equal(frame.length, number % 3 * 700);
		assert_int_equal(frame.time,
			(1000 + (int64_t)number) * 1000000000 + (int64_t)number * 1000);
		assert_int_equal(frame.options_length, 4);
		assert_memory_equal(frame.options, "\1\1\1\0", 4);
		frames++;
	}
	return frames;
}

static void assert_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void frames_are_the_same_for_all_jobs_and_chunks(void **state)
{
	static const unsigned dealings[][2] = {{1, 0}, {2, 1}, {3, 7}, {2, 2000}, {1, 100000}};
	(void)state;

	for (size_t i = 0; i < sizeof(dealings) / sizeof(*dealings); i++) {
		struct mptcp_tshark_options options = {.program = "tshark",
			.jobs = dealings[i][0],
			.chunk = dealings[i][1]};
		struct mptcp_tshark *tshark = open_with(6000, 0, &options);
		int end;
		assert_int_equal(drain(tshark, &end), 4800);
		assert_int_equal(end, 0);
		assert_int_equal(mptcp_tshark_start_time(tshark), INT64_C(1000000000000));
		mptcp_tshark_close(tshark);
		assert_no_child();
	}
}

static void a_capture_cut_short_gives_all_whole_packets_first(void **state)
{
	struct mptcp_tshark_options options = {.program = "tshark", .jobs = 2, .chunk = 10};
	struct mptcp_tshark *tshark = open_with(99, 5, &options);
	int end;
	(void)state;

	assert_int_equal(drain(tshark, &end), 79);
	assert_int_equal(end, -1);
	assert_int_equal(failure.status, MPTCP_DATA);
	assert_non_null(strstr(failure.text, "packet 99: cut short"));
	mptcp_tshark_close(tshark);
}

static void a_capture_of_no_packets_has_no_frames(void **state)
{
	struct mptcp_tshark_options options = {.program = "tshark", .jobs = 2};
	struct mptcp_tshark *tshark = open_with(0, 0, &options);
	int end;
	(void)state;

	assert_int_equal(drain(tshark, &end), 0);
	assert_int_equal(end, 0);
	mptcp_tshark_close(tshark);
}

static void assert_text(struct mptcp_text text, const char *expected)
{
	assert_int_equal(text.length, strlen(expected));
	assert_memory_equal(text.bytes, expected, text.length);
}

static void additional_fields_come_with_each_frame(void **state)
{
	const char *const without[] = {"tcp.dstport", "frame.cap_len", "frame.cap_len"};
	const char *const with[] = {"frame.number", "tcp.stream"};
	struct mptcp_tshark_options options = {.program = "tshark",
		.jobs = 2,
		.chunk = 2,
		.fields = without,
		.field_count = 3};
	struct mptcp_frame frame;
	(void)state;

	struct mptcp_tshark *tshark = open_with(3, 0, &options);
	for (int i = 0; i < 3; i++)
		assert_int_equal(mptcp_tshark_next(tshark, &frame, &failure), 1);
	assert_int_equal(frame.extras, 3);
	assert_text(frame.extra[2], "1458"); /* asked for twice */
	assert_text(frame.extra[0], "80");   /* a column that the frame itself is made from */
	assert_text(frame.extra[1], "1458"); /* not cut */
	mptcp_tshark_close(tshark);

	options.fields = with;
	options.field_count = 2;
	tshark = open_with(3, 0, &options);
	for (int i = 0; i < 3; i++)
		assert_int_equal(mptcp_tshark_next(tshark, &frame, &failure), 1);
	assert_text(frame.extra[0], "3"); /* of the capture, not of a batch */
	assert_text(frame.extra[1], "0");
	mptcp_tshark_close(tshark);
}

static void an_unknown_field_and_a_missing_profile_are_named(void **state)
{
	const char *const fields[] = {"tcp.no_such_field"};
	struct mptcp_tshark_options options = {.program = "tshark",
		.fields = fields,
		.field_count = 1};
	struct mptcp_tshark *tshark = open_with(3, 0, &options);
	int end;
	(void)state;

	assert_int_equal(drain(tshark, &end), 0);
	assert_int_equal(end, -1);
	assert_int_equal(failure.status, MPTCP_PROGRAM);
	assert_non_null(strstr(failure.text, "tcp.no_such_field"));
	mptcp_tshark_close(tshark);

	options = (struct mptcp_tshark_options){.program = "tshark", .profile = "no-such-profile"};
	tshark = open_with(0, 0, &options);
	assert_int_equal(drain(tshark, &end), 0);
	assert_int_equal(end, -1);
	assert_int_equal(failure.status, MPTCP_PROGRAM);
	assert_non_null(strstr(failure.text, "no-such-profile"));
	mptcp_tshark_close(tshark);
}

static void a_missing_tshark_is_told_by_open(void **state)
{
	struct mptcp_tshark_options options = {.program = "no-such-tshark"};
	(void)state;

	assert_null(mptcp_tshark_open(open_capture(3, 0), "x.pcap", &options, &failure));
	assert_int_equal(failure.status, MPTCP_PROGRAM);
	assert_non_null(strstr(failure.text, "no-such-tshark: not found"));
	assert_no_child();
}

/* Makes `script` a program that runs these commands. */
static void write_script(const char *commands)
{
	FILE *out = fopen(script, "w");

	assert_non_null(out);
	fprintf(out, "#!/bin/sh\n%s\n", commands);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(script, 0700), 0);
}

static void a_tshark_that_does_wrong_is_an_error(void **state)
{
	static const struct {
		const char *commands;
		enum mptcp_status status;
		const char *text;
	} cases[] = {
		{"kill -9 $$", MPTCP_PROGRAM, "killed by signal 9"},
		{"cat >/dev/null; echo 1; echo 2", MPTCP_PROGRAM, "ended after 2 of 20 packets"},
		{"seq 20; cat >/dev/null; echo 21", MPTCP_PROGRAM,
			"more lines than it received packets"},
		{"seq 20; cat >/dev/null; exit 3", MPTCP_PROGRAM, "status 3"},
		{"seq 20; cat >/dev/null; kill -9 $$", MPTCP_PROGRAM, "killed by signal 9"},
		{"seq 5; echo 'tshark: The file is damaged or corrupt.' >&2; exit 2", MPTCP_DATA,
			"x.pcap: The file is damaged"},
		{"echo words; cat >/dev/null", MPTCP_PROGRAM, "unexpected output: words"},
		/* one that hangs, at once and later, and one that never ends */
		{"exec sleep 100", MPTCP_PROGRAM, "does not answer: 0 of 20 packets (1 s)"},
		{"seq 7; exec sleep 100", MPTCP_PROGRAM, "does not answer: 7 of 20 packets (1 s)"},
		{"seq 20; exec sleep 100", MPTCP_PROGRAM,
			"answered all packets and does not end (1 s)"},
		{"while :; do echo 1; done", MPTCP_PROGRAM, "more lines than it received packets"},
	};
	(void)state;

	/* lines, not rows of the plugin: one field more */
	static const char *const fields[] = {"frame.len"};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct mptcp_tshark_options options = {.program = script,
			.jobs = 1,
			.patience = 1,
			.fields = fields,
			.field_count = 1};
		int end;
		write_script(cases[i].commands);
		struct mptcp_tshark *tshark = open_with(20, 0, &options);
		assert_int_equal(drain(tshark, &end), 0);
		assert_int_equal(end, -1);
		assert_int_equal(failure.status, cases[i].status);
		assert_non_null(strstr(failure.text, cases[i].text));
		mptcp_tshark_close(tshark);
		assert_no_child();
	}
}

static void an_old_tshark_is_called_again_without_what_it_rejects(void **state)
{
	struct mptcp_tshark_options options = {.program = script, .jobs = 2, .chunk = 10};
	struct mptcp_tshark *tshark;
	int end;
	(void)state;

	write_script(
		"case \"$*\" in *tcp.port==*)\n"
		"echo 'tshark: Invalid selector number \"0-65535\"' >&2; exit 1;; esac\nexec tshark \"$@\"");
	tshark = open_with(300, 0, &options);
	assert_int_equal(drain(tshark, &end), 240);
	assert_int_equal(end, 0);
	mptcp_tshark_close(tshark);

	write_script("echo 'tshark: unknown preference' >&2; exit 1"); /* not for ever */
	tshark = open_with(300, 0, &options);
	assert_int_equal(drain(tshark, &end), 0);
	assert_int_equal(end, -1);
	assert_int_equal(failure.status, MPTCP_PROGRAM);
	mptcp_tshark_close(tshark);
}

static void close_in_the_middle_leaves_no_process(void **state)
{
	struct mptcp_tshark_options options = {.program = "tshark", .jobs = 3, .chunk = 100};
	struct mptcp_tshark *tshark = open_with(5000, 0, &options);
	struct mptcp_frame frame;
	(void)state;

	assert_int_equal(mptcp_tshark_next(tshark, &frame, &failure), 1);
	mptcp_tshark_close(tshark);
	assert_no_child();
}

static void a_stream_gives_its_frames_before_it_ends_and_tells_when_it_rests(void **state)
{
	struct mptcp_tshark_options options = {.program = "tshark", .jobs = 2};
	struct mptcp_buffer file = MPTCP_BUFFER_INIT;
	struct mptcp_frame frame;
	int ends[2], got;
	(void)state;

	assert_int_equal(pipe(ends), 0);
	make_capture(&file, 3);
	assert_int_equal(write(ends[1], file.bytes, file.length), file.length);
	struct mptcp_capture *capture = mptcp_capture_open(
		&(struct mptcp_opened){ends[0], "-", NULL, 0}, "editcap", &failure);
	assert_non_null(capture);
	struct mptcp_tshark *tshark = mptcp_tshark_open(capture, "-", &options, &failure);
	assert_non_null(tshark);
	for (unsigned i = 1; i <= 3; i++) {
		while ((got = mptcp_tshark_next(tshark, &frame, &failure)) == 2)
			; /* a slow start */
		assert_int_equal(got, 1);
		assert_int_equal(frame.number, i);
	}
	assert_int_equal(mptcp_tshark_next(tshark, &frame, &failure), 2);
	close(ends[1]);
	assert_int_equal(mptcp_tshark_next(tshark, &frame, &failure), 0);
	mptcp_tshark_close(tshark);
	mptcp_buffer_clear(&file);
}

static void fields_with_state_are_known(void **state)
{
	static const char *const with[] = {"mptcp.stream", "tcp.analysis.retransmission",
		"tcp.stream", "tcp.time_delta", "tcp.seq", "tcp.options.mptcp.subtype",
		"frame.number", "frame.time_relative", "http.host", "_ws.col.info",
		"tcp.window_size"};
	static const char *const without[] = {"tcp.seq_raw", "tcp.options", "tcp.checksum",
		"tcp.window_size_value", "ip.ttl", "ipv6.flow", "eth.src", "frame.len",
		"tcp.options.timestamp.tsval"};
	(void)state;

	for (size_t i = 0; i < sizeof(with) / sizeof(*with); i++)
		assert_true(mptcp_tshark_field_has_state(with[i]));
	for (size_t i = 0; i < sizeof(without) / sizeof(*without); i++)
		assert_false(mptcp_tshark_field_has_state(without[i]));
}

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(script, sizeof(script), "%s/tshark", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	unlink(script);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_the_same_for_all_jobs_and_chunks),
		cmocka_unit_test(a_capture_cut_short_gives_all_whole_packets_first),
		cmocka_unit_test(a_capture_of_no_packets_has_no_frames),
		cmocka_unit_test(additional_fields_come_with_each_frame),
		cmocka_unit_test(an_unknown_field_and_a_missing_profile_are_named),
		cmocka_unit_test(a_missing_tshark_is_told_by_open),
		cmocka_unit_test(a_tshark_that_does_wrong_is_an_error),
		cmocka_unit_test(an_old_tshark_is_called_again_without_what_it_rejects),
		cmocka_unit_test(close_in_the_middle_leaves_no_process),
		cmocka_unit_test(a_stream_gives_its_frames_before_it_ends_and_tells_when_it_rests),
		cmocka_unit_test(fields_with_state_are_known),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
