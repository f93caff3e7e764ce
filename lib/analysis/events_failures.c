/* SPDX-License-Identifier: GPL-2.0-or-later */
/* events_failures: the first step that went wrong where a connection fell back to regular TCP or a
 * subflow could not join. See events_parts.h; mptcp-le(1) has the rules. */
#include "events_parts.h"

#include <stdio.h>
#include <string.h>

/* So many packets of a direction in a row without any MPTCP option mean that they get lost. */
#define BARE_PACKETS 3
/* A SYN is repeated after a second (RFC 6298 section 2): one that nobody answered within it, or
 * that was repeated, had no reply. */
#define REPLY_TIME INT64_C(1000000000)

/* One packet, looked at. */
struct step {
	struct mptcp_events *events;
	struct mptcp_events_connection *connection;
	struct mptcp_events_subflow *subflow;
	const struct mptcp_packet *packet;
	const struct mptcp_signals *signals; /* or NULL */
	struct mptcp_moment moment;
	uint16_t subtypes;
	enum mptcp_role from; /* TCP role of the sender */
	bool option;          /* carries the option of the subflow's handshake */
};

void mptcp_events_reset_reason(char text[MPTCP_REASON_TEXT], const char *before, uint8_t reason)
{
	static const char *const names[] = {"unspecified_error", "mptcp_specific_error",
		"lack_of_resources", "administratively_prohibited", "too_much_outstanding_data",
		"unacceptable_performance", "middlebox_interference"};

	if (reason < sizeof(names) / sizeof(*names))
		snprintf(text, MPTCP_REASON_TEXT, "%s%s", before, names[reason]);
	else
		snprintf(text, MPTCP_REASON_TEXT, "%sreason_%u", before, reason);
}

int mptcp_events_fail(struct mptcp_events *events, struct mptcp_events_subflow *subflow,
	const struct mptcp_moment *moment, enum mptcp_event_kind kind, const char *reason)
{
	struct mptcp_event *event;

	if (subflow->wrong)
		return 0;
	subflow->wrong = true;
	event = mptcp_events_new(events, subflow, moment, kind);
	if (!event)
		return -1;
	snprintf(event->reason, sizeof(event->reason), "%s", reason);
	return 0;
}

static int fail(const struct step *step, const char *reason)
{
	return mptcp_events_fail(step->events, step->subflow, &step->moment,
		step->subflow->joined ? MPTCP_EVENT_JOIN_FAILED : MPTCP_EVENT_CONNECT_FAILED,
		reason);
}

/* From here on the connection is regular TCP. */
static int fall_back(const struct step *step, const struct mptcp_moment *moment, const char *reason)
{
	if (step->connection->fallback)
		return 0;
	step->connection->fallback = true;
	return mptcp_events_fail(step->events, step->subflow, moment, MPTCP_EVENT_FALLBACK, reason);
}

static int see_syn(const struct step *step)
{
	struct mptcp_events_subflow *subflow = step->subflow;
	bool given_up = subflow->syn_option && !subflow->synack && !step->option;

	subflow->syn = true;
	subflow->syn_option |= step->option;
	subflow->syns++;
	subflow->last_syn = step->moment;
	/* the client tries without MPTCP */
	return given_up && subflow->initial ? fall_back(step, &step->moment, "no_reply") : 0;
}

static int see_synack(const struct step *step)
{
	struct mptcp_events_subflow *subflow = step->subflow;
	bool first = !subflow->synack;

	subflow->synack = true;
	subflow->synack_option |= step->option;
	if (!first || step->option || !subflow->syn_option)
		return 0;
	if (subflow->joined)
		return fail(step, "no_mp_join_in_synack");
	return fall_back(step, &step->moment, "no_mp_capable_in_synack");
}

/* What follows the SYN/ACK: the client's third ACK, then the server. */
static int see_ack(const struct step *step)
{
	struct mptcp_events_subflow *subflow = step->subflow;
	bool first = step->from == MPTCP_CLIENT && !subflow->ack;

	if (step->from == MPTCP_SERVER) {
		subflow->answered |= subflow->ack;
		return 0;
	}
	subflow->ack = true;
	subflow->ack_option |= step->option;
	if (!first || step->option || !subflow->synack_option ||
		step->subtypes & MPTCP_OPTION_BIT(DSS)) /* the ACK itself was lost */
		return 0;
	if (subflow->joined)
		return fail(step, "no_mp_join_in_ack");
	return fall_back(step, &step->moment, "no_mp_capable_in_ack");
}

/* A RST while the handshake goes on, or as the server's answer to the third ACK. */
static int see_reset(const struct step *step)
{
	const struct mptcp_events_subflow *subflow = step->subflow;
	const struct mptcp_option_value *reset =
		step->signals ? mptcp_options_find(&step->signals->options, MPTCP_MP_TCPRST) : NULL;
	char reason[MPTCP_REASON_TEXT] = "reset";

	if (!subflow->syn_option || subflow->answered || step->connection->fastclose)
		return 0;
	if (subflow->initial ? subflow->synack : subflow->ack_option && step->from == MPTCP_CLIENT)
		return 0;
	if (subflow->joined && !subflow->synack && !step->connection->has_key[0] &&
		!step->connection->has_key[1])
		return fail(step, "wrong_token"); /* no key gives it */
	if (reset)
		mptcp_events_reset_reason(reason, "reset_", reset->reset.reason);
	return fail(step, reason);
}

/* Whether options have to be expected on the subflow. */
static bool expects_options(const struct step *step)
{
	const struct mptcp_events_subflow *subflow = step->subflow;

	return subflow->syn_option && subflow->synack_option && subflow->ack && !subflow->wrong &&
		!subflow->fin[0] && !subflow->fin[1] && !subflow->reset;
}

static int lose_options(const struct step *step, const struct mptcp_moment *moment)
{
	if (step->connection->live <= 1)
		return fall_back(step, moment, "options_lost");
	return mptcp_events_fail(step->events, step->subflow, moment, MPTCP_EVENT_SUBFLOW_FAILED,
		"options_lost");
}

/* Packets that carry none, though the handshake agreed on MPTCP. */
static int see_options(const struct step *step)
{
	struct mptcp_events_subflow *subflow = step->subflow;
	unsigned *bare = &subflow->bare[step->from];

	if (step->subtypes) {
		*bare = 0;
		return 0;
	}
	if (!expects_options(step))
		return 0;
	if (!(*bare)++)
		subflow->first_bare[step->from] = step->moment;
	if (step->packet->tcplen && !mptcp_packet_has(step->packet, MPTCP_COLUMN_dsn))
		return lose_options(step, &step->moment); /* data that no mapping explains */
	return *bare >= BARE_PACKETS ? lose_options(step, &subflow->first_bare[step->from]) : 0;
}

/* RFC 8684 section 3.7: a failed checksum on the only subflow, answered by a mapping without end.
 */
static int see_fallback_signals(const struct step *step)
{
	const struct mptcp_packet *packet = step->packet;
	bool *infinite = &step->connection->infinite[packet->mptcpdest];

	if (step->subtypes & MPTCP_OPTION_BIT(MP_FAIL) && step->connection->live <= 1 &&
		fall_back(step, &step->moment, "mp_fail"))
		return -1;
	if (!mptcp_packet_has(packet, MPTCP_COLUMN_dss_length) || packet->dss_length || *infinite)
		return 0;
	*infinite = true;
	if (!mptcp_events_new(step->events, step->subflow, &step->moment,
		    MPTCP_EVENT_INFINITE_MAPPING))
		return -1;
	return fall_back(step, &step->moment, "infinite_mapping");
}

int mptcp_events_diagnose(struct mptcp_events *events, struct mptcp_events_connection *connection,
	struct mptcp_events_subflow *subflow, const struct mptcp_packet *packet,
	const struct mptcp_signals *signals)
{
	uint16_t subtypes = mptcp_packet_subtypes(packet);
	struct step step = {
		.events = events,
		.connection = connection,
		.subflow = subflow,
		.packet = packet,
		.signals = signals,
		.moment = mptcp_moment_of(packet),
		.subtypes = subtypes,
		.from = mptcp_role_peer(packet->tcpdest),
		.option = subtypes & (MPTCP_OPTION_BIT(MP_CAPABLE) | MPTCP_OPTION_BIT(MP_JOIN)),
	};

	if (packet->tcpflags & MPTCP_RST)
		return see_reset(&step);
	if (packet->tcpflags & MPTCP_SYN)
		return packet->tcpflags & MPTCP_ACK ? see_synack(&step) : see_syn(&step);
	if (see_ack(&step) || see_options(&step))
		return -1;
	return see_fallback_signals(&step);
}

int mptcp_events_diagnose_end(struct mptcp_events *events, struct mptcp_events_subflow *subflow)
{
	bool waited = subflow->syns > 1 || events->last - subflow->last_syn.abstime >= REPLY_TIME;

	/* an ACK without a SYN/ACK: that direction was not captured */
	if (!subflow->syn_option || subflow->synack || subflow->ack || subflow->reset || !waited)
		return 0;
	return mptcp_events_fail(events, subflow, &subflow->last_syn,
		subflow->joined ? MPTCP_EVENT_JOIN_FAILED : MPTCP_EVENT_CONNECT_FAILED, "no_reply");
}
