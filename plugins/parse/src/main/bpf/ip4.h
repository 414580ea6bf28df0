// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* ip4: the IPv4 header, with its options and what it says of fragments. */
#ifndef PARSE_IP4_H
#define PARSE_IP4_H

#include <linux/ip.h>
#include <manx/tc.h>
#include "parsed.h"

enum ip4_fragment {
	IP4_MORE_FRAGMENTS = 0x2000,
	IP4_FRAGMENT_OFFSET = 0x1fff,
};

/* Where the packet ends; the padding of a short Ethernet frame comes after it. */
static __always_inline int ip4_end(struct __sk_buff *skb, const struct iphdr *ip, struct parsing *parsing,
				   __u32 header)
{
	__u32 total = bpf_ntohs(ip->tot_len);

	if (total < header) {
		/* Segments the kernel merged to more than the field can say. */
		if (total == 0 && skb->gso_size)
			return PARSED;
		return REASON_BAD_IP_TOTAL_LENGTH;
	}
	if (parsing->offset - sizeof(*ip) + total > parsing->end)
		return REASON_TRUNCATED_L3;
	parsing->end = parsing->offset - sizeof(*ip) + total;
	return PARSED;
}

static __always_inline void ip4_fragment(struct note *note, __be16 frag_off)
{
	if (!(frag_off & bpf_htons(IP4_MORE_FRAGMENTS | IP4_FRAGMENT_OFFSET)))
		return;
	note->flags |= NOTE_FRAGMENT;
	if (frag_off & bpf_htons(IP4_FRAGMENT_OFFSET))
		note->flags |= NOTE_NO_PORTS;
}

static __always_inline int parse_ip4(struct __sk_buff *skb, struct note *note, struct parsing *parsing)
{
	struct iphdr *ip = PARSING_TAKE(parsing, struct iphdr);
	__u32 header;
	int wrong;

	if (!ip)
		return REASON_TRUNCATED_L3;
	if (ip->version != 4)
		return REASON_BAD_IP_VERSION;
	header = ip->ihl * 4;
	if (header < sizeof(*ip))
		return REASON_BAD_IP_HEADER_LENGTH;
	wrong = ip4_end(skb, ip, parsing, header);
	if (wrong)
		return wrong;
	note->version = 4;
	note->protocol = ip->protocol;
	addr_set_v4(&note->source, ip->saddr);
	addr_set_v4(&note->destination, ip->daddr);
	ip4_fragment(note, ip->frag_off);
	parsing_skip(parsing, header - sizeof(*ip));
	return PARSED;
}

#endif
