/* SPDX-License-Identifier: GPL-2.0-or-later */
/* event_line: an event in one line for people; see event.h. */
#include "event.h"

#include "units.h"

#include <inttypes.h>
#include <string.h>

#define MICROSECOND 1000 /* nanoseconds */

bool mptcp_event_is_bad(const struct mptcp_event *event)
{
	switch (event->kind) {
	case MPTCP_EVENT_FAIL:
	case MPTCP_EVENT_FASTCLOSE:
	case MPTCP_EVENT_TCPRST:
	case MPTCP_EVENT_MALFORMED:
	case MPTCP_EVENT_INFINITE_MAPPING:
	case MPTCP_EVENT_FALLBACK:
	case MPTCP_EVENT_CONNECT_FAILED:
	case MPTCP_EVENT_JOIN_FAILED:
	case MPTCP_EVENT_SUBFLOW_FAILED:
	case MPTCP_EVENT_SUBFLOW_RESET:
	case MPTCP_EVENT_SUBFLOW_SILENT:
		return true;
	default:
		return !strcmp(event->reason, "hmac_wrong");
	}
}

static void add_address(const struct mptcp_event *event, struct mptcp_buffer *text)
{
	bool brackets = event->address.family == 6 && event->has_port;
	char address[MPTCP_ADDRESS_TEXT];

	mptcp_address_format(&event->address, address);
	mptcp_buffer_format(text, brackets ? "[%s]" : "%s", address);
	if (event->has_port)
		mptcp_buffer_format(text, ":%u", (unsigned)event->port);
}

/* Why it went wrong; otherwise where, or what else there is to say. */
static void add_detail(const struct mptcp_event *event, bool bad, struct mptcp_buffer *text)
{
	if (*event->option)
		mptcp_buffer_format(text, " %s", event->option);
	if (*event->reason && (bad || !event->address.family))
		mptcp_buffer_format(text, " %s", event->reason);
	if (event->address.family) {
		mptcp_buffer_add_char(text, ' ');
		add_address(event, text);
	}
	if (event->has_addrid)
		mptcp_buffer_format(text, " id %u", (unsigned)event->addrid);
	if (event->backup == MPTCP_YES)
		mptcp_buffer_add_string(text, " backup");
	if (event->echo == MPTCP_YES)
		mptcp_buffer_add_string(text, " echo");
	if (event->has_dsn)
		mptcp_buffer_format(text, " dsn %" PRIu64, event->dsn);
	if (event->has_bytes)
		mptcp_buffer_format(text, " %" PRIu64 " bytes outstanding", event->bytes);
	if (event->has_from)
		mptcp_buffer_format(text, " of subflow %" PRIu32, event->from);
	if (event->has_duration)
		mptcp_buffer_format(text, " after %.3f s",
			(double)event->duration / (double)MPTCP_SECOND);
}

int mptcp_event_line(const struct mptcp_event *event, const uint32_t *token,
	struct mptcp_buffer *text)
{
	bool bad = mptcp_event_is_bad(event);
	uint64_t time = event->moment.reltime < 0 ? 0 - (uint64_t)event->moment.reltime
						  : (uint64_t)event->moment.reltime;

	mptcp_buffer_format(text, "%c%" PRIu64 ".%06" PRIu64 "  ",
		event->moment.reltime < 0 ? '-' : '+', time / MPTCP_SECOND,
		time % MPTCP_SECOND / MICROSECOND);
	if (event->has_mptcpstream)
		mptcp_buffer_format(text, "#%" PRIu32 " ", event->mptcpstream);
	else
		mptcp_buffer_add_string(text, "#- ");
	if (token)
		mptcp_buffer_format(text, "%08" PRIx32, *token);
	else
		mptcp_buffer_format(text, "%-8s", "-");
	mptcp_buffer_format(text, "  %c %s", bad ? '!' : ' ', mptcp_event_name(event->kind));
	size_t before = text->length;
	mptcp_buffer_add_char(text, ' ');
	add_detail(event, bad, text);
	if (!text->failed && text->length == before + 1)
		text->length = before; /* there is none */
	return mptcp_buffer_add_char(text, '\n');
}
