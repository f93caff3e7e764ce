/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "addresses.h"

#include "cryptopan.h"
#include "hashed.h"

#include <stdlib.h>
#include <string.h>

/* A class of addresses, and where those that are numbered one by one begin. */
struct range {
	uint8_t bytes[16];
	unsigned bits; /* 0: any other address */
	uint8_t numbered[16];
};

static const struct range ranges4[] = {
	{{10}, 8, {10}}, {{172, 16}, 12, {172, 16}}, {{192, 168}, 16, {192, 168}},
	{{100, 64}, 10, {100, 64}}, {{127}, 8, {127}}, {{169, 254}, 16, {169, 254}},
	{{224}, 4, {239}}, {{0}, 0, {198, 18}}, /* RFC 2544 */
};
static const struct range ranges6[] = {
	{{0xfc}, 7, {0xfd}}, {{0xfe, 0x80}, 10, {0xfe, 0x80}}, {{0xff}, 8, {0xff, 0x0e}},
	{{[15] = 1}, 128, {[15] = 1}}, {{0}, 0, {0x20, 0x01, 0x0d, 0xb8}}, /* RFC 3849 */
};
#define RANGES_MOST 8

struct entry {
	struct mptcp_mapped_address address;
	UT_hash_handle hh;
};

struct mptcp_addresses_table {
	struct entry *entries;
	struct mptcp_mapped_address *last;
	/* the first two bytes of all that are to be hidden: most places in a capture have others */
	uint8_t beginnings[2][0x10000 / 8];
};

static size_t size_of(const struct mptcp_address *address)
{
	return address->family == 6 ? 16 : 4;
}

static const struct range *ranges_of(const struct mptcp_address *address, size_t *count)
{
	*count = address->family == 6 ? sizeof(ranges6) / sizeof(*ranges6)
				      : sizeof(ranges4) / sizeof(*ranges4);
	return address->family == 6 ? ranges6 : ranges4;
}

/* Leading bits that both have in common, at most `most`. */
static unsigned common(const uint8_t *a, const uint8_t *b, unsigned most)
{
	unsigned bits = 0;

	while (bits < most && !((a[bits / 8] ^ b[bits / 8]) & (0x80 >> bits % 8)))
		bits++;
	return bits;
}

bool mptcp_addresses_is_nobody(const struct mptcp_address *address)
{
	static const uint8_t zero[16], all[4] = {255, 255, 255, 255}, loopback[16] = {[15] = 1};

	return !memcmp(address->bytes, zero, sizeof(zero)) ||
		(address->family == 4 && !memcmp(address->bytes, all, sizeof(all))) ||
		(address->family == 6 && !memcmp(address->bytes, loopback, sizeof(loopback)));
}

static struct entry *find(const struct mptcp_addresses *addresses,
	const struct mptcp_address *address)
{
	struct entry *found = NULL;

	if (addresses->table)
		HASH_FIND(hh, addresses->table->entries, address, sizeof(*address), found);
	return found;
}

int mptcp_addresses_see(struct mptcp_addresses *addresses, const struct mptcp_address *address)
{
	struct mptcp_addresses_table *table = addresses->table;

	if (find(addresses, address))
		return 0;
	if (!table && !(table = addresses->table = calloc(1, sizeof(*table))))
		return -1;
	struct entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return -1;
	entry->address.original = *address;
	HASH_ADD(hh, table->entries, address.original, sizeof(*address), entry);
	if (!entry->hh.tbl) {
		free(entry);
		return -1;
	}
	*(table->last ? &table->last->next : &addresses->first) = &entry->address;
	table->last = &entry->address;
	if (!mptcp_addresses_is_nobody(address)) {
		unsigned start = (unsigned)(address->bytes[0] << 8 | address->bytes[1]);

		table->beginnings[address->family == 6][start / 8] |= (uint8_t)(1 << start % 8);
	}
	return 0;
}

/* The bits that say to which class an address belongs, and which it does not. */
static unsigned class_bits(const struct mptcp_address *address)
{
	size_t count;
	const struct range *ranges = ranges_of(address, &count);
	unsigned kept = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned bits = common(address->bytes, ranges[i].bytes, ranges[i].bits);

		bits += bits < ranges[i].bits;
		kept = bits > kept ? bits : kept;
	}
	return kept;
}

/* The next number of its class that is not an address of the capture. */
static void number(const struct mptcp_addresses *addresses, struct mptcp_mapped_address *address,
	uint32_t numbers[RANGES_MOST])
{
	size_t count, i = 0, size = size_of(&address->original);
	const struct range *ranges = ranges_of(&address->original, &count);
	const uint8_t *bytes = address->original.bytes;

	while (common(bytes, ranges[i].bytes, ranges[i].bits) < ranges[i].bits)
		i++;
	do {
		uint32_t value = ++numbers[i];

		memcpy(address->mapped.bytes, ranges[i].numbered, size);
		for (size_t at = size; value && at-- > 0; value >>= 8)
			address->mapped.bytes[at] |= (uint8_t)value;
	} while (find(addresses, &address->mapped));
}

bool mptcp_addresses_settle(struct mptcp_addresses *addresses, const struct mptcp_secret *secret)
{
	uint32_t numbers[2][RANGES_MOST] = {{0}};
	uint8_t key[MPTCP_SECRET_SIZE];
	struct mptcp_cryptopan pan;
	bool fits = true;

	mptcp_secret_draw(secret, "address", NULL, 0, key);
	mptcp_cryptopan_key(&pan, key);
	for (struct mptcp_mapped_address *at = addresses->first; at; at = at->next) {
		at->mapped = at->original;
		if (mptcp_addresses_is_nobody(&at->original) ||
			addresses->mode == MPTCP_ADDRESSES_KEEP)
			continue;
		if (addresses->mode == MPTCP_ADDRESSES_SEQUENTIAL)
			number(addresses, at, numbers[at->original.family == 6]);
		else
			mptcp_cryptopan_map(&pan, at->mapped.bytes, size_of(&at->original),
				class_bits(&at->original));
		fits = fits && !find(addresses, &at->mapped);
	}
	return fits;
}

const struct mptcp_address *mptcp_addresses_map(const struct mptcp_addresses *addresses,
	const struct mptcp_address *original)
{
	const struct entry *entry = find(addresses, original);

	return entry ? &entry->address.mapped : NULL;
}

bool mptcp_addresses_at(const struct mptcp_addresses *addresses, unsigned family, const uint8_t *at)
{
	unsigned start = (unsigned)(at[0] << 8 | at[1]);
	struct mptcp_address address = {.family = (uint8_t)family};

	if (!addresses->table ||
		!(addresses->table->beginnings[family == 6][start / 8] >> start % 8 & 1))
		return false;
	memcpy(address.bytes, at, family == 6 ? 16 : 4);
	return !mptcp_addresses_is_nobody(&address) && find(addresses, &address);
}

void mptcp_addresses_clear(struct mptcp_addresses *addresses)
{
	struct entry *entry, *next;

	if (!addresses->table)
		return;
	HASH_ITER (hh, addresses->table->entries, entry, next) {
		HASH_DEL(addresses->table->entries, entry);
		free(entry);
	}
	free(addresses->table);
	*addresses = (struct mptcp_addresses){0};
}
