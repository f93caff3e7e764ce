/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_handshake: MP_CAPABLE, option by option (RFC 8684 section 3.1). See check_parts.h. */
#include "check_parts.h"

#include <string.h>

enum { FLAG_A = 0x80, FLAG_B = 0x40, FLAG_H = 0x01, CRYPTO_V0 = 0x3f, CRYPTO_V1 = 0x1f };

static unsigned crypto(unsigned version, unsigned flags)
{
	return flags & (version ? CRYPTO_V1 : CRYPTO_V0);
}

/* What the option says in which step. */
static void keep(struct mptcp_check_capable *step, const struct mptcp_sight *sight,
	const struct mptcp_option_value *value)
{
	if (step->packetid)
		return;
	step->packetid = sight->moment.packetid;
	step->version = value->capable.version;
	step->flags = value->capable.flags;
	step->length = value->length;
	step->key = value->capable.sender_key;
	memcpy(step->bytes, value->bytes, value->length);
}

static void check_flags(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	unsigned flags = value->capable.flags, bits = crypto(value->capable.version, flags);
	struct mptcp_proof proof = mptcp_proof_hex(FLAG_H, bits);
	bool syn = sight->packet->tcpflags & MPTCP_SYN, ack = sight->packet->tcpflags & MPTCP_ACK;
	const struct mptcp_check_capable *asked = &sight->stream->syn;

	if (flags & FLAG_B) {
		struct mptcp_proof set = mptcp_proof_hex(flags & ~(unsigned)FLAG_B, flags);

		MPTCP_CHECK_PUT(sight, mpc_ext_bit, &set);
	}
	if (!bits)
		MPTCP_CHECK_PUT(sight, mpc_no_crypto, &proof);
	if (syn && !ack && bits & ~(unsigned)FLAG_H)
		MPTCP_CHECK_PUT(sight, mpc_crypto_unknown, &proof);
	if (!syn || !ack || !asked->packetid || value->capable.version != asked->version)
		return;
	unsigned offered = crypto(asked->version, asked->flags);

	proof = mptcp_proof_hex(offered, bits);
	proof.related[0] = asked->packetid;
	if (bits & (bits - 1) || bits & ~offered)
		MPTCP_CHECK_PUT(sight, mpc_crypto_choice, &proof);
}

/* The lengths that it may have in this packet; one without a key in a SYN/ACK is mirrored, or has a
 * wrong length. */
static void check_length(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	const struct mptcp_packet *packet = sight->packet;
	bool v0 = value->capable.version == 0, syn = packet->tcpflags & MPTCP_SYN;
	unsigned expected = packet->tcplen && !v0 ? 22 : 20;

	if (syn)
		expected = packet->tcpflags & MPTCP_ACK || v0 ? 12 : 4;
	if (value->length == expected || (expected == 22 && value->length == 24))
		return;
	struct mptcp_proof proof = mptcp_proof_numbers(expected, value->length);

	MPTCP_CHECK_PUT(sight, mpc_length, &proof);
}

static void check_keys(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	if ((value->capable.keys >= 1 && !value->capable.sender_key) ||
		(value->capable.keys >= 2 && !value->capable.receiver_key))
		MPTCP_CHECK_PUT(sight, mpc_key_zero, NULL);
}

static void check_version(const struct mptcp_sight *sight, const struct mptcp_check_capable *before,
	const struct mptcp_option_value *value, bool synack)
{
	unsigned version = value->capable.version;
	struct mptcp_proof proof = mptcp_proof_numbers(before->version, version);

	if (!before->packetid || (synack ? version <= before->version : version == before->version))
		return;
	proof.severity = synack ? MPTCP_SEVERITY_ERROR : MPTCP_SEVERITY_WARNING;
	proof.related[0] = before->packetid;
	MPTCP_CHECK_PUT(sight, mpc_version_mismatch, &proof);
}

static void see_syn(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	struct mptcp_check_stream *stream = sight->stream;

	stream->syn_with++;
	keep(&stream->syn, sight, value);
	check_flags(sight, value);
	check_length(sight, value);
	check_keys(sight, value);
}

static void keep_key(struct mptcp_check_stream *stream, uint64_t key)
{
	for (unsigned i = 0; i < stream->synack_key_count; i++)
		if (stream->synack_keys[i] == key)
			return;
	if (stream->synack_key_count < 4)
		stream->synack_keys[stream->synack_key_count++] = key;
}

static void see_synack(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	struct mptcp_check_stream *stream = sight->stream;
	const struct mptcp_step *syn = &sight->subflow->syn;

	if (syn->count && !syn->option && !syn->unknown)
		MPTCP_CHECK_PUT(sight, mpc_synack_unasked, NULL);
	if (stream->syn.packetid && stream->syn.length == value->length &&
		!memcmp(stream->syn.bytes, value->bytes, value->length)) {
		struct mptcp_proof proof = {.related = {stream->syn.packetid}};

		MPTCP_CHECK_PUT(sight, mpc_mirrored, &proof);
		stream->refused_fallback = true;
		return;
	}
	check_version(sight, &stream->syn, value, true);
	check_flags(sight, value);
	check_length(sight, value);
	check_keys(sight, value);
	keep(&stream->synack, sight, value);
	if (value->capable.keys)
		keep_key(stream, value->capable.sender_key);
}

/* The receiver's key in third ACK and data, and the sender's. */
static void check_echo(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	const struct mptcp_check_stream *stream = sight->stream;
	const struct mptcp_check_capable *before = stream->ack.packetid ? &stream->ack
		: stream->syn.length >= 12                              ? &stream->syn
									: NULL;
	bool known = false;

	if (value->capable.keys < 2)
		return;
	for (unsigned i = 0; i < stream->synack_key_count; i++)
		known |= stream->synack_keys[i] == value->capable.receiver_key;
	if (stream->synack_key_count && stream->synack_key_count < 4 && !known) {
		struct mptcp_proof proof =
			mptcp_proof_hex(stream->synack_keys[0], value->capable.receiver_key);

		proof.related[0] = stream->synack.packetid;
		MPTCP_CHECK_PUT(sight, mpc_echo_mismatch, &proof);
	}
	if (before && before->key != value->capable.sender_key) {
		struct mptcp_proof proof = mptcp_proof_hex(before->key, value->capable.sender_key);

		proof.related[0] = before->packetid;
		MPTCP_CHECK_PUT(sight, mpc_sender_key_changed, &proof);
	}
}

static void check_agreed(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	const struct mptcp_check_stream *stream = sight->stream;
	unsigned agreed = (stream->syn.flags | stream->synack.flags) & FLAG_A;
	struct mptcp_proof proof = mptcp_proof_hex(agreed, value->capable.flags & FLAG_A);

	if (stream->syn.packetid && stream->synack.packetid &&
		(value->capable.flags & FLAG_A) != agreed)
		MPTCP_CHECK_PUT(sight, mpc_csum_bit, &proof);
}

/* The mapping that comes with it. */
static void see_first(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	struct mptcp_check_stream *stream = sight->stream;

	if (!value->capable.has_length)
		return;
	if (stream->has_first && stream->first_length != value->capable.data_length) {
		struct mptcp_proof proof =
			mptcp_proof_numbers(stream->first_length, value->capable.data_length);

		proof.related[0] = stream->first_packetid;
		MPTCP_CHECK_PUT(sight, mpc_data_length, &proof);
	}
	if (stream->has_first)
		return;
	stream->has_first = true;
	stream->first_length = value->capable.data_length;
	stream->first_packetid = sight->moment.packetid;
}

static bool is_late(const struct mptcp_sight *sight)
{
	const struct mptcp_check_stream *stream = sight->stream;

	if (sight->from == MPTCP_SERVER)
		return true;
	return sight->subflow->ends[MPTCP_SERVER].signalled && stream->has_first &&
		sight->position > MPTCP_SEQUENCE_ORIGIN + stream->first_length;
}

static void see_ack(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	struct mptcp_check_stream *stream = sight->stream;
	const uint16_t others =
		(uint16_t) ~(MPTCP_CHECK_BIT(MP_CAPABLE) | MPTCP_CHECK_BIT(REMOVE_ADDR));

	if (is_late(sight)) {
		MPTCP_CHECK_PUT(sight, mpc_after_established, NULL);
		return;
	}
	if (stream->synack.length >= 12)
		check_version(sight, &stream->synack, value, false);
	if (value->capable.version == 1 && sight->subtypes & others)
		MPTCP_CHECK_PUT(sight, mpc_with_other, NULL);
	check_flags(sight, value);
	check_length(sight, value);
	check_keys(sight, value);
	check_echo(sight, value);
	check_agreed(sight, value);
	see_first(sight, value);
	keep(&stream->ack, sight, value);
}

/* Nothing is known of the other fields of a later version. */
static bool is_unknown(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	const unsigned both = MPTCP_SYN | MPTCP_ACK, flags = sight->packet->tcpflags & both;

	if (value->capable.version <= 1)
		return false;
	if (flags == both)
		check_version(sight, &sight->stream->syn, value, true);
	else if (flags == MPTCP_ACK && sight->stream->synack.length >= 12)
		check_version(sight, &sight->stream->synack, value, false);
	return true;
}

void mptcp_check_handshake(const struct mptcp_sight *sight)
{
	unsigned flags = sight->packet->tcpflags;

	if (!sight->signals || !(sight->subtypes & MPTCP_CHECK_BIT(MP_CAPABLE)))
		return;
	const struct mptcp_option_value *value =
		mptcp_options_find(&sight->signals->options, MPTCP_MP_CAPABLE);

	if (!value || is_unknown(sight, value))
		return;
	if (!(flags & MPTCP_SYN))
		see_ack(sight, value);
	else if (flags & MPTCP_ACK)
		see_synack(sight, value);
	else
		see_syn(sight, value);
}

int mptcp_check_checksums(const struct mptcp_story_connection *connection)
{
	const struct mptcp_check_stream *stream =
		connection->initial ? connection->initial->own : NULL;

	if (!stream || !stream->syn.packetid || !stream->synack.packetid ||
		stream->synack.length < 12)
		return -1;
	return ((stream->syn.flags | stream->synack.flags) & FLAG_A) != 0;
}
