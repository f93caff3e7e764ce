/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plugin_epan_ip.h"

#include <epan/dissectors/packet-ip.h>

#include <stdint.h>
#include <string.h>

/* options of IPv4 */
#define NO_OPERATION 1 /* this and the one before it have no length */
#define LOOSE_ROUTE 0x83
#define STRICT_ROUTE 0x89

/* The IP header next to the last TCP header: which of those of its version it is. */
static int find_layer(const struct plugin_ip *ip, const packet_info *pinfo, unsigned *index)
{
	unsigned four = 0, six = 0, inner_index = 0;
	int inner = 0, found = 0;

	for (wmem_list_frame_t *layer = wmem_list_head(pinfo->layers); layer;
		layer = wmem_list_frame_next(layer)) {
		int id = GPOINTER_TO_INT(wmem_list_frame_data(layer));
		if (id == ip->proto_ip) {
			inner = 4;
			inner_index = four++;
		} else if (id == ip->proto_ipv6) {
			inner = 6;
			inner_index = six++;
		} else if (id == ip->proto_tcp) {
			found = inner;
			*index = inner_index;
		}
	}
	return found;
}

/* The header `index` of a version, the last one where there are fewer. NULL: none. */
static const void *ip_header(const struct plugin_ip *ip, int version, unsigned index)
{
	const void *found = NULL;

	for (unsigned i = 0; i < ip->count; i++)
		if (*(const uint8_t *)ip->headers[i] == version) {
			found = ip->headers[i];
			if (!index--)
				break;
		}
	return found;
}

static bool put_address(uint8_t *to, const address *from, int length)
{
	if (from->len != length)
		return false;
	memcpy(to, from->data, (size_t)length);
	return true;
}

/*
 * The field ip.dst of a header. Where a source route goes on, Wireshark takes the destination from
 * the last four bytes of that option, and has the field only if those are one of its addresses.
 */
static const uint8_t *destination(const ws_ip4 *header)
{
	const uint8_t *source = header->ip_src.data, *found = header->ip_dst.data;
	const uint8_t *option = source + 8;

	if (found <= source + 4 || found > source + 44)
		return found;
	while (option + 2 < found && *option != STRICT_ROUTE && *option != LOOSE_ROUTE)
		option += *option <= NO_OPERATION ? 1 : option[1] < 2 ? 2 : option[1];
	return option + 2 < found && option[1] % 4 == 3 ? found : NULL;
}

/* As ip_header, but of those that have that field. */
static const uint8_t *find_destination(const struct plugin_ip *ip, unsigned index)
{
	const uint8_t *found = NULL;

	for (unsigned i = 0; i < ip->count; i++) {
		const ws_ip4 *header = WS_IP4_PTR((void *)(uintptr_t)ip->headers[i]);
		const uint8_t *here = header ? destination(header) : NULL;
		if (!here)
			continue;
		found = here;
		if (!index--)
			break;
	}
	return found;
}

bool plugin_ip_put(const struct plugin_ip *ip, struct mptcp_plugin_row *row,
	const packet_info *pinfo)
{
	unsigned index = 0;
	const int version = find_layer(ip, pinfo, &index);
	const void *header = version ? ip_header(ip, version, index) : NULL;
	const ws_ip4 *four = WS_IP4_PTR((void *)(uintptr_t)header);
	const ws_ip6 *six = WS_IP6_PTR((void *)(uintptr_t)header);

	row->version = (uint8_t)version;
	if (four) {
		const uint8_t *to = find_destination(ip, index);
		row->ttl = four->ip_ttl;
		row->ipid = four->ip_id;
		if (to)
			memcpy(row->destination, to, 4);
		return put_address(row->source, &four->ip_src, 4) && to;
	}
	if (!six)
		return false;
	row->ttl = six->ip6_hop;
	return put_address(row->source, &six->ip6_src, 16) &&
		put_address(row->destination, &six->ip6_dst, 16);
}
