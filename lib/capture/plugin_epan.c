/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plugin_epan: a plugin for tshark that writes one row per frame, as plugin_row.h describes it.
 *
 * `-T fields` makes the tree of all protocols of every frame, with labels that nobody reads: five
 * sixths of its time. This asks for no tree. It is told of every IP header by Wireshark's own taps,
 * stands before the dissector of TCP to see its header (and hands on to it), and writes the row
 * when the frame is done. A value is what the field of that name would have been, for all headers
 * of a frame: the places in the source of Wireshark are named.
 *
 * Built against the headers of Wireshark, never part of the library. It does nothing unless
 * tshark's -z asks for its rows.
 */
#include "plugin_epan_ip.h"
#include "plugin_row.h"

#include <ws_version.h>

#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/packet.h>
#include <epan/proto.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>
#include <wiretap/wtap.h>
#if __has_include(<wsutil/plugins.h>)
#include <wsutil/plugins.h>
#endif

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AT_LEAST(major, minor) \
	(WIRESHARK_VERSION_MAJOR > (major) || \
		(WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))
#define TCP_PROTOCOL 6
#define TCP_HEADER 20
#define FLAGS_MASK 0x0fff
#define TEXT_MOST 4096 /* bytes of each text */
#define ROOM 32768     /* bytes of rows held back */

WS_DLL_PUBLIC_DEF const gchar plugin_version[] = MPTCP_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;
WS_DLL_PUBLIC void plugin_register(void);

/* How often the fields of TCP occurred in a frame so far, and their last values. */
struct segment {
	unsigned ports, lengths, options, whole;
	struct mptcp_plugin_row last;
};

/* tshark has one capture and one thread, and its callbacks for dissectors take no context. */
static struct {
	struct segment segment;
	struct plugin_ip ip;
	int proto_frame;
	dissector_handle_t tcp, before_tcp;
	unsigned held, held_most; /* rows */
	size_t used;              /* bytes */
	char rows[ROOM + sizeof(struct mptcp_plugin_row) + 2 * TEXT_MOST];
} plugin;

/* Writes what is held back. There is nobody to tell of a failure but the status. */
static void flush_rows(void)
{
	size_t at = 0;

	while (at < plugin.used) {
		ssize_t written = write(STDOUT_FILENO, plugin.rows + at, plugin.used - at);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			_exit(2);
		at += (size_t)written;
	}
	plugin.used = plugin.held = 0;
}

/* --- TCP --- */

/* dissect_tcp of packet-tcp.c, up to the options: a field is there if what the dissector reads
 * before it was captured. */
static void see_segment(tvbuff_t *tvb, const packet_info *pinfo)
{
	struct segment *segment = &plugin.segment;
	struct mptcp_plugin_row *last = &segment->last;
	const unsigned captured = tvb_captured_length(tvb), reported = tvb_reported_length(tvb);

	if (captured < 4)
		return;
	segment->ports++;
	last->source_port = tvb_get_ntohs(tvb, 0);
	last->destination_port = tvb_get_ntohs(tvb, 2);
	if (captured < 16)
		return;
	const unsigned header = (tvb_get_guint8(tvb, 12) >> 4) * 4U;
	last->sequence = tvb_get_ntohl(tvb, 4);
	if (!pinfo->fragmented && !pinfo->flags.in_error_pkt && reported >= header) {
		segment->lengths++;
		last->payload_length = reported - header;
	}
	last->header_length = (uint8_t)header;
	if (header < TCP_HEADER)
		return;
	segment->whole++;
	last->acknowledgement = tvb_get_ntohl(tvb, 8);
	last->flags = tvb_get_ntohs(tvb, 12) & FLAGS_MASK;
	last->window = tvb_get_ntohs(tvb, 14);
	if (captured < TCP_HEADER || header == TCP_HEADER)
		return;
	segment->options++;
	last->options_length = (uint8_t)(header - TCP_HEADER);
	if (last->options_length > captured - TCP_HEADER)
		last->options_length = (uint8_t)(captured - TCP_HEADER);
	tvb_memcpy(tvb, last->options, TCP_HEADER, last->options_length);
}

/* The direction in the flags of a pcapng packet; the block that has them is gone when the frame is
 * done. */
static void see_flags(const packet_info *pinfo)
{
	struct mptcp_plugin_row *last = &plugin.segment.last;
	guint32 flags;

	if (!pinfo->rec->block ||
		wtap_block_get_uint32_option_value(pinfo->rec->block, OPT_PKT_FLAGS, &flags) !=
			WTAP_OPTTYPE_SUCCESS)
		return;
	last->direction = PACK_FLAGS_DIRECTION(flags);
	last->has = MPTCP_ROW_DIRECTION;
}

static int dissect_before_tcp(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
	see_segment(tvb, pinfo);
	see_flags(pinfo);
	return call_dissector_only(plugin.tcp, tvb, pinfo, tree, data);
}

static tap_packet_status see_ip(void *context, packet_info *pinfo, epan_dissect_t *edt,
	const void *header, tap_flags_t flags)
{
	(void)context, (void)pinfo, (void)edt, (void)flags;
	if (plugin.ip.count < PLUGIN_IP_MOST)
		plugin.ip.headers[plugin.ip.count++] = header;
	return TAP_PACKET_DONT_REDRAW;
}

/* --- the frame --- */

/* frame.protocols, of packet-frame.c: all but "frame", which is not among them any more where
 * nothing was captured. */
static uint16_t put_protocols(const packet_info *pinfo, char *to)
{
	size_t used = 0;

	for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer;
		layer = wmem_list_frame_next(layer)) {
		int id = GPOINTER_TO_INT(wmem_list_frame_data(layer));
		const char *name = proto_get_protocol_filter_name(id);
		size_t length = strlen(name);
		if (id == plugin.proto_frame)
			continue;
		if (used + length + 1 > TEXT_MOST)
			break;
		if (used)
			to[used++] = ':';
		memcpy(to + used, name, length);
		used += length;
	}
	return (uint16_t)used;
}

/* print_escaped_csv of print.c, through which every field goes. */
static uint16_t put_escaped(char *to, const char *text)
{
	static const char plain[] = "\b\f\n\r\t", escaped[] = "bfnrt";
	char *const start = to;

	for (; *text && to - start < TEXT_MOST - 2; text++) {
		const char *found = strchr(plain, *text);
		if (found)
			*to++ = '\\';
		*to++ = found ? escaped[found - plain] : *text;
	}
	return (uint16_t)(to - start);
}

static uint16_t put_interface(struct mptcp_plugin_row *row, const packet_info *pinfo, char *to)
{
	const wtap_rec *record = pinfo->rec;

	if (!(record->presence_flags & WTAP_HAS_INTERFACE_ID))
		return 0;
	if (!(row->has & MPTCP_ROW_INTERFACE_INDEX)) {
		row->interface_id = record->rec_header.packet_header.interface_id;
		row->has |= MPTCP_ROW_INTERFACE;
	}
#if AT_LEAST(4, 2)
	const char *name = epan_get_interface_name(pinfo->epan,
		record->rec_header.packet_header.interface_id,
		record->presence_flags & WTAP_HAS_SECTION_NUMBER ? record->section_number : 0);
#else
	const char *name =
		epan_get_interface_name(pinfo->epan, record->rec_header.packet_header.interface_id);
#endif
	return name ? put_escaped(to, name) : 0;
}

/* How the frame came to the host that captured it, in a cooked capture: packet-sll.c. */
static void put_packet_type(struct mptcp_plugin_row *row, const packet_info *pinfo, tvbuff_t *tvb)
{
	switch (pinfo->rec->rec_header.packet_header.pkt_encap) {
	case WTAP_ENCAP_SLL:
		row->packet_type = tvb_get_ntohs(tvb, 0);
		row->has |= MPTCP_ROW_PACKET_TYPE;
		break;
	case WTAP_ENCAP_SLL2:
		row->packet_type = tvb_get_guint8(tvb, 10);
		row->interface_id = tvb_get_ntohl(tvb, 4);
		row->has |= MPTCP_ROW_PACKET_TYPE | MPTCP_ROW_INTERFACE_INDEX;
		break;
	default:
		break;
	}
}

/* The segment of the frame, if it is one: every TCP header has a length (those quoted in ICMP
 * errors and those of fragments do not), and the last one's fields are there. */
static bool put_segment(struct mptcp_plugin_row *row, const packet_info *pinfo)
{
	const struct segment *segment = &plugin.segment;

	if (!segment->ports || segment->lengths != segment->ports || !segment->whole)
		return false;
	*row = segment->last;
	if (segment->options != segment->ports && segment->ports != 1)
		row->options_length = 0;
	return plugin_ip_put(&plugin.ip, row, pinfo);
}

static tap_packet_status end_frame(void *context, packet_info *pinfo, epan_dissect_t *edt,
	const void *data, tap_flags_t flags)
{
	char *const at = plugin.rows + plugin.used;
	char *texts = at + sizeof(struct mptcp_plugin_row);
	struct mptcp_plugin_row row = {0};

	(void)context, (void)data, (void)flags;
	if (put_segment(&row, pinfo)) {
		row.has |= MPTCP_ROW_SEGMENT;
		put_packet_type(&row, pinfo, edt->tvb);
	} else {
		row = (struct mptcp_plugin_row){0};
	}
	if (!(row.has & MPTCP_ROW_SEGMENT) || row.header_length > TCP_HEADER + row.options_length)
		texts += row.protocols_length = put_protocols(pinfo, texts);
	if (row.has & MPTCP_ROW_SEGMENT)
		texts += row.interface_length = put_interface(&row, pinfo, texts);
	if (pinfo->presence_flags & PINFO_HAS_TS) {
		row.has |= MPTCP_ROW_TIME;
		row.seconds = pinfo->abs_ts.secs;
		row.nanoseconds = pinfo->abs_ts.nsecs;
	}
	row.number = pinfo->num;
	row.length = (uint32_t)(texts - at);
	memcpy(at, &row, sizeof(row));
	plugin.used += row.length;
	plugin.ip.count = 0;
	plugin.segment = (struct segment){0};
	if (++plugin.held > plugin.held_most || plugin.used > ROOM)
		flush_rows();
	return TAP_PACKET_DONT_REDRAW;
}

static void finish(void *context)
{
	(void)context;
	flush_rows();
}

/* --- in tshark --- */

static void listen(const char *tap, tap_packet_cb packet, tap_draw_cb draw)
{
	GString *error = register_tap_listener(tap, &plugin, NULL, TL_REQUIRES_ERROR_PACKETS, NULL,
		packet, draw, NULL);

	if (error) {
		fprintf(stderr, "mptcp: %s: %s\n", tap, error->str);
		exit(1);
	}
}

/* -z mptcp,rows1,HELD. The listeners of a frame are called in the reverse order of their
 * registration: what ends a row comes first here. */
static void begin(const char *argument, void *unused)
{
	const char *held = argument + strlen(MPTCP_PLUGIN_TAP);

	(void)unused;
	plugin.held_most = *held == ',' ? (unsigned)strtoul(held + 1, NULL, 10) : 0;
	plugin.tcp = find_dissector("tcp");
	plugin.proto_frame = proto_get_id_by_filter_name("frame");
	plugin.ip.proto_tcp = proto_get_id_by_filter_name("tcp");
	plugin.ip.proto_ip = proto_get_id_by_filter_name("ip");
	plugin.ip.proto_ipv6 = proto_get_id_by_filter_name("ipv6");
	plugin.before_tcp = create_dissector_handle(dissect_before_tcp, -1);
	dissector_change_uint("ip.proto", TCP_PROTOCOL, plugin.before_tcp);
	listen("frame", end_frame, finish);
	listen("ip", see_ip, NULL);
	listen("ipv6", see_ip, NULL);
}

static void register_rows(void)
{
	static stat_tap_ui ui = {.group = REGISTER_STAT_GROUP_GENERIC,
		.cli_string = MPTCP_PLUGIN_TAP,
		.tap_init_cb = begin};

	register_stat_tap_ui(&ui, NULL);
}

void plugin_register(void)
{
	static const tap_plugin tap = {register_rows};

	tap_register_plugin(&tap);
}

#ifdef WS_PLUGIN_DESC_TAP_LISTENER
/* 4.2 and later ask what a plugin does. */
WS_DLL_PUBLIC uint32_t plugin_describe(void);
uint32_t plugin_describe(void)
{
	return WS_PLUGIN_DESC_TAP_LISTENER;
}
#endif
