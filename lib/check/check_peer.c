/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check_peer.h"

#include "array.h"
#include "check_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A packet as it was sent and as it arrived. */
struct change {
	struct mptcp_sight sight; /* of the packet in the first capture */
	const struct mptcp_packet *sent, *got;
	uint32_t bytes; /* of payload that both have */
	bool whole;     /* both are the same segment */
	bool changed;   /* something that may be blamed on the way */
};

static void put(struct change *change, enum mptcp_finding_id id, struct mptcp_proof *proof,
	const struct mptcp_pair *pair)
{
	proof->related[0] = pair->packetid[1];
	mptcp_check_put(&change->sight, id, proof);
}

/* "MP_CAPABLE;DSS", or "none". */
static void name_subtypes(char text[MPTCP_FINDING_TEXT], uint16_t subtypes)
{
	int length = snprintf(text, MPTCP_FINDING_TEXT, subtypes ? "" : "none");

	for (unsigned i = 0; i < 16; i++)
		if (subtypes >> i & 1 && length < MPTCP_FINDING_TEXT)
			length += snprintf(text + length, MPTCP_FINDING_TEXT - (size_t)length,
				"%s%s", length ? ";" : "", mptcp_subtype_name(i));
}

static bool text_differs(const struct mptcp_text *a, const struct mptcp_text *b)
{
	return a->length != b->length || (a->length && memcmp(a->bytes, b->bytes, a->length));
}

/* The first field of DSS that differs; NULL for none. Absent ones are 0. */
static const char *differing_field(const struct mptcp_packet *sent, const struct mptcp_packet *got,
	uint64_t numbers[2])
{
#define FIELD(name) \
	{ \
#name, sent->name, got->name \
	}
	const struct {
		const char *name;
		uint64_t sent, got;
	} fields[] = {FIELD(dss_flags), FIELD(dss_rawack), FIELD(dss_dsn), FIELD(dss_ssn),
		FIELD(dss_length), FIELD(dss_checksum)};
#undef FIELD
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (fields[i].sent != fields[i].got) {
			numbers[0] = fields[i].sent;
			numbers[1] = fields[i].got;
			return fields[i].name;
		}
	return NULL;
}

/* Of a stream that is plain TCP to its capture the options of a SYN are known, and no others. */
static bool knows_options(const struct mptcp_packet *packet)
{
	return !mptcp_packet_has(packet, MPTCP_COLUMN_options_cut) &&
		(mptcp_packet_has(packet, MPTCP_COLUMN_mptcpstream) ||
			mptcp_packet_subtypes(packet) || packet->tcpflags & MPTCP_SYN);
}

static void check_options(struct change *change, const struct mptcp_pair *pair)
{
	const struct mptcp_packet *sent = change->sent, *got = change->got;
	uint16_t before = mptcp_packet_subtypes(sent), after = mptcp_packet_subtypes(got);
	struct mptcp_proof proof = {0};
	uint64_t numbers[2];

	/* what was cut differently may have them on one part only */
	if (!knows_options(sent) || !knows_options(got) ||
		(!change->whole && sent->tcpseq != got->tcpseq))
		return;
	name_subtypes(proof.expected, before);
	name_subtypes(proof.got, after);
	change->changed = true;
	if (before & ~after) {
		put(change, MPTCP_FINDING_mbox_strip, &proof, pair);
		return;
	}
	const char *field = change->whole ? differing_field(sent, got, numbers) : NULL;

	if (field) {
		snprintf(proof.expected, sizeof(proof.expected), "%s=%" PRIu64, field, numbers[0]);
		snprintf(proof.got, sizeof(proof.got), "%s=%" PRIu64, field, numbers[1]);
	} else if (change->whole && text_differs(&sent->options, &got->options)) {
		snprintf(proof.expected, sizeof(proof.expected), "%.*s", (int)sent->options.length,
			sent->options.bytes ? sent->options.bytes : "");
		snprintf(proof.got, sizeof(proof.got), "%.*s", (int)got->options.length,
			got->options.bytes ? got->options.bytes : "");
	} else if (!(after & ~before)) {
		change->changed = false;
		return;
	}
	put(change, MPTCP_FINDING_mbox_option, &proof, pair);
}

static void check_nat(struct change *change, const struct mptcp_pair *pair)
{
	const struct mptcp_packet *sent = change->sent, *got = change->got;
	bool source = sent->sport != got->sport || !mptcp_address_equal(&sent->ipsrc, &got->ipsrc);
	struct mptcp_proof proof = {0};

	if (!source && sent->dport == got->dport && mptcp_address_equal(&sent->ipdst, &got->ipdst))
		return;
	mptcp_endpoint_format(source ? &sent->ipsrc : &sent->ipdst,
		source ? sent->sport : sent->dport, proof.expected);
	mptcp_endpoint_format(source ? &got->ipsrc : &got->ipdst, source ? got->sport : got->dport,
		proof.got);
	put(change, MPTCP_FINDING_mbox_nat, &proof, pair);
}

/* Numbers count from the same SYN in both captures. */
static void check_numbers(struct change *change, const struct mptcp_check_peer *peer,
	const struct mptcp_pair *pair)
{
	const struct mptcp_evidence_stream *a = &peer->evidence[0].streams[pair->stream[0]];
	const struct mptcp_evidence_stream *b = &peer->evidence[1].streams[pair->stream[1]];
	enum mptcp_role from = mptcp_role_peer(pair->tcpdest);
	uint32_t shift = (change->got->tcpseq_raw - change->got->tcpseq) -
		(change->sent->tcpseq_raw - change->sent->tcpseq);
	struct mptcp_proof proof = {0};

	if (!a->isn[from].is || !b->isn[from ^ a->flipped].is || !shift)
		return;
	snprintf(proof.got, sizeof(proof.got), "%" PRId32, (int32_t)shift);
	put(change, MPTCP_FINDING_mbox_seq_shift, &proof, pair);
}

static void check_mss(struct change *change, const struct mptcp_pair *pair)
{
	struct mptcp_proof proof = mptcp_proof_numbers(change->sent->mss, change->got->mss);

	if (change->sent->tcpflags & MPTCP_SYN && change->sent->mss != change->got->mss)
		put(change, MPTCP_FINDING_mbox_mss, &proof, pair);
}

/* Segments above the MSS are those of offload. */
static void check_cut(struct change *change, const struct mptcp_pair *pair)
{
	uint32_t sent = change->sent->tcplen, got = change->got->tcplen;
	uint32_t mss = change->sight.back->mss;
	struct mptcp_proof proof = mptcp_proof_numbers(sent, got);

	/* once for each segment: at its first part */
	if (change->whole || !mss || change->sent->tcpseq != change->got->tcpseq)
		return;
	if (change->bytes < sent && sent <= mss)
		put(change, MPTCP_FINDING_mbox_split, &proof, pair);
	if (change->bytes < got && got <= mss)
		put(change, MPTCP_FINDING_mbox_coalesce, &proof, pair);
}

static uint32_t payload(const struct mptcp_check_payloads *payloads, uint64_t packetid)
{
	return packetid < payloads->count ? payloads->list[packetid] : 0;
}

static void check_payload(struct change *change, const struct mptcp_check_peer *peer,
	const struct mptcp_pair *pair)
{
	uint32_t sums[2] = {payload(&peer->payloads[0], pair->packetid[0]),
		payload(&peer->payloads[1], pair->packetid[1])};
	uint32_t sent = sums[pair->sender], got = sums[!pair->sender];
	struct mptcp_proof proof = mptcp_proof_hex(sent - 1, got - 1);

	if (!change->whole || !sent || !got || sent == got)
		return;
	change->changed = true;
	put(change, MPTCP_FINDING_mbox_payload, &proof, pair);
}

int mptcp_check_peer_row(void *context, const struct mptcp_pair *pair, struct mptcp_error *error)
{
	struct mptcp_check_peer *peer = context;
	struct mptcp_check *check = peer->check;
	struct change change = {.sent = pair->packet, .got = pair->other, .bytes = pair->bytes};

	if (!change.sent || !change.got)
		return 0;
	const struct mptcp_packet *packet = pair->sender == 0 ? change.sent : change.got;
	struct mptcp_story_subflow *subflow =
		mptcp_roster_subflow(&check->story.roster, packet->tcpstream);
	struct mptcp_moment moment = mptcp_moment_of(packet);

	if (!subflow)
		return 0;
	mptcp_check_recall(&change.sight, check, subflow, &moment);
	if (check->failed)
		return mptcp_error_memory(error);
	change.whole =
		change.sent->tcplen == change.got->tcplen && change.bytes == change.sent->tcplen;
	check_options(&change, pair);
	check_nat(&change, pair);
	check_numbers(&change, peer, pair);
	check_mss(&change, pair);
	check_cut(&change, pair);
	check_payload(&change, peer, pair);
	if (check->failed ||
		mptcp_intervals_add(change.changed ? &check->changed : &check->same,
			moment.packetid, moment.packetid + 1, NULL))
		return mptcp_error_memory(error);
	return 0;
}

int mptcp_check_peer_payload(struct mptcp_check_peer *peer, int capture,
	const struct mptcp_packet *packet, size_t extra, struct mptcp_error *error)
{
	struct mptcp_check_payloads *payloads = &peer->payloads[capture];
	uint16_t sum;

	if (!mptcp_check_payload_sum(packet, extra, &sum))
		return 0;
	while (payloads->count <= packet->packetid) {
		uint32_t *list = mptcp_array_append(payloads->list, &payloads->count,
			&payloads->capacity, sizeof(*list));

		if (!list)
			return mptcp_error_memory(error);
		payloads->list = list;
	}
	payloads->list[packet->packetid] = sum + 1U;
	return 0;
}

void mptcp_check_peer_clear(struct mptcp_check_peer *peer)
{
	free(peer->payloads[0].list);
	free(peer->payloads[1].list);
}
