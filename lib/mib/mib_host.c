/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mib_host: whose counters are meant. See mib_parts.h. */
#include "mib_parts.h"

#include <string.h>

int mptcp_mib_take_host(struct mptcp_mib *mib, const char *value)
{
	static const char *const words[] = {[MPTCP_MIB_CLIENT] = "client",
		[MPTCP_MIB_SERVER] = "server",
		[MPTCP_MIB_BOTH] = "both"};

	for (mib->host = MPTCP_MIB_CLIENT; mib->host <= MPTCP_MIB_BOTH; mib->host++)
		if (!strcmp(value, words[mib->host]))
			return 0;
	mib->host = MPTCP_MIB_ADDRESS;
	return mptcp_address_parse(&mib->address, value, strlen(value));
}

int mptcp_mib_guess(struct mptcp_mib *mib, struct mptcp_error *error)
{
	const struct mptcp_roster *roster = &mib->story.roster;
	enum mptcp_vantage vantage = MPTCP_VANTAGE_UNKNOWN;

	for (size_t i = 0; i < roster->connection_count; i++) {
		const struct mptcp_story_connection *connection = roster->connections[i];

		if (connection->vantage == MPTCP_VANTAGE_UNKNOWN)
			continue;
		if (vantage != MPTCP_VANTAGE_UNKNOWN && vantage != connection->vantage)
			return mptcp_error_set(error, MPTCP_USAGE,
				"the capture was not taken at the same end of all connections: "
				"--host says whose counters are meant");
		vantage = connection->vantage;
	}
	if (vantage == MPTCP_VANTAGE_UNKNOWN && roster->connection_count)
		return mptcp_error_set(error, MPTCP_USAGE,
			"the capture does not tell at which end it was taken: "
			"--host says whose counters are meant");
	mib->host = vantage == MPTCP_VANTAGE_SERVER ? MPTCP_MIB_SERVER : MPTCP_MIB_CLIENT;
	return 0;
}

bool mptcp_mib_is_here(const struct mptcp_mib *mib, const struct mptcp_mib_place *place)
{
	const struct mptcp_story_subflow *subflow = place->subflow;

	return mib->host != MPTCP_MIB_ADDRESS || subflow->connection ||
		mptcp_address_equal(&subflow->ends[place->role].host.address, &mib->address);
}

bool mptcp_mib_has_role(const struct mptcp_mib *mib,
	const struct mptcp_story_connection *connection, enum mptcp_role role)
{
	if (mib->host != MPTCP_MIB_ADDRESS)
		return mib->host == MPTCP_MIB_BOTH ||
			(mib->host == MPTCP_MIB_SERVER) == (role == MPTCP_SERVER);
	if (!connection)
		return true; /* mptcp_mib_is_here has seen to it */
	for (const struct mptcp_story_subflow *subflow = connection->subflows; subflow;
		subflow = subflow->next)
		for (int tcp = 0; tcp < 2; tcp++)
			if (mptcp_story_role(subflow, (enum mptcp_role)tcp) == role &&
				mptcp_address_equal(&subflow->ends[tcp].host.address,
					&mib->address))
				return true;
	return false;
}
