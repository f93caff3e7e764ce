/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "piece.h"

#include "decimal.h"

/* The digits from *at; moves it past them and the separator. */
static bool read_number(const struct mptcp_text *text, size_t *at, uint64_t *number)
{
	size_t start = *at, end = start;

	while (end < text->length && text->bytes[end] >= '0' && text->bytes[end] <= '9')
		end++;
	*at = end < text->length ? end + 1 : end;
	return !mptcp_decimal_read(number, text->bytes + start, end - start, UINT64_MAX);
}

bool mptcp_piece_next(const struct mptcp_packet *packet, size_t *at, struct mptcp_piece *piece)
{
	if (mptcp_packet_has(packet, MPTCP_COLUMN_dsn_split)) {
		uint64_t offset, length;

		if (!read_number(&packet->dsn_split, at, &offset) ||
			!read_number(&packet->dsn_split, at, &piece->dsn) ||
			!read_number(&packet->dsn_split, at, &length) || offset > packet->tcplen ||
			length > packet->tcplen - offset || !length)
			return false;
		piece->offset = (uint32_t)offset;
		piece->length = (uint32_t)length;
		return true;
	}
	if (*at || !packet->tcplen || !mptcp_packet_has(packet, MPTCP_COLUMN_dsn))
		return false;
	*at = 1;
	*piece = (struct mptcp_piece){0, packet->dsn, packet->tcplen};
	return true;
}

bool mptcp_sack_next(const struct mptcp_packet *packet, size_t *at, uint32_t *left, uint32_t *right)
{
	uint64_t start, end;

	if (!mptcp_packet_has(packet, MPTCP_COLUMN_sack) ||
		!read_number(&packet->sack, at, &start) || !read_number(&packet->sack, at, &end))
		return false;
	*left = (uint32_t)start;
	*right = (uint32_t)end;
	return true;
}
