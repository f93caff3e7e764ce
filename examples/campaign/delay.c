/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * delay: a link that takes time.
 *
 *	delay MILLISECONDS INTERFACE INTERFACE
 *
 * hands each frame that arrives on one interface on to the other, so much later, in both
 *directions. It returns when it works, and goes on in the background until it is killed. Rate and
 *queue are those of the queueing discipline of the interface that sends, such as tbf (tc-tbf(8)):
 *this is for kernels without netem. Checksums that the sender left to its device stay left
 *(PACKET_VNET_HDR).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LONGEST (sizeof(struct virtio_net_hdr) + 65536 + 64)
#define SECOND INT64_C(1000000000)

struct frame {
	struct frame *next;
	int64_t due; /* nanoseconds of the monotonic clock */
	size_t length;
	char bytes[];
};

/* One direction: frames wait in the order in which they came, which is that in which they are due.
 */
struct way {
	int from, to;
	struct frame *first, *last;
};

static void fail(const char *what)
{
	fprintf(stderr, "delay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND + time.tv_nsec;
}

/* A socket for the frames of an interface, without those that are sent there. */
static int attach(const char *interface)
{
	const int on = 1, room = 4 << 20;
	struct sockaddr_ll address = {.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(interface)};
	int fd = address.sll_ifindex ? socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0) : -1;

	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)) ||
		setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) ||
		bind(fd, (struct sockaddr *)&address, sizeof(address)))
		fail(interface);
	/* The kernel's own size will do where this one is not allowed. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	return fd;
}

static void take(struct way *way, int64_t due)
{
	static char bytes[LONGEST];
	ssize_t length;

	while ((length = recv(way->from, bytes, sizeof(bytes), 0)) > 0) {
		struct frame *frame = malloc(sizeof(*frame) + (size_t)length);
		if (!frame)
			fail("memory");
		frame->next = NULL;
		frame->due = due;
		frame->length = (size_t)length;
		memcpy(frame->bytes, bytes, (size_t)length);
		if (way->first)
			way->last->next = frame;
		else
			way->first = frame;
		way->last = frame;
	}
	if (length < 0 && errno != EAGAIN && errno != ENETDOWN)
		fail("receive");
}

/* A frame that is not taken is lost: the queue of the interface is full. */
static void hand_on(struct way *way, int64_t time)
{
	while (way->first && way->first->due <= time) {
		struct frame *frame = way->first;

		way->first = frame->next;
		if (send(way->to, frame->bytes, frame->length, 0) < 0 && errno != ENOBUFS &&
			errno != EAGAIN && errno != ENETDOWN)
			fail("send");
		free(frame);
	}
}

/* Waits for a frame, but not longer than until the next one is due. */
static void wait_for(const struct way ways[2])
{
	struct pollfd wait[2];
	struct timespec timeout;
	int64_t next = INT64_MAX;

	for (int i = 0; i < 2; i++) {
		wait[i] = (struct pollfd){.fd = ways[i].from, .events = POLLIN};
		if (ways[i].first && ways[i].first->due < next)
			next = ways[i].first->due;
	}
	if (next != INT64_MAX) {
		int64_t left = next - now();

		if (left < 0)
			left = 0;
		timeout = (struct timespec){.tv_sec = left / SECOND, .tv_nsec = left % SECOND};
	}
	if (ppoll(wait, 2, next == INT64_MAX ? NULL : &timeout, NULL) < 0 && errno != EINTR)
		fail("poll");
}

int main(int argc, char **argv)
{
	char *end = NULL;
	long milliseconds = argc == 4 ? strtol(argv[1], &end, 10) : -1;

	if (milliseconds < 0 || milliseconds > 10000 || *end) {
		fputs("usage: delay MILLISECONDS INTERFACE INTERFACE\n", stderr);
		return 2;
	}
	int one = attach(argv[2]), other = attach(argv[3]);
	struct way ways[2] = {{.from = one, .to = other}, {.from = other, .to = one}};

	if (daemon(1, 1))
		fail("fork");
	for (;;) {
		wait_for(ways);
		int64_t time = now();
		for (int i = 0; i < 2; i++) {
			take(&ways[i], time + milliseconds * (SECOND / 1000));
			hand_on(&ways[i], time);
		}
	}
}
