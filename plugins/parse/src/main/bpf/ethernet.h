// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* ethernet: the Ethernet header and up to two VLAN tags, of which the kernel may hold the first. */
#ifndef PARSE_ETHERNET_H
#define PARSE_ETHERNET_H

#include <manx/tc.h>
#include "header.h"
#include "parsed.h"

enum vlan_limit {
	VLAN_TAGS = 2,
};

struct vlan_tag {
	__be16 control;
	__be16 ether_type;	/* of what comes after the tag */
};

static __always_inline bool is_vlan(__be16 ether_type)
{
	return ether_type == bpf_htons(ETH_P_8021Q) || ether_type == bpf_htons(ETH_P_8021AD);
}

static __always_inline int parse_tags(struct __sk_buff *skb, struct parsing *parsing)
{
	bool held_by_kernel = skb->vlan_present;

	for (int tags = 0; tags < VLAN_TAGS; tags++) {
		struct vlan_tag *tag;

		if (!is_vlan(parsing->ether_type))
			return PARSED;
		/* More tags than we know: no IP packet of ours. */
		if (held_by_kernel && tags == VLAN_TAGS - 1)
			return PARSED_STACK;
		tag = PARSING_TAKE(parsing, struct vlan_tag);
		if (!tag)
			return REASON_TRUNCATED_L2;
		parsing->ether_type = tag->ether_type;
	}
	return PARSED;
}

static __always_inline int parse_ethernet(struct __sk_buff *skb, struct parsing *parsing)
{
	struct ethernet *eth = PARSING_TAKE(parsing, struct ethernet);

	if (!eth)
		return REASON_TRUNCATED_L2;
	parsing->ether_type = eth->ether_type;
	return is_vlan(parsing->ether_type) ? parse_tags(skb, parsing) : PARSED;
}

#endif
