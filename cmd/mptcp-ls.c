/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mptcp-ls: lists the subflows of one MPTCP connection, or of all. See mptcp-ls(1). */
#include "listing.h"
#include "listing_forget.h"
#include "follow.h"

#include <stdlib.h>

static const struct mptcp_table_column columns[] = {
	{"mptcpstream", MPTCP_CELL_NUMBER, "", "number of the connection"},
	{"tcpstream", MPTCP_CELL_NUMBER, "", "number of the TCP connection"},
	{"client", MPTCP_CELL_TEXT, "", "address that sent the SYN"},
	{"clientport", MPTCP_CELL_NUMBER, "", "port that sent the SYN"},
	{"server", MPTCP_CELL_TEXT, "", "address that the SYN went to"},
	{"serverport", MPTCP_CELL_NUMBER, "", "port that the SYN went to"},
	{"mptcpdest", MPTCP_CELL_TEXT, "",
		"MPTCP role of the host that the SYN went to: client or server"},
	{"client_addrid", MPTCP_CELL_NUMBER, "", "address identifier of the client's address"},
	{"server_addrid", MPTCP_CELL_NUMBER, "", "address identifier of the server's address"},
	{"kind", MPTCP_CELL_TEXT, "",
		"initial or join; empty where the handshake was not captured"},
	{"backup", MPTCP_CELL_TEXT, "", "yes or no, as the handshake or the last MP_PRIO said"},
	{"established", MPTCP_CELL_TEXT, "", "yes or no"},
	{"packets", MPTCP_CELL_NUMBER, "", "packets"},
	{"bytes_to_server", MPTCP_CELL_NUMBER, "bytes",
		"payload to the MPTCP server, retransmissions counted"},
	{"bytes_to_client", MPTCP_CELL_NUMBER, "bytes",
		"payload to the MPTCP client, retransmissions counted"},
	{"start", MPTCP_CELL_NUMBER, "s", "time of its first packet, since the epoch"},
	{"duration", MPTCP_CELL_NUMBER, "s", "from its first to its last packet"},
	{"interface", MPTCP_CELL_TEXT, "",
		"interface that captured its first packet (pcapng only)"},
	{"status", MPTCP_CELL_TEXT, "", "open, closed, reset, fallback or failed"},
};

static const struct mptcp_option options[] = {
	FOLLOW_OPTIONS,
	{0},
};

static const struct mptcp_tool tool = {
	.name = "mptcp-ls",
	.purpose = "list the subflows of MPTCP connections",
	.operands = "[ID] [CAPTURE|CSV]",
	.groups = MPTCP_GROUP_INPUT | MPTCP_GROUP_TABLE | MPTCP_GROUP_SELECTION,
	.options = options,
	.take = follow_take,
	.columns = columns,
	.column_count = sizeof(columns) / sizeof(*columns),
};

static const char *role_name(enum mptcp_role role)
{
	return role == MPTCP_SERVER ? "server" : "client";
}

static void put_address_id(struct mptcp_table *table, const struct mptcp_listed_subflow *subflow,
	enum mptcp_role role)
{
	if (subflow->has_addrid[role])
		mptcp_table_unsigned(table, subflow->addrid[role]);
	else
		mptcp_table_empty(table);
}

static void put_row(struct mptcp_table *table, const struct mptcp_listed_subflow *subflow)
{
	mptcp_table_unsigned(table, subflow->mptcpstream);
	mptcp_table_unsigned(table, subflow->tcpstream);
	for (int role = MPTCP_CLIENT; role <= MPTCP_SERVER; role++) {
		mptcp_table_address(table, &subflow->ends[role].address);
		mptcp_table_unsigned(table, subflow->ends[role].port);
	}
	mptcp_table_string(table, role_name(subflow->server_role));
	put_address_id(table, subflow, MPTCP_CLIENT);
	put_address_id(table, subflow, MPTCP_SERVER);
	mptcp_table_string(table, mptcp_kind_name(subflow->kind));
	mptcp_table_string(table, subflow->backup ? "yes" : "no");
	mptcp_table_string(table, mptcp_subflow_established(subflow) ? "yes" : "no");
	mptcp_table_unsigned(table, subflow->packets);
	mptcp_table_unsigned(table, subflow->bytes[MPTCP_SERVER]);
	mptcp_table_unsigned(table, subflow->bytes[MPTCP_CLIENT]);
	mptcp_table_time(table, subflow->start);
	mptcp_table_time(table, subflow->last - subflow->start);
	mptcp_table_string(table, subflow->interface);
	mptcp_table_string(table, mptcp_state_name(mptcp_subflow_state(subflow)));
	mptcp_table_end_row(table);
}

static int by_stream(const void *a, const void *b)
{
	const struct mptcp_listed_subflow *first = *(const struct mptcp_listed_subflow *const *)a;
	const struct mptcp_listed_subflow *second = *(const struct mptcp_listed_subflow *const *)b;

	if (first->mptcpstream != second->mptcpstream)
		return first->mptcpstream < second->mptcpstream ? -1 : 1;
	return first->tcpstream < second->tcpstream ? -1 : first->tcpstream > second->tcpstream;
}

/* The subflows, those of a connection together. */
static void put_rows(struct tool_run *run, void *context)
{
	struct mptcp_listing *listing = context;
	const struct mptcp_listed_subflow **sorted =
		malloc((listing->subflow_count + 1) * sizeof(*sorted));

	if (!sorted) {
		mptcp_error_memory(&run->error);
		tool_report(run);
		return;
	}
	mptcp_listing_end(listing);
	for (size_t i = 0; i < listing->subflow_count; i++)
		sorted[i] = &listing->subflows[i];
	qsort(sorted, listing->subflow_count, sizeof(*sorted), by_stream);
	for (size_t i = 0; i < listing->subflow_count; i++)
		if (mptcp_selection_takes_subflow(&run->settings.selection, sorted[i]->mptcpstream,
			    sorted[i]->tcpstream))
			put_row(run->table, sorted[i]);
	free(sorted);
}

static int add(void *context, const struct mptcp_packet *packet, struct mptcp_error *error)
{
	return mptcp_listing_add(context, packet, error);
}

static int forget(void *context, struct mptcp_error *error)
{
	return mptcp_listing_forget(context, error);
}

int main(int argc, char **argv)
{
	static const struct follow_work work = {add, put_rows, forget};
	struct mptcp_listing listing = {0};
	struct follow follow = {0};
	struct tool_run run;

	if (!tool_start(&run, &tool, argc, argv, &follow))
		return run.status;
	if (mptcp_opt_take_id(&run.settings, &run.error))
		tool_report(&run);
	else if (!tool_open_input(&run, MPTCP_LISTING_NEEDED, MPTCP_LISTING_COLUMNS) &&
		!follow_open(&follow, &run))
		follow_run(&follow, &run, &work, &listing);
	mptcp_listing_release(&listing);
	return tool_finish(&run);
}
