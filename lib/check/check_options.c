/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check_options: the form of options, whatever they are about; MP_TCPRST and MP_PRIO. See
 * check_parts.h; sections are of RFC 8684. */
#include "check_parts.h"

#include <stdio.h>

/* One that breaks its form. */
static void see_malformed(const struct mptcp_sight *sight, const struct mptcp_malformed *malformed)
{
	char name[MPTCP_MALFORMED_NAME];
	struct mptcp_proof proof = {0};
	bool capable = malformed->kind == 30 && malformed->subtype == MPTCP_MP_CAPABLE;

	mptcp_malformed_name(name, malformed);
	snprintf(proof.got, sizeof(proof.got), "%s:%u:%s", name, malformed->length,
		mptcp_malformed_reason_name(malformed->reason));
	if (malformed->reason == MPTCP_MALFORMED_NO_CHECKSUM) {
		proof = mptcp_proof_numbers(24, malformed->length);
		MPTCP_CHECK_PUT(sight, csum_missing, &proof);
	} else if (capable && malformed->reason == MPTCP_MALFORMED_LENGTH) {
		proof = (struct mptcp_proof){0};
		snprintf(proof.got, sizeof(proof.got), "%u", malformed->length);
		MPTCP_CHECK_PUT(sight, mpc_length, &proof);
	} else {
		MPTCP_CHECK_PUT(sight, option_malformed, &proof);
	}
}

/* Reserved bits of an option, and whether a MUST says that they are 0 (sections 3.2, 3.4.1). */
static unsigned reserved(const struct mptcp_option_value *value, bool *must)
{
	const uint8_t *at = value->bytes;

	*must = value->subtype == MPTCP_MP_JOIN || value->subtype == MPTCP_ADD_ADDR;
	switch (value->subtype) {
	case MPTCP_MP_JOIN:
		return value->join.form == MPTCP_JOIN_ACK ? (at[2] & 0x0fU) << 8 | at[3]
							  : at[2] & 0x0eU;
	case MPTCP_ADD_ADDR:
		return at[2] & 0x0eU;
	case MPTCP_REMOVE_ADDR:
		return at[2] & 0x0fU;
	case MPTCP_MP_PRIO:
		return at[2] & 0x0eU;
	case MPTCP_MP_FAIL:
	case MPTCP_MP_FASTCLOSE:
		return (at[2] & 0x0fU) << 8 | at[3];
	default:
		return 0;
	}
}

static void check_reserved(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	bool must,
		v0 = sight->connection && sight->connection->has_version &&
		sight->connection->version == 0;
	unsigned bits = reserved(value, &must);
	struct mptcp_proof proof = mptcp_proof_hex(0, bits);

	/* version 0 has the IP version there */
	if (!bits || (value->subtype == MPTCP_ADD_ADDR && (v0 || !mptcp_check_is_v1(sight))))
		return;
	/* the third ACK of version 0 by Linux has the flag B there */
	if (!must || v0)
		proof.severity = MPTCP_SEVERITY_NOTE;
	MPTCP_CHECK_PUT(sight, reserved_bits, &proof);
}

/* Section 3.6. */
static void check_reset(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	struct mptcp_proof proof = {0};

	snprintf(proof.got, sizeof(proof.got), "%u", value->reset.reason);
	if (!(sight->packet->tcpflags & MPTCP_RST)) {
		if (mptcp_check_is_v1(sight))
			MPTCP_CHECK_PUT(sight, tcprst_outside_rst, &proof);
		return;
	}
	MPTCP_CHECK_PUT(sight, tcprst_reason, &proof);
	if (value->reset.reason > 6)
		MPTCP_CHECK_PUT(sight, tcprst_reason_unknown, &proof);
	proof = mptcp_proof_hex(value->reset.flags & 0x01U, value->reset.flags);
	if (value->reset.flags & 0x0e)
		MPTCP_CHECK_PUT(sight, tcprst_reserved, &proof);
}

/* Section 3.3.8. */
static void check_priority(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	if (mptcp_check_is_v1(sight) && value->prio.has_address_id) {
		struct mptcp_proof proof = mptcp_proof_numbers(3, value->length);

		MPTCP_CHECK_PUT(sight, prio_id, &proof);
	} else {
		sight->way->backup = (struct mptcp_check_request){
			.at = value->prio.backup ? sight->moment.abstime : 0};
	}
}

static void check_option(const struct mptcp_sight *sight, const struct mptcp_option_value *value)
{
	check_reserved(sight, value);
	if (value->subtype == MPTCP_MP_TCPRST)
		check_reset(sight, value);
	else if (value->subtype == MPTCP_MP_PRIO)
		check_priority(sight, value);
	else if (value->subtype > MPTCP_MP_TCPRST) {
		struct mptcp_proof proof =
			mptcp_proof_words("", mptcp_subtype_name(value->subtype));

		MPTCP_CHECK_PUT(sight, subtype_unknown, &proof);
	}
}

void mptcp_check_options(const struct mptcp_sight *sight)
{
	if (!sight->signals)
		return;
	const struct mptcp_options *options = &sight->signals->options;

	for (size_t i = 0; i < options->count; i++)
		check_option(sight, &options->values[i]);
	for (size_t i = 0; i < options->malformed_count; i++)
		see_malformed(sight, &options->malformed[i]);
}
