/* SPDX-License-Identifier: GPL-2.0-or-later */
/* census_text: the sentence that says why there is no result; see census.h. The first part of the
 * selection that explains it is named. */
#include "census.h"

#include "decimal.h"

/* A sentence that is being made. */
struct sentence {
	const struct census *census;
	const struct mptcp_selection *selection;
	const char *nothing;
	struct mptcp_buffer *text;
};

/* "1 TCP connection", "2 TCP connections". */
static void say_count(struct mptcp_buffer *text, uint64_t count, const char *what)
{
	mptcp_buffer_format(text, "%llu %s%s", (unsigned long long)count, what,
		count == 1 ? "" : "s");
}

/* "there are 0 to 3", "there is only 0", "there are 4 from 2 to 9". */
static void say_range(struct mptcp_buffer *text, uint64_t count, uint32_t low, uint32_t high)
{
	if (count == 1)
		mptcp_buffer_format(text, "there is only %u", low);
	else if (count == (uint64_t)high - low + 1)
		mptcp_buffer_format(text, "there are %u to %u", low, high);
	else
		mptcp_buffer_format(text, "there are %llu from %u to %u", (unsigned long long)count,
			low, high);
}

static void say_seconds(struct mptcp_buffer *text, int64_t nanoseconds)
{
	char digits[MPTCP_TIME_TEXT];
	size_t length = mptcp_time_format(digits, nanoseconds);

	/* nobody asks for 5.000000000 s */
	while (length > 1 && digits[length - 1] == '0')
		length--;
	if (digits[length - 1] == '.')
		length--;
	mptcp_buffer_add(text, digits, length);
	mptcp_buffer_add_string(text, " s");
}

/* Regular TCP where MPTCP was asked for; nothing at all. */
static bool say_no_mptcp(const struct sentence *the)
{
	const struct census *census = the->census;

	if (!census->mptcp.count && !census->plain.count) {
		mptcp_buffer_add_string(the->text, "no TCP packets");
		return true;
	}
	if (census->mptcp.count || (census->with_tcp && !the->selection->has_mptcpstream))
		return false;
	mptcp_buffer_add_string(the->text, "no MPTCP connection; ");
	say_count(the->text, census->plain.count, "TCP connection");
	if (census->asking)
		mptcp_buffer_format(the->text, ", %llu SYN%s for MPTCP",
			(unsigned long long)census->asking,
			census->asking == 1 ? " asks" : "s ask");
	else
		mptcp_buffer_add_string(the->text,
			census->syns ? ", no SYN asks for MPTCP" : ", no SYN was captured");
	mptcp_buffer_format(the->text,
		census->with_tcp ? " (without -m %s shown)" : " (mptcp-lt lists %s)",
		census->with_tcp                   ? census->plain.count == 1 ? "it is" : "they are"
			: census->plain.count == 1 ? "it"
						   : "them");
	if (census->offers_tcp && !the->selection->has_mptcpstream)
		mptcp_buffer_format(the->text, "; --tcp shows %s",
			census->plain.count == 1 ? "it" : "them");
	return true;
}

/* A series of MPTCP, asked for of regular TCP. */
static bool say_needs_mptcp(const struct sentence *the)
{
	const struct census *census = the->census;
	uint32_t stream = the->selection->tcpstream;

	if (!census->series || !census->with_tcp ||
		!(the->selection->has_tcpstream ? census_has(&census->plain, stream)
						: census->plain.count && !census->mptcp.count))
		return false;
	mptcp_buffer_format(the->text, "series %s needs MPTCP; ", census->series);
	if (the->selection->has_tcpstream)
		mptcp_buffer_format(the->text, "TCP connection %u has none", stream);
	else if (census->plain.count == 1)
		mptcp_buffer_add_string(the->text, "the only TCP connection has none");
	else
		mptcp_buffer_format(the->text, "none of the %llu TCP connections has it",
			(unsigned long long)census->plain.count);
	return true;
}

static void say_streams(const struct sentence *the)
{
	const struct census_numbers *a = &the->census->subflows, *b = &the->census->plain;
	uint32_t low = !b->count || (a->count && a->lowest < b->lowest) ? a->lowest : b->lowest;
	uint32_t high =
		!b->count || (a->count && a->highest > b->highest) ? a->highest : b->highest;

	say_range(the->text, a->count + b->count, low, high);
}

/* A number that there is not, or that belongs elsewhere. */
static bool say_wrong_number(const struct sentence *the)
{
	const struct census *census = the->census;
	const struct mptcp_selection *selection = the->selection;
	uint32_t stream = selection->tcpstream;

	if (selection->has_mptcpstream && !census_has(&census->mptcp, selection->mptcpstream)) {
		mptcp_buffer_format(the->text, "no connection %u; ", selection->mptcpstream);
		say_range(the->text, census->mptcp.count, census->mptcp.lowest,
			census->mptcp.highest);
		return true;
	}
	if (!selection->has_tcpstream)
		return false;
	if (census_has(&census->subflows, stream)) {
		uint32_t connection = mptcp_numbers_get(&census->subflows.index, stream);

		if (mptcp_selection_takes_connection(selection, connection))
			return false;
		mptcp_buffer_format(the->text,
			"TCP connection %u belongs to connection %u, not %u (-m %u)", stream,
			connection, selection->mptcpstream, connection);
		return true;
	}
	if (!census_has(&census->plain, stream)) {
		mptcp_buffer_format(the->text, "no TCP connection %u; ", stream);
		say_streams(the);
		return true;
	}
	if (census->with_tcp && !selection->has_mptcpstream)
		return false;
	mptcp_buffer_format(the->text, "TCP connection %u is not part of an MPTCP connection%s",
		stream, census->with_tcp ? "" : " (mptcp-lt lists it)");
	return true;
}

/* How many of the TCP connections that would be taken --skip leaves out. */
static uint64_t count_skipped(const struct sentence *the)
{
	const struct mptcp_selection *selection = the->selection;
	const struct census *census = the->census;
	uint64_t skipped = 0;

	for (size_t i = 0; i < selection->skip_count; i++) {
		uint32_t stream = selection->skip[i];
		uint32_t connection = mptcp_numbers_get(&census->subflows.index, stream);
		bool again = false;

		for (size_t j = 0; j < i; j++)
			again |= selection->skip[j] == stream;
		if (again || (selection->has_tcpstream && selection->tcpstream != stream))
			continue;
		skipped += connection != MPTCP_NUMBERS_NONE
			? mptcp_selection_takes_connection(selection, connection)
			: census->with_tcp && !selection->has_mptcpstream &&
				census_has(&census->plain, stream);
	}
	return skipped;
}

static bool say_skipped(const struct sentence *the)
{
	const struct mptcp_selection *selection = the->selection;
	const struct census *census = the->census;
	uint64_t skipped = count_skipped(the), all;

	if (selection->has_tcpstream)
		all = 1;
	else if (selection->has_mptcpstream)
		all = mptcp_numbers_get(&census->mptcp.index, selection->mptcpstream);
	else
		all = census->subflows.count + (census->with_tcp ? census->plain.count : 0);
	if (!skipped || skipped < all)
		return false;
	mptcp_buffer_format(the->text, "%s; --skip leaves out ", the->nothing);
	if (all == 1)
		mptcp_buffer_add_string(the->text, "the only TCP connection");
	else
		mptcp_buffer_format(the->text, "all %llu TCP connections", (unsigned long long)all);
	return true;
}

static void say_period(const struct sentence *the)
{
	const struct mptcp_selection *selection = the->selection;

	mptcp_buffer_add_string(the->text, the->nothing);
	if (selection->has_from) {
		mptcp_buffer_add_string(the->text, " from ");
		say_seconds(the->text, selection->from);
		mptcp_buffer_add_string(the->text, selection->has_to ? "" : " on");
	}
	if (selection->has_to) {
		mptcp_buffer_add_string(the->text, selection->has_from ? " to " : " before ");
		say_seconds(the->text, selection->to);
	}
}

/* Nothing in the period that was asked for. */
static bool say_other_time(const struct sentence *the)
{
	const struct census *census = the->census;
	const uint64_t *counts = census->results ? census->results_to : census->data_to;

	if ((!the->selection->has_from && !the->selection->has_to) || counts[0] || counts[1])
		return false;
	say_period(the);
	if (census->results)
		mptcp_buffer_format(the->text, "; at other times there %s %llu",
			census->results == 1 ? "is" : "are", (unsigned long long)census->results);
	else if (census->has_last) {
		mptcp_buffer_add_string(the->text, "; the packets are from 0 s to ");
		say_seconds(the->text, census->last);
	}
	return true;
}

/* What there is goes the other way. */
static bool say_other_way(const struct sentence *the)
{
	const struct census *census = the->census;
	enum mptcp_role to = the->selection->destination, other = mptcp_role_peer(to);
	const char *name = other == MPTCP_SERVER ? "server" : "client";
	uint64_t data = census->data_to[other];
	bool none = census->results ? census->results_to[other] == 0
				    : census->data_to[to] || !census->data_to[other];

	if (!the->selection->has_destination || none)
		return false;
	mptcp_buffer_format(the->text, "%s to the %s; ", the->nothing,
		to == MPTCP_SERVER ? "server" : "client");
	if (census->results) {
		data = census->results_to[other];
		mptcp_buffer_format(the->text, "%llu", (unsigned long long)data);
	} else {
		say_count(the->text, data, "data packet");
	}
	mptcp_buffer_format(the->text, " %s to the %s (-d %s)", data == 1 ? "goes" : "go", name,
		name);
	return true;
}

/* No part of the selection is to blame. */
static void say_what_there_is(const struct sentence *the)
{
	const struct census *census = the->census;

	mptcp_buffer_format(the->text, "%s; ", the->nothing);
	if (census->packets) {
		say_count(the->text, census->packets, "packet");
		mptcp_buffer_add_string(the->text, " in ");
	}
	if (the->selection->has_mptcpstream) {
		mptcp_buffer_format(the->text, "connection %u", the->selection->mptcpstream);
	} else if (the->selection->has_tcpstream) {
		mptcp_buffer_format(the->text, "TCP connection %u", the->selection->tcpstream);
	} else {
		say_count(the->text, census->mptcp.count, "MPTCP connection");
		if (census->with_tcp && census->plain.count) {
			mptcp_buffer_add_string(the->text, ", ");
			say_count(the->text, census->plain.count, "other TCP connection");
		}
	}
	if (census->packets && !census->data)
		mptcp_buffer_add_string(the->text, ", none with data");
	else if (census->packets)
		mptcp_buffer_format(the->text, ", %llu with data",
			(unsigned long long)census->data);
}

int census_text(const struct census *census, const struct mptcp_selection *selection,
	const char *nothing, struct mptcp_buffer *text)
{
	const struct sentence the = {census, selection, nothing, text};

	if (!say_needs_mptcp(&the) && !say_no_mptcp(&the) && !say_wrong_number(&the) &&
		!say_skipped(&the) && !say_other_time(&the) && !say_other_way(&the))
		say_what_there_is(&the);
	return text->failed ? -1 : 0;
}
