// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* odd: whether a packet's addresses are worth a closer look, which addresses.h takes. */
#ifndef PARSE_ODD_H
#define PARSE_ODD_H

#include <linux/ip.h>
#include <manx/addr.h>

enum ip4_network {
	IP4_THIS = 0,			/* 0.0.0.0/8: a host that has no address yet */
	IP4_LOOPBACK = 127,
	IP4_LAST_UNICAST = 223,		/* beyond: groups, and what is reserved */
	IP4_GROUP = 0xe,		/* the first four bits of 224.0.0.0/4 */
	IP4_LINK_GROUPS = 0xe00000,	/* the first 24 bits of 224.0.0.0/24 */
};

enum ip6_network {
	IP6_GROUP = 0xff,		/* the first eight bits of ff00::/8 */
};

/* Worth a closer look: one packet in many. */
static __always_inline bool ip4_is_odd(const struct iphdr *ip)
{
	__u32 from = *(const __u8 *)&ip->saddr, to = *(const __u8 *)&ip->daddr;

	return from - 1 >= IP4_LAST_UNICAST || from == IP4_LOOPBACK || to == IP4_LOOPBACK || ip->saddr == ip->daddr;
}

/* By the two halves of each. */
static __always_inline bool ip6_is_odd(const addr_half *source, const addr_half *destination)
{
	return *(const __u8 *)source == IP6_GROUP || !source[0] || !destination[0] ||
	       (source[1] == destination[1] && source[0] == destination[0]);
}

#endif
