/* SPDX-License-Identifier: GPL-2.0-or-later */
/* series_table: all series; see series.h. Axes, units and options are written nowhere else. */
#include "limit.h"
#include "reinjection.h"
#include "series_module.h"
#include "signals.h"

#include <string.h>

#define FLOW \
	(MPTCP_HAS(reltime) | MPTCP_HAS(ipsrc) | MPTCP_HAS(ipdst) | MPTCP_HAS(sport) | \
		MPTCP_HAS(dport) | MPTCP_HAS(tcpstream) | MPTCP_HAS(mptcpstream) | \
		MPTCP_HAS(mptcpdest))
#define DATA (FLOW | MPTCP_HAS(tcplen) | MPTCP_HAS(dsn))
#define POSITION (MPTCP_HAS(abstime) | MPTCP_HAS(tcpflags) | MPTCP_HAS(tcpseq) | MPTCP_HAS(tcplen))
#define MAPPING \
	(DATA | MPTCP_SIGNALS_MAPPING_COLUMNS | MPTCP_HAS(subtype) | MPTCP_HAS(tcpflags) | \
		MPTCP_HAS(dss_dsn) | MPTCP_HAS(dsn_raw))
#define SPREAD (MPTCP_SERIES_TAKES_CDF | MPTCP_SERIES_TAKES_BINS)
#define RATE (MPTCP_SERIES_TAKES_WINDOW | MPTCP_SERIES_TAKES_STACKED)
#define TCP_NONE MPTCP_SERIES_TCP_NONE
#define TCP_SUBFLOW MPTCP_SERIES_TCP_SUBFLOW
#define TCP_DATA MPTCP_SERIES_TCP_DATA
#define SPLIT MPTCP_HAS(dsn_split)

const struct mptcp_series_info mptcp_series_table[] = {
	{"acksize", "time", "s", "newly acknowledged data", "bytes",
		"bytes that each DATA_ACK newly acknowledges", "ack", 0, 1,
		DATA | MPTCP_HAS(dack) | MPTCP_HAS(subtype) | MPTCP_HAS(datafin) |
			MPTCP_HAS(dss_dsn) | MPTCP_HAS(dss_length) | MPTCP_HAS(dss_rawack),
		SPLIT, &mptcp_series_acksize, TCP_DATA},
	{"attr", "time", "s", "value", "", "numeric columns of the packets, one line each", "value",
		MPTCP_SERIES_TAKES_COLUMNS, 1, FLOW, 0, &mptcp_series_attr, TCP_SUBFLOW},
	{"dss", "time", "s", "data sequence number", "bytes",
		"mappings from their first DSN to the one after their last, with events",
		"data retransmission reinjection ack event", MPTCP_SERIES_TAKES_DACK, 1,
		MAPPING | MPTCP_HAS(retransmission) | MPTCP_HAS(reinjection_of) | MPTCP_HAS(dack),
		SPLIT | MPTCP_HAS(addrid) | MPTCP_HAS(options), &mptcp_series_dss, TCP_NONE},
	{"dss_len", "mapping length", "bytes", "mappings", "",
		"histogram of the lengths of mappings, DATA_FIN not counted", "bar cdf", SPREAD, 1,
		MAPPING, MPTCP_HAS(options), &mptcp_series_dss_len, TCP_NONE},
	{"flight", "time", "s", "data in flight", "bytes",
		"data sent but not acknowledged, by DATA_ACK and on each subflow",
		"data sum window", 0, 1,
		DATA | POSITION | MPTCP_HAS(tcpack) | MPTCP_HAS(dack) | MPTCP_HAS(rwnd), SPLIT,
		&mptcp_series_flight, TCP_DATA},
	{"gput", "time", "s", "goodput", "bit/s",
		"payload per window, each byte once, on the subflow of its first copy",
		"data sum stack", RATE, 1, DATA | POSITION | MPTCP_HAS(subtype) | MPTCP_HAS(dack),
		SPLIT, &mptcp_series_gput, TCP_SUBFLOW},
	{"interarrival", "time between packets", "s", "packets", "",
		"times from one packet to the next one by DSN (or from DATA_ACK to DATA_ACK)",
		"bar cdf", MPTCP_SERIES_TAKES_DSN | MPTCP_SERIES_TAKES_DACK | SPREAD, 1,
		DATA | MPTCP_HAS(dack), SPLIT, &mptcp_series_interarrival, TCP_DATA},
	{"limits", "time", "s", "share of the time", "",
		"shares of each window in which the sender was limited by what: mptcp-lb(1)",
		"stack", MPTCP_SERIES_TAKES_WINDOW, 1, MPTCP_LIMITS_NEEDED,
		MPTCP_LIMITS_COLUMNS & ~MPTCP_LIMITS_NEEDED, &mptcp_series_limits, TCP_NONE},
	{"ns3", "time", "s", "value", "", "traces of ns-3: attributes of a node and its subflows",
		"value", 0, 0, 0, 0, NULL, TCP_NONE},
	{"ooo", "time", "s", "data above a hole", "bytes",
		"data that waits for a hole below it (data), and for how many seconds (blocked)",
		"data blocked", 0, 1, DATA | MPTCP_HAS(subtype), SPLIT, &mptcp_series_ooo,
		TCP_DATA},
	{"owd", "time sent", "s", "one-way delay", "s",
		"time from sending to arrival, of each subflow and direction, from two captures",
		"value", 0, 2, 0, 0, NULL, TCP_SUBFLOW},
	{"reinject", "reinjection delay", "s", "fraction of reinjections", "",
		"distribution of the times from the first copy of data to its reinjection",
		"cdf bar", SPREAD, 1, DATA | MPTCP_REINJECTIONS_NEEDED, SPLIT,
		&mptcp_series_reinject, TCP_NONE},
	{"rtt", "time", "s", "round-trip time", "s",
		"times from data to its DATA_ACK (total), from segments to their ack (subflows)",
		"data ack timestamp", MPTCP_SERIES_TAKES_BY, 1,
		DATA | POSITION | MPTCP_HAS(tcpack) | MPTCP_HAS(dack),
		SPLIT | MPTCP_HAS(tsval) | MPTCP_HAS(tsecr) | MPTCP_HAS(sack), &mptcp_series_rtt,
		TCP_DATA},
	{"seq", "time", "s", "sequence number", "bytes",
		"segments, acknowledgements and window edge of each subflow",
		"data retransmission reinjection ack window", 0, 1,
		FLOW | POSITION | MPTCP_HAS(tcpack) | MPTCP_HAS(rwnd) | MPTCP_HAS(retransmission) |
			MPTCP_HAS(reinjection_of),
		0, &mptcp_series_seq, TCP_SUBFLOW},
	{"seq_sf", "TCP stream", "", "data sequence number", "bytes",
		"data that each subflow carried: what was reinjected later, and what it reinjected",
		"data cause reinjection", 0, 1, DATA | POSITION | MPTCP_HAS(dack), SPLIT,
		&mptcp_series_seq_sf, TCP_NONE},
	{"share", "time", "s", "share of the payload", "",
		"fraction of the payload that each subflow carries, per window", "data stack", RATE,
		1, FLOW | MPTCP_HAS(tcplen), 0, &mptcp_series_share, TCP_SUBFLOW},
	{"tput", "time", "s", "throughput", "bit/s",
		"payload per window, retransmissions and reinjections counted", "data sum stack",
		RATE, 1, FLOW | MPTCP_HAS(tcplen), 0, &mptcp_series_tput, TCP_SUBFLOW},
	{"xinterarrival", "time between packets", "s", "packets", "",
		"the same as interarrival, if the next packet comes over another subflow",
		"bar cdf", MPTCP_SERIES_TAKES_DSN | MPTCP_SERIES_TAKES_DACK | SPREAD, 1,
		DATA | MPTCP_HAS(dack), SPLIT, &mptcp_series_xinterarrival, TCP_NONE},
	{0},
};

const struct mptcp_series_info *mptcp_series_find(const char *name)
{
	for (const struct mptcp_series_info *info = mptcp_series_table; info->name; info++)
		if (!strcmp(info->name, name))
			return info;
	return NULL;
}

const char *mptcp_series_kind_name(enum mptcp_series_kind kind)
{
	static const char *const names[] = {"value", "data", "retransmission", "reinjection",
		"cause", "ack", "timestamp", "window", "event", "blocked", "bar", "cdf", "stack",
		"sum"};

	return names[kind];
}

int mptcp_series_options_text(struct mptcp_buffer *text, unsigned takes)
{
	static const char *const names[] = {"window", "by", "dack", "dsn", "cdf", "bins",
		"stacked"};
	const char *separator = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(takes >> i & 1))
			continue;
		mptcp_buffer_add_string(text, separator);
		mptcp_buffer_add_string(text, names[i]);
		separator = " ";
	}
	return text->failed ? -1 : 0;
}
