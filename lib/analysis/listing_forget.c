/* SPDX-License-Identifier: GPL-2.0-or-later */
/* listing_forget: see listing_forget.h. */
#include "listing_forget.h"

static int64_t newest(const struct mptcp_listing *listing)
{
	int64_t time = INT64_MIN;

	for (size_t i = 0; i < listing->connection_count; i++)
		if (listing->connections[i].last > time)
			time = listing->connections[i].last;
	return time;
}

static bool is_over(const struct mptcp_listed_connection *connection, int64_t now)
{
	bool open = connection->state == MPTCP_STATE_OPEN ||
		connection->state == MPTCP_STATE_PARTIAL ||
		connection->state == MPTCP_STATE_FALLBACK;

	return now - connection->last > (open ? MPTCP_FORGET_SILENT : MPTCP_FORGET_ENDED);
}

static int forget_connections(struct mptcp_listing *listing)
{
	int64_t now = newest(listing);
	size_t kept = 0;
	int failed = 0;

	mptcp_numbers_release(&listing->connection_index);
	for (size_t i = 0; i < listing->connection_count; i++) {
		struct mptcp_listed_connection *connection = &listing->connections[i];

		if (is_over(connection, now)) {
			mptcp_intervals_release(&connection->data[0]);
			mptcp_intervals_release(&connection->data[1]);
			continue;
		}
		listing->connections[kept] = *connection;
		failed |= mptcp_numbers_set(&listing->connection_index, connection->mptcpstream,
			(uint32_t)kept);
		kept++;
	}
	listing->connection_count = kept;
	return failed;
}

/* Those whose connection is gone. */
static int forget_subflows(struct mptcp_listing *listing)
{
	size_t kept = 0;
	int failed = 0;

	mptcp_numbers_release(&listing->subflow_index);
	for (size_t i = 0; i < listing->subflow_count; i++) {
		struct mptcp_listed_subflow *subflow = &listing->subflows[i];

		if (!mptcp_listing_connection(listing, subflow->mptcpstream)) {
			mptcp_intervals_release(&subflow->unmapped[0]);
			mptcp_intervals_release(&subflow->unmapped[1]);
			continue;
		}
		listing->subflows[kept] = *subflow;
		failed |= mptcp_numbers_set(&listing->subflow_index, subflow->tcpstream,
			(uint32_t)kept);
		kept++;
	}
	listing->subflow_count = kept;
	return failed;
}

int mptcp_listing_forget(struct mptcp_listing *listing, struct mptcp_error *error)
{
	int64_t now = newest(listing);
	bool over = false;

	for (size_t i = 0; i < listing->connection_count && !over; i++)
		over = is_over(&listing->connections[i], now);
	if (!over)
		return 0;
	return forget_connections(listing) || forget_subflows(listing) ? mptcp_error_memory(error)
								       : 0;
}
