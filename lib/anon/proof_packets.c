/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proof_packets: the packets mean the same. See proof.h. */
#include "proof.h"

#include "signals.h"
#include "units.h"

#include <inttypes.h>
#include <string.h>

/* Both captures, side by side. */
struct sides {
	const struct mptcp_anon *anon;
	struct mptcp_story stories[2];
	struct mptcp_buffer texts[2];
};

/* What is not compared: how much of a packet is there, and what is compared by its parts, here or
 * as an event. */
#define APART (MPTCP_HAS(caplen) | MPTCP_HAS(interface) | MPTCP_HAS(options))
/* What changes with the keys; the numbers relative to them do not, and tell which connection it is.
 */
#define OF_KEYS \
	(MPTCP_HAS(recvtok) | MPTCP_HAS(expected_token) | MPTCP_HAS(dss_dsn) | \
		MPTCP_HAS(dss_rawack) | MPTCP_HAS(dsn_raw) | MPTCP_HAS(dack_raw))

static int fail(struct mptcp_error *error, uint64_t packetid, const char *column)
{
	return mptcp_error_set(error, MPTCP_DATA,
		"packet %" PRIu64 " of the result: %s is not what it should be", packetid, column);
}

static void map(const struct sides *sides, struct mptcp_address *address)
{
	const struct mptcp_address *mapped =
		mptcp_addresses_map(&sides->anon->how.addresses, address);

	*address = mapped ? *mapped : (struct mptcp_address){0};
}

/* What the packet should have become. */
static void expect(const struct sides *sides, struct mptcp_packet *packet)
{
	const struct mptcp_rewrite *how = &sides->anon->how;

	map(sides, &packet->ipsrc);
	map(sides, &packet->ipdst);
	packet->sport = mptcp_ports_map(&how->ports, packet->sport);
	packet->dport = mptcp_ports_map(&how->ports, packet->dport);
	packet->tsval = mptcp_rewrite_ticks(how, packet->tsval);
	packet->tsecr = mptcp_rewrite_ticks(how, packet->tsecr);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_sendkey))
		packet->sendkey = mptcp_rewrite_key(how, packet->sendkey);
	if (mptcp_packet_has(packet, MPTCP_COLUMN_recvkey))
		packet->recvkey = mptcp_rewrite_key(how, packet->recvkey);
}

static int compare_columns(struct sides *sides, const struct mptcp_packet *original,
	const struct mptcp_packet *result, struct mptcp_error *error)
{
	struct mptcp_packet expected = *original;
	uint64_t apart = APART | (sides->anon->how.change_keys ? OF_KEYS : 0);

	expect(sides, &expected);
	/* a simple packet block of pcapng has no time */
	if (expected.abstime || result->abstime)
		expected.abstime += sides->anon->seconds * MPTCP_SECOND;
	/* without its payload nobody can verify it, and it is that of zeros then */
	if (sides->anon->how.payload != MPTCP_PAYLOAD_KEEP || sides->anon->how.change_keys)
		apart |= MPTCP_HAS(dss_checksum);
	uint64_t missing = (expected.present ^ result->present) & ~MPTCP_HAS(caplen);

	if (missing)
		return fail(error, result->packetid,
			mptcp_columns[mptcp_column_first(missing)].name);
	for (uint64_t left = expected.present & ~apart; left; left &= left - 1) {
		enum mptcp_column_id id = mptcp_column_first(left);

		for (int i = 0; i < 2; i++) {
			mptcp_buffer_reset(&sides->texts[i]);
			mptcp_packet_format(&sides->texts[i], i ? result : &expected, id);
		}
		if (sides->texts[0].length != sides->texts[1].length ||
			memcmp(sides->texts[0].bytes, sides->texts[1].bytes,
				sides->texts[0].length))
			return fail(error, result->packetid, mptcp_columns[id].name);
	}
	return 0;
}

/* ADD_ADDR options are events, with the verdict on their HMAC; the bytes of all others stay, unless
 * they depend on keys or are not known. */
static bool may_differ(const struct sides *sides, const struct mptcp_option_value *value)
{
	if (value->subtype == MPTCP_MP_CAPABLE && value->capable.has_checksum)
		return sides->anon->how.change_keys ||
			sides->anon->how.payload != MPTCP_PAYLOAD_KEEP;
	if (value->subtype == MPTCP_MP_CAPABLE || value->subtype == MPTCP_MP_JOIN ||
		value->subtype == MPTCP_MP_FAIL || value->subtype == MPTCP_MP_FASTCLOSE)
		return sides->anon->how.change_keys;
	return value->subtype == MPTCP_ADD_ADDR || value->subtype > MPTCP_MP_TCPRST;
}

static int compare_options(const struct sides *sides, const struct mptcp_packet *original,
	const struct mptcp_packet *result, struct mptcp_error *error)
{
	struct mptcp_signals a, b;
	bool has = mptcp_signals_read(&a, original);

	if (mptcp_signals_read(&b, result) != has)
		return fail(error, result->packetid, "options");
	if (!has)
		return 0;
	if (a.options.count != b.options.count)
		return fail(error, result->packetid, "options");
	for (size_t i = 0; i < a.options.count; i++) {
		const struct mptcp_option_value *before = &a.options.values[i];
		const struct mptcp_option_value *after = &b.options.values[i];

		if (before->subtype != after->subtype || before->length != after->length ||
			(!may_differ(sides, before) &&
				memcmp(before->bytes, after->bytes, before->length) != 0))
			return fail(error, result->packetid, "options");
	}
	return 0;
}

static bool is_same_event(const struct sides *sides, const struct mptcp_event *original,
	const struct mptcp_event *result)
{
	const struct mptcp_rewrite *how = &sides->anon->how;
	struct mptcp_event a = *original, b = *result;

	map(sides, &a.address);
	a.port = mptcp_ports_map(&how->ports, a.port);
	a.key = a.has_key ? mptcp_rewrite_key(how, a.key) : 0;
	if (how->change_keys)
		a.token = b.token = 0;
	return a.moment.packetid == b.moment.packetid && a.moment.reltime == b.moment.reltime &&
		a.moment.mptcpdest == b.moment.mptcpdest &&
		a.has_mptcpstream == b.has_mptcpstream && a.mptcpstream == b.mptcpstream &&
		a.tcpstream == b.tcpstream && a.kind == b.kind && a.kernel == b.kernel &&
		a.has_addrid == b.has_addrid && a.has_port == b.has_port &&
		a.has_token == b.has_token && a.has_dsn == b.has_dsn && a.has_key == b.has_key &&
		a.addrid == b.addrid && a.port == b.port && a.token == b.token &&
		mptcp_address_equal(&a.address, &b.address) && a.backup == b.backup &&
		a.echo == b.echo && a.transient == b.transient && a.dsn == b.dsn &&
		a.key == b.key && !strcmp(a.reason, b.reason) && !strcmp(a.option, b.option) &&
		a.length == b.length;
}

static int compare_events(struct sides *sides, struct mptcp_error *error)
{
	struct mptcp_events *a = &sides->stories[0].events, *b = &sides->stories[1].events;

	for (size_t i = 0; i < a->count || i < b->count; i++) {
		const struct mptcp_event *event = i < b->count ? &b->list[i] : &a->list[i];

		if (i >= a->count || i >= b->count ||
			!is_same_event(sides, &a->list[i], &b->list[i]))
			return fail(error, event->moment.packetid, mptcp_event_name(event->kind));
	}
	a->count = b->count = 0;
	return 0;
}

static enum mptcp_result next(struct mptcp_input *input, struct mptcp_packet *packet,
	struct mptcp_error *error)
{
	enum mptcp_result got;

	do
		got = mptcp_input_next(input, packet, error);
	while (got == MPTCP_IDLE);
	return got;
}

static int compare_packets(struct sides *sides, const struct mptcp_packet packets[2],
	struct mptcp_error *error)
{
	for (int i = 0; i < 2; i++)
		if (!mptcp_packet_has(&packets[i], MPTCP_COLUMN_duplicate_of) &&
			mptcp_story_add(&sides->stories[i], &packets[i], NULL, error))
			return -1;
	return compare_columns(sides, &packets[0], &packets[1], error) ||
			compare_options(sides, &packets[0], &packets[1], error) ||
			compare_events(sides, error)
		? -1
		: 0;
}

static int compare_all(struct sides *sides, struct mptcp_input *originals,
	struct mptcp_input *result, struct mptcp_error *error)
{
	struct mptcp_packet packets[2] = {{0}};
	struct mptcp_error damage; /* what is wrong with the original was said before */

	for (;;) {
		enum mptcp_result a = next(originals, &packets[0], &damage);
		enum mptcp_result b = next(result, &packets[1], error);

		if (b == MPTCP_FAILED || (a == MPTCP_FAILED && damage.status != MPTCP_DATA)) {
			*error = b == MPTCP_FAILED ? *error : damage;
			return -1;
		}
		if (a != MPTCP_ROW && b != MPTCP_ROW)
			break;
		if (a != MPTCP_ROW || b != MPTCP_ROW)
			return fail(error, packets[b != MPTCP_ROW ? 0 : 1].packetid,
				b != MPTCP_ROW ? "it is no TCP any more, which"
					       : "its being there");
		if (compare_packets(sides, packets, error))
			return -1;
	}
	for (int i = 0; i < 2; i++)
		if (mptcp_story_end(&sides->stories[i], error))
			return -1;
	return compare_events(sides, error);
}

int mptcp_proof_packets(const struct mptcp_anon *anon, struct mptcp_input *originals,
	struct mptcp_input *result, struct mptcp_error *error)
{
	struct sides sides = {.anon = anon};
	int failed = compare_all(&sides, originals, result, error);

	for (int i = 0; i < 2; i++) {
		mptcp_story_clear(&sides.stories[i]);
		mptcp_buffer_clear(&sides.texts[i]);
	}
	return failed;
}
