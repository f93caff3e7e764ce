/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options: the TCP option bytes of one segment, parsed: timestamps, window scale and every MPTCP
 * option (RFC 8684, and RFC 6824 where it differs).
 *
 * Stateless. A segment may carry several MPTCP options. One of a wrong length is passed over by
 * that length and named in `malformed`; what follows counts. Only an option whose length leads
 * nowhere (0, 1, past the end) ends the list.
 */
#ifndef MPTCP_OPTIONS_H
#define MPTCP_OPTIONS_H

#include "address.h"
#include "buffer.h"
#include "malformed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 8684 section 8.1 (IANA "MPTCP Option Subtypes"). */
enum mptcp_subtype {
	MPTCP_MP_CAPABLE = 0,
	MPTCP_MP_JOIN = 1,
	MPTCP_DSS = 2,
	MPTCP_ADD_ADDR = 3,
	MPTCP_REMOVE_ADDR = 4,
	MPTCP_MP_PRIO = 5,
	MPTCP_MP_FAIL = 6,
	MPTCP_MP_FASTCLOSE = 7,
	MPTCP_MP_TCPRST = 8,
	MPTCP_SUBTYPES = 16
};

/* "MP_CAPABLE" ... "MP_TCPRST"; a reserved number N gives "MPTCP_N" (static text). */
const char *mptcp_subtype_name(unsigned subtype);
/* The number of a name of `length` characters, or -1. */
int mptcp_subtype_find(const char *name, size_t length);

enum mptcp_join_form { MPTCP_JOIN_SYN, MPTCP_JOIN_SYN_ACK, MPTCP_JOIN_ACK };

struct mptcp_option_value {
	enum mptcp_subtype subtype;
	const uint8_t *
		bytes; /* the whole option, kind and length included; points into what was parsed */
	uint8_t length;
	union {
		struct { /* RFC 8684 section 3.1 */
			uint8_t version;
			uint8_t flags; /* A to H: bit 7 (0x80) is A, checksum required; 0x20 is C,
					  no joins to this address */
			uint8_t keys;  /* how many: 0 (v1 SYN), 1, 2 */
			uint64_t sender_key, receiver_key;
			bool has_length; /* v1, with the first data */
			uint16_t data_length;
			bool has_checksum;
			uint16_t checksum;
		} capable;
		struct { /* section 3.2 */
			enum mptcp_join_form form;
			bool backup;         /* not in the third ACK */
			uint8_t address_id;  /* not in the third ACK */
			uint32_t token;      /* SYN: of the receiver */
			uint32_t nonce;      /* SYN, SYN/ACK */
			const uint8_t *hmac; /* SYN/ACK: 8 bytes, ACK: 20 bytes; else NULL */
		} join;
		struct {                /* section 3.3 */
			uint16_t flags; /* all twelve bits after the subtype, reserved ones too */
			bool data_fin;
			bool has_ack, ack_64;
			uint64_t ack;
			bool has_mapping, dsn_64;
			uint64_t dsn;
			uint32_t ssn;
			uint16_t length;
			bool has_checksum;
			uint16_t checksum;
		} dss;
		struct { /* section 3.4.1; v0: the IP version nibble instead of flags, no HMAC */
			bool echo;
			uint8_t address_id;
			struct mptcp_address address;
			bool has_port;
			uint16_t port;
			const uint8_t *hmac; /* 8 bytes or NULL */
		} add;
		struct { /* section 3.4.2 */
			const uint8_t *address_ids;
			uint8_t count;
		} remove;
		struct { /* section 3.3.8 */
			bool backup;
			bool has_address_id; /* v0 only */
			uint8_t address_id;
		} prio;
		struct {
			uint64_t dsn;
		} fail; /* section 3.7 */
		struct {
			uint64_t key;
		} fastclose; /* section 3.5: the receiver's key */
		struct {
			bool transient;
			uint8_t flags, reason;
		} reset; /* section 3.6 */
	};
};

#define MPTCP_MALFORMED_MAX 20 /* the shortest has two bytes */
#define MPTCP_OPTIONS_MAX 13   /* 40 bytes hold no more MPTCP options: the shortest has three */

struct mptcp_options {
	bool has_timestamps;
	uint32_t tsval, tsecr;
	bool has_window_scale;
	uint8_t window_scale;
	bool has_mss;
	uint16_t mss;
	uint8_t sack_count;
	struct {
		uint32_t left, right;
	} sack[4];         /* RFC 2018: as on the wire, in its order */
	bool cut;          /* more options than these were not captured: see mptcp_options_cut */
	uint16_t subtypes; /* bit N: there is an option of subtype N */
	size_t count;
	struct mptcp_option_value values[MPTCP_OPTIONS_MAX];
	size_t malformed_count;
	struct mptcp_malformed malformed[MPTCP_MALFORMED_MAX];
};

/* `tcp_flags` (SYN, ACK) tell the forms of MP_CAPABLE and MP_JOIN apart where their lengths do not.
 */
void mptcp_options_parse(struct mptcp_options *options, const uint8_t *bytes, size_t length,
	unsigned tcp_flags);
/* The bytes were only the beginning of the list: an option that runs past their end is not
 * malformed, and what is not there is unknown. */
void mptcp_options_cut(struct mptcp_options *options);
/* The first option of that subtype, or NULL. */
const struct mptcp_option_value *mptcp_options_find(const struct mptcp_options *options,
	enum mptcp_subtype subtype);
/*
 * Reads back the column `options` of the packet stream (hexadecimal, separated by ';') into `bytes`
 * (room for 40), as mptcp_options_parse takes them. Returns their number or -1.
 */
int mptcp_options_from_text(uint8_t bytes[40], const char *text, size_t length);

#endif
