/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "event.h"

#include "array.h"
#include "names.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NAME_MOST 63 /* letters: more than any has */

static const char *const event_names[MPTCP_EVENTS] = {
	[MPTCP_EVENT_CAPABLE_SYN] = "MP_CAPABLE_SYN",
	[MPTCP_EVENT_CAPABLE_SYNACK] = "MP_CAPABLE_SYNACK",
	[MPTCP_EVENT_CAPABLE_ACK] = "MP_CAPABLE_ACK",
	[MPTCP_EVENT_JOIN_SYN] = "MP_JOIN_SYN",
	[MPTCP_EVENT_JOIN_SYNACK] = "MP_JOIN_SYNACK",
	[MPTCP_EVENT_JOIN_ACK] = "MP_JOIN_ACK",
	[MPTCP_EVENT_ADD_ADDR] = "ADD_ADDR",
	[MPTCP_EVENT_REMOVE_ADDR] = "REMOVE_ADDR",
	[MPTCP_EVENT_PRIO] = "MP_PRIO",
	[MPTCP_EVENT_FAIL] = "MP_FAIL",
	[MPTCP_EVENT_FASTCLOSE] = "MP_FASTCLOSE",
	[MPTCP_EVENT_TCPRST] = "MP_TCPRST",
	[MPTCP_EVENT_MALFORMED] = "OPTION_MALFORMED",
	[MPTCP_EVENT_DATA_FIN] = "DATA_FIN",
	[MPTCP_EVENT_INFINITE_MAPPING] = "INFINITE_MAPPING",
	[MPTCP_EVENT_FALLBACK] = "FALLBACK",
	[MPTCP_EVENT_CONNECT_FAILED] = "CONNECT_FAILED",
	[MPTCP_EVENT_JOIN_FAILED] = "JOIN_FAILED",
	[MPTCP_EVENT_SUBFLOW_FAILED] = "SUBFLOW_FAILED",
	[MPTCP_EVENT_SUBFLOW_RESET] = "SUBFLOW_RESET",
	[MPTCP_EVENT_SUBFLOW_CLOSED] = "SUBFLOW_CLOSED",
	[MPTCP_EVENT_CONNECTION_CLOSED] = "CONNECTION_CLOSED",
	[MPTCP_EVENT_SUBFLOW_SILENT] = "SUBFLOW_SILENT",
	[MPTCP_EVENT_DATA_MOVED] = "DATA_MOVED",
	[MPTCP_EVENT_SUBFLOW_RESUMED] = "SUBFLOW_RESUMED",
};

const char *mptcp_event_name(enum mptcp_event_kind kind)
{
	return event_names[kind];
}

int mptcp_event_choose(const char *list, uint64_t *kinds, struct mptcp_error *error)
{
	const struct mptcp_names names = {event_names, MPTCP_EVENTS};
	char name[NAME_MOST + 1];

	*kinds = 0;
	for (const char *at = list, *end; at; at = *end ? end + 1 : NULL) {
		unsigned kind = 0;

		end = strchrnul(at, ',');
		snprintf(name, sizeof(name), "%.*s", (int)(end - at), at);
		while (kind < MPTCP_EVENTS && strcasecmp(name, event_names[kind]))
			kind++;
		if (kind == MPTCP_EVENTS) {
			for (char *letter = name; *letter; letter++)
				*letter = (char)toupper((unsigned char)*letter);
			return mptcp_names_refuse(&names, name, "unknown event",
				"mptcp-le(1) has all", error);
		}
		*kinds |= UINT64_C(1) << kind;
	}
	return 0;
}

const char *mptcp_kernel_event_name(enum mptcp_kernel_event event)
{
	static const char *const names[] = {
		[MPTCP_KERNEL_NONE] = "",
		[MPTCP_KERNEL_CREATED] = "CREATED",
		[MPTCP_KERNEL_ESTABLISHED] = "ESTABLISHED",
		[MPTCP_KERNEL_CLOSED] = "CLOSED",
		[MPTCP_KERNEL_ANNOUNCED] = "ANNOUNCED",
		[MPTCP_KERNEL_REMOVED] = "REMOVED",
		[MPTCP_KERNEL_SF_ESTABLISHED] = "SF_ESTABLISHED",
		[MPTCP_KERNEL_SF_CLOSED] = "SF_CLOSED",
		[MPTCP_KERNEL_SF_PRIO] = "SF_PRIO",
	};

	return names[event];
}

struct mptcp_moment mptcp_moment_of(const struct mptcp_packet *packet)
{
	bool placed = mptcp_packet_has(packet, MPTCP_COLUMN_mptcpdest);

	return (struct mptcp_moment){packet->packetid, packet->abstime, packet->reltime,
		placed ? packet->mptcpdest : packet->tcpdest};
}

void mptcp_events_clear(struct mptcp_events *events)
{
	free(events->list);
	*events = (struct mptcp_events){0};
}

int mptcp_events_put(struct mptcp_events *events, const struct mptcp_event *event)
{
	struct mptcp_event *list =
		mptcp_array_append(events->list, &events->count, &events->capacity, sizeof(*list));

	if (!list)
		return -1;
	events->list = list;
	list[events->count - 1] = *event;
	return 0;
}

/* Merges the runs [start, middle) and [middle, end). */
static void merge(const struct mptcp_event *from, struct mptcp_event *to, size_t start,
	size_t middle, size_t end)
{
	size_t left = start, right = middle;

	for (size_t at = start; at < end; at++) {
		bool take_left = left < middle &&
			(right == end || from[left].moment.packetid <= from[right].moment.packetid);

		to[at] = from[take_left ? left++ : right++];
	}
}

/* A merge sort: qsort keeps no order among equals. */
int mptcp_events_sort(struct mptcp_events *events)
{
	struct mptcp_event *from = events->list, *to;
	size_t count = events->count;

	if (count < 2)
		return 0;
	to = malloc(count * sizeof(*to));
	if (!to)
		return -1;
	for (size_t run = 1; run < count; run *= 2) {
		for (size_t start = 0; start < count; start += 2 * run) {
			size_t middle = start + run < count ? start + run : count;

			merge(from, to, start, middle, middle + run < count ? middle + run : count);
		}
		struct mptcp_event *other = from;

		from = to;
		to = other;
	}
	free(to);
	events->list = from;
	events->capacity = count;
	return 0;
}
