/* SPDX-License-Identifier: GPL-2.0-or-later */
/* summary_announced: what became of the addresses that the hosts of a connection announced. An
 * enemy may announce very many: each is looked up, none is compared with all the others. */
#include "summary_parts.h"

#define uthash_nonfatal_oom(known) ((known)->lost = true)
#include "hashed.h"

#include <stdlib.h>

/* An address, and as what it was met. */
struct known {
	struct known_as {
		struct mptcp_address address;
		uint8_t as; /* the role to which it was announced, or JOINED */
	} key;
	bool lost; /* memory ran out */
	UT_hash_handle hh;
};
enum { JOINED = 2 };
_Static_assert(sizeof(struct known_as) == sizeof(struct mptcp_address) + 1,
	"no padding, which would be hashed");

struct mptcp_announced {
	const struct mptcp_told *told;
	struct known *known;
	bool echoed[2][256]; /* announcements to a role, by address identifier */
};

static struct known *find(const struct mptcp_announced *announced, const struct known_as *key)
{
	struct known *known;

	HASH_FIND(hh, announced->known, key, sizeof(*key), known);
	return known;
}

/* Whether it was met before. */
static bool meet(struct mptcp_announced *announced, const struct mptcp_address *address, uint8_t as)
{
	const struct known_as key = {*address, as};

	if (find(announced, &key))
		return true;
	struct known *known = calloc(1, sizeof(*known));

	if (known) {
		known->key = key;
		HASH_ADD(hh, announced->known, key, sizeof(key), known);
	}
	if (!known || known->lost) {
		announced->told->summary->failed = true;
		free(known);
	}
	return false;
}

struct mptcp_announced *mptcp_announced_new(const struct mptcp_told *told)
{
	struct mptcp_announced *announced = calloc(1, sizeof(*announced));
	const struct mptcp_events *events = &told->own->events;

	if (!announced) {
		told->summary->failed = true;
		return NULL;
	}
	announced->told = told;
	/* that anybody tried to join, on whichever port */
	for (const struct mptcp_story_subflow *subflow = told->connection->subflows; subflow;
		subflow = subflow->next)
		for (int end = 0; end < 2; end++)
			if (subflow->kind == MPTCP_KIND_JOIN)
				meet(announced, &subflow->ends[end].host.address, JOINED);
	for (size_t i = 0; i < events->count; i++) {
		const struct mptcp_event *event = &events->list[i];

		if (event->kind == MPTCP_EVENT_ADD_ADDR && event->echo == MPTCP_YES)
			announced->echoed[mptcp_role_peer(event->moment.mptcpdest)][event->addrid] =
				true;
	}
	return announced;
}

void mptcp_announced_free(struct mptcp_announced *announced)
{
	struct known *known, *next;

	if (!announced)
		return;
	HASH_ITER (hh, announced->known, known, next) {
		HASH_DEL(announced->known, known);
		free(known);
	}
	free(announced);
}

struct mptcp_fact *mptcp_announced_say(struct mptcp_announced *announced,
	const struct mptcp_event *event)
{
	const struct mptcp_told *told = announced->told;
	const enum mptcp_role to = event->moment.mptcpdest;
	const struct known_as joined = {event->address, JOINED};
	bool initial = false;

	for (int role = 0; role < 2; role++)
		initial |=
			mptcp_address_equal(&told->connection->ends[role].address, &event->address);
	/* one that was announced before is sent again until it is echoed */
	if (event->echo == MPTCP_YES || !event->address.family || initial ||
		find(announced, &joined) || meet(announced, &event->address, (uint8_t)to))
		return NULL;
	const struct mptcp_value address = mptcp_value_host(&event->address);
	const char *sender = mptcp_role_word(mptcp_role_peer(to));

	return announced->echoed[to][event->addrid]
		? SAY(told->summary, ANNOUNCED_UNUSED, sender, address.text)
		: SAY(told->summary, ANNOUNCED_LOST, sender, address.text);
}
