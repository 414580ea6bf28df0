// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* addresses: source and destination that no honest packet has.
 *
 * Nobody sends from a group's address. The other rules are for packets from the wire: a host may talk to itself
 * as it likes, and on its loopback interface everything is the host's own.
 */
#ifndef PARSE_ADDRESSES_H
#define PARSE_ADDRESSES_H

#include <linux/in.h>
#include <manx/tc.h>
#include "odd.h"
#include "parsed.h"
#include "settings.h"

enum address_limit {
	LOOPBACK_IFINDEX = 1,	/* in every network namespace */
};

static __always_inline bool from_wire(const struct note *note)
{
	return note->direction == DIRECTION_INGRESS && note->ifindex != LOOPBACK_IFINDEX;
}

static __always_inline int judge_land(const struct note *note)
{
	const struct parse_settings *settings = settings_now();

	if (!addr_equal(&note->source, &note->destination) || (settings && settings->pass_land))
		return PARSED;
	return REASON_LAND;
}

/* Whom a host may ask that has no address yet: all on the link (RFC 1122, section 3.2.1.3), and routers about groups. */
static __always_inline bool ip4_may_lack_source(const struct note *note, __u32 destination)
{
	return destination == INADDR_BROADCAST || destination >> 8 == IP4_LINK_GROUPS || destination == INADDR_ANY ||
	       note->protocol == IPPROTO_IGMP;
}

RARE int ip4_judge_addresses(const struct note *note)
{
	__u32 source, destination;

	if (!note)
		return PARSED;
	source = bpf_ntohl(addr_v4(&note->source));
	destination = bpf_ntohl(addr_v4(&note->destination));
	if (source >> 28 == IP4_GROUP)
		return REASON_SOURCE_MULTICAST;
	if (source == INADDR_BROADCAST)
		return REASON_SOURCE_BROADCAST;
	if (!from_wire(note))
		return PARSED;
	if (source >> 24 == IP4_LOOPBACK || destination >> 24 == IP4_LOOPBACK)
		return REASON_LOOPBACK_ADDRESS;
	if (source >> 24 == IP4_THIS && !ip4_may_lack_source(note, destination))
		return REASON_SOURCE_UNSPECIFIED;
	return judge_land(note);
}

static __always_inline bool ip6_begins_with_zeros(const struct addr *addr)
{
	return !(addr->word[0] | addr->word[1] | addr->word[2]);
}

static __always_inline bool ip6_is_loopback(const struct addr *addr)
{
	return ip6_begins_with_zeros(addr) && addr->word[3] == bpf_htonl(1);
}

/* ::ffff:0:0/96: a program's way to write an IPv4 address, and nothing that a packet carries (RFC 4291, 2.5.5.2). */
static __always_inline bool ip6_is_mapped(const struct addr *addr)
{
	return !(addr->word[0] | addr->word[1]) && addr->word[2] == bpf_htonl(0xffff);
}

RARE int ip6_judge_addresses(const struct note *note)
{
	const struct addr *source, *destination;

	if (!note)
		return PARSED;
	source = &note->source;
	destination = &note->destination;
	if (bpf_ntohl(source->word[0]) >> 24 == IP6_GROUP)
		return REASON_SOURCE_MULTICAST;
	if (!from_wire(note))
		return PARSED;
	if (ip6_is_loopback(source) || ip6_is_loopback(destination))
		return REASON_LOOPBACK_ADDRESS;
	if (ip6_is_mapped(source) || ip6_is_mapped(destination))
		return REASON_MAPPED_ADDRESS;
	/* Before it has an address a host speaks to groups alone (RFC 4291, 2.5.2). */
	if (ip6_begins_with_zeros(source) && !source->word[3] && bpf_ntohl(destination->word[0]) >> 24 != IP6_GROUP)
		return REASON_SOURCE_UNSPECIFIED;
	return judge_land(note);
}

#endif
