/* SPDX-License-Identifier: GPL-2.0-or-later */
/* events: see events.h. */
#include "events_parts.h"

#include "array.h"
#include "sequence.h"

#include <stdlib.h>

const char *mptcp_event_name(enum mptcp_event_kind kind)
{
	static const char *const names[] = {
		"MP_CAPABLE_SYN",
		"MP_CAPABLE_SYNACK",
		"MP_CAPABLE_ACK",
		"MP_JOIN_SYN",
		"MP_JOIN_SYNACK",
		"MP_JOIN_ACK",
		"ADD_ADDR",
		"REMOVE_ADDR",
		"MP_PRIO",
		"MP_FAIL",
		"MP_FASTCLOSE",
		"MP_TCPRST",
		"DATA_FIN",
		"INFINITE_MAPPING",
		"FALLBACK",
		"CONNECT_FAILED",
		"JOIN_FAILED",
		"SUBFLOW_FAILED",
		"SUBFLOW_RESET",
		"SUBFLOW_CLOSED",
		"CONNECTION_CLOSED",
	};

	return names[kind];
}

const char *mptcp_kernel_event_name(enum mptcp_kernel_event event)
{
	static const char *const names[] = {"", "CREATED", "ESTABLISHED", "CLOSED", "ANNOUNCED",
		"REMOVED", "SUB_ESTABLISHED", "SUB_CLOSED", "SUB_PRIORITY"};

	return names[event];
}

void mptcp_events_release(struct mptcp_events *events)
{
	mptcp_numbers_release(&events->subflow_index);
	mptcp_numbers_release(&events->connection_index);
	free(events->subflows);
	free(events->connections);
	free(events->list);
	*events = (struct mptcp_events){0};
}

struct mptcp_moment mptcp_moment_of(const struct mptcp_packet *packet)
{
	return (struct mptcp_moment){packet->packetid, packet->abstime, packet->reltime,
		packet->mptcpdest};
}

struct mptcp_event *mptcp_events_new(struct mptcp_events *events,
	const struct mptcp_events_subflow *subflow, const struct mptcp_moment *moment,
	enum mptcp_event_kind kind)
{
	struct mptcp_event *list =
		mptcp_array_append(events->list, &events->count, &events->capacity, sizeof(*list));

	if (!list)
		return NULL;
	events->list = list;
	struct mptcp_event *event = &list[events->count - 1];
	event->packetid = moment->packetid;
	event->abstime = moment->abstime;
	event->reltime = moment->reltime;
	event->mptcpdest = moment->mptcpdest;
	event->mptcpstream = subflow->mptcpstream;
	event->tcpstream = subflow->tcpstream;
	event->kind = kind;
	return event;
}

static struct mptcp_events_connection *find_connection(struct mptcp_events *events,
	uint32_t mptcpstream)
{
	uint32_t index = mptcp_numbers_get(&events->connection_index, mptcpstream);
	struct mptcp_events_connection *list;

	if (index != MPTCP_NUMBERS_NONE)
		return &events->connections[index];
	list = mptcp_array_append(events->connections, &events->connection_count,
		&events->connection_capacity, sizeof(*list));
	if (!list)
		return NULL;
	events->connections = list;
	index = (uint32_t)events->connection_count - 1;
	list[index].mptcpstream = mptcpstream;
	return mptcp_numbers_set(&events->connection_index, mptcpstream, index) ? NULL
										: &list[index];
}

static struct mptcp_events_subflow *find_subflow(struct mptcp_events *events,
	const struct mptcp_packet *packet)
{
	uint32_t index = mptcp_numbers_get(&events->subflow_index, packet->tcpstream);
	struct mptcp_events_subflow *list;

	if (index != MPTCP_NUMBERS_NONE)
		return &events->subflows[index];
	list = mptcp_array_append(events->subflows, &events->subflow_count,
		&events->subflow_capacity, sizeof(*list));
	if (!list)
		return NULL;
	events->subflows = list;
	index = (uint32_t)events->subflow_count - 1;
	list[index].tcpstream = packet->tcpstream;
	list[index].mptcpstream = packet->mptcpstream;
	list[index].client_role = packet->tcpdest == MPTCP_SERVER
		? mptcp_role_peer(packet->mptcpdest)
		: packet->mptcpdest;
	return mptcp_numbers_set(&events->subflow_index, packet->tcpstream, index) ? NULL
										   : &list[index];
}

bool mptcp_events_is_live(const struct mptcp_events_subflow *subflow)
{
	bool refused = subflow->syn && !(subflow->synack && subflow->ack);

	return !refused && !subflow->reset && !(subflow->fin[0] && subflow->fin[1]);
}

/* What relative data sequence numbers count from, told by any packet that has both forms. */
static void learn_base(struct mptcp_events_connection *connection,
	const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->mptcpdest, from = mptcp_role_peer(packet->mptcpdest);

	if (mptcp_packet_has(packet, MPTCP_COLUMN_dsn) &&
		mptcp_packet_has(packet, MPTCP_COLUMN_dsn_raw)) {
		connection->has_base[to] = true;
		connection->base[to] = packet->dsn_raw - packet->dsn;
		connection->highest[to] = packet->dsn_raw;
	}
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dack) &&
		mptcp_packet_has(packet, MPTCP_COLUMN_dack_raw)) {
		connection->has_base[from] = true;
		connection->base[from] = packet->dack_raw - packet->dack;
		connection->highest[from] = packet->dack_raw;
	}
}

/* RFC 8684 section 3.3.3: the DATA_FIN has the last number of its mapping. */
static int add_data_fin(struct mptcp_events *events, struct mptcp_events_connection *connection,
	const struct mptcp_events_subflow *subflow, const struct mptcp_packet *packet)
{
	enum mptcp_role to = packet->mptcpdest;
	struct mptcp_moment moment = mptcp_moment_of(packet);
	struct mptcp_event *event;

	if (connection->data_fin[to])
		return 0;
	connection->data_fin[to] = true;
	event = mptcp_events_new(events, subflow, &moment, MPTCP_EVENT_DATA_FIN);
	if (!event)
		return -1;
	if (!connection->has_base[to] || !mptcp_packet_has(packet, MPTCP_COLUMN_dss_dsn) ||
		!mptcp_packet_has(packet, MPTCP_COLUMN_dss_length) || !packet->dss_length)
		return 0;
	uint64_t dsn = packet->dss_dsn >> 32
		? packet->dss_dsn
		: mptcp_sequence_extend(connection->highest[to], (uint32_t)packet->dss_dsn);
	event->has_dsn = connection->has_data_fin_dsn[to] = true;
	event->dsn = connection->data_fin_dsn[to] =
		dsn + packet->dss_length - 1 - connection->base[to];
	return 0;
}

/* Linux tells SUB_CLOSED only while the connection is not being closed itself. */
static int end_subflow(struct mptcp_events *events,
	const struct mptcp_events_connection *connection,
	const struct mptcp_events_subflow *subflow, const struct mptcp_moment *moment,
	enum mptcp_event_kind kind)
{
	struct mptcp_event *event = mptcp_events_new(events, subflow, moment, kind);
	bool closing = connection->data_fin[0] || connection->data_fin[1] ||
		connection->fastclose || connection->fallback;

	if (!event)
		return -1;
	if (!closing && !(subflow->syn && !subflow->synack))
		event->kernel = MPTCP_KERNEL_SUB_CLOSED;
	return 0;
}

/* FIN and RST: each once for a subflow. */
static int add_ends(struct mptcp_events *events, struct mptcp_events_connection *connection,
	struct mptcp_events_subflow *subflow, const struct mptcp_packet *packet)
{
	struct mptcp_moment moment = mptcp_moment_of(packet);
	bool both = subflow->fin[0] && subflow->fin[1];

	if (packet->tcpflags & MPTCP_FIN)
		subflow->fin[mptcp_role_peer(packet->tcpdest)] = true;
	if (packet->tcpflags & MPTCP_RST && !subflow->reset) {
		subflow->reset = true;
		if (end_subflow(events, connection, subflow, &moment, MPTCP_EVENT_SUBFLOW_RESET))
			return -1;
	}
	if (!both && subflow->fin[0] && subflow->fin[1] && !subflow->reset &&
		end_subflow(events, connection, subflow, &moment, MPTCP_EVENT_SUBFLOW_CLOSED))
		return -1;
	return 0;
}

/* The DATA_ACK of a DATA_FIN. */
static void see_data_ack(struct mptcp_events_connection *connection,
	const struct mptcp_packet *packet)
{
	enum mptcp_role from = mptcp_role_peer(packet->mptcpdest);

	if (connection->has_data_fin_dsn[from] && mptcp_packet_has(packet, MPTCP_COLUMN_dack) &&
		mptcp_sequence_ahead(packet->dack, connection->data_fin_dsn[from]) > 0)
		connection->data_fin_acked[from] = true;
}

/* When both DATA_FINs are acknowledged; or with MP_FASTCLOSE; or after the last subflow, if the
 * data level has ended as well (else a new one may still join). */
static int end_connection(struct mptcp_events *events, struct mptcp_events_connection *connection,
	const struct mptcp_events_subflow *subflow, const struct mptcp_packet *packet)
{
	struct mptcp_moment moment = mptcp_moment_of(packet);
	bool ending = (connection->data_fin[0] && connection->data_fin[1]) || connection->fallback;
	bool ended = connection->fastclose ||
		(connection->data_fin_acked[0] && connection->data_fin_acked[1]) ||
		(ending && !connection->live);
	struct mptcp_event *event;

	if (connection->closed || !ended)
		return 0;
	connection->closed = true;
	event = mptcp_events_new(events, subflow, &moment, MPTCP_EVENT_CONNECTION_CLOSED);
	if (!event)
		return -1;
	event->kernel = MPTCP_KERNEL_CLOSED;
	return 0;
}

static int add_packet(struct mptcp_events *events, struct mptcp_events_connection *connection,
	struct mptcp_events_subflow *subflow, const struct mptcp_packet *packet)
{
	struct mptcp_signals signals;
	bool any = mptcp_signals_read(&signals, packet);
	bool live = mptcp_events_is_live(subflow) && subflow->ack;

	if (any && mptcp_events_options(events, connection, subflow, packet, &signals))
		return -1;
	if (mptcp_packet_has(packet, MPTCP_COLUMN_datafin) && packet->datafin &&
		add_data_fin(events, connection, subflow, packet))
		return -1;
	if (mptcp_events_diagnose(events, connection, subflow, packet, any ? &signals : NULL))
		return -1;
	if (add_ends(events, connection, subflow, packet))
		return -1;
	connection->live += mptcp_events_is_live(subflow) && subflow->ack;
	connection->live -= live;
	see_data_ack(connection, packet);
	return end_connection(events, connection, subflow, packet);
}

/* A packet of a running transfer: nothing to tell. */
static bool is_plain(const struct mptcp_events_connection *connection,
	const struct mptcp_events_subflow *subflow, const struct mptcp_packet *packet)
{
	return !connection->data_fin[0] && !connection->data_fin[1] &&
		mptcp_packet_subtypes(packet) == MPTCP_OPTION_BIT(DSS) && !packet->datafin &&
		!(packet->tcpflags & (MPTCP_SYN | MPTCP_FIN | MPTCP_RST)) && subflow->ack &&
		subflow->answered &&
		(!mptcp_packet_has(packet, MPTCP_COLUMN_dss_length) || packet->dss_length);
}

int mptcp_events_add(struct mptcp_events *events, const struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	struct mptcp_events_connection *connection;
	struct mptcp_events_subflow *subflow;

	events->last = packet->abstime;
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream))
		return 0;
	connection = find_connection(events, packet->mptcpstream);
	subflow = connection ? find_subflow(events, packet) : NULL;
	if (!subflow)
		return mptcp_error_memory(error);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_mptcpversion)) {
		connection->has_version = true;
		connection->version = packet->mptcpversion;
	}
	learn_base(connection, packet);
	if (is_plain(connection, subflow, packet)) {
		subflow->bare[mptcp_role_peer(packet->tcpdest)] = 0;
		return 0;
	}
	return add_packet(events, connection, subflow, packet) ? mptcp_error_memory(error) : 0;
}

/* By packet; events of one packet in the order in which they were made. */
static int by_packet(const void *a, const void *b)
{
	const struct mptcp_event *first = a, *second = b;

	if (first->packetid != second->packetid)
		return first->packetid < second->packetid ? -1 : 1;
	return 0;
}

/* A merge sort: qsort keeps no order among equals. */
static int sort(struct mptcp_events *events)
{
	struct mptcp_event *from = events->list, *to;

	if (events->count < 2)
		return 0;
	to = malloc(events->count * sizeof(*to));
	if (!to)
		return -1;
	for (size_t run = 1; run < events->count; run *= 2) {
		for (size_t start = 0; start < events->count; start += 2 * run) {
			size_t middle = start + run < events->count ? start + run : events->count;
			size_t end = middle + run < events->count ? middle + run : events->count;
			size_t left = start, right = middle;

			for (size_t at = start; at < end; at++) {
				bool take_left = left < middle &&
					(right == end || by_packet(&from[left], &from[right]) <= 0);

				to[at] = take_left ? from[left++] : from[right++];
			}
		}
		struct mptcp_event *other = from;

		from = to;
		to = other;
	}
	free(to);
	events->list = from;
	events->capacity = events->count;
	return 0;
}

int mptcp_events_end(struct mptcp_events *events, struct mptcp_error *error)
{
	for (size_t i = 0; i < events->subflow_count; i++)
		if (mptcp_events_diagnose_end(events, &events->subflows[i]))
			return mptcp_error_memory(error);
	return sort(events) ? mptcp_error_memory(error) : 0;
}
