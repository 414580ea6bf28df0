// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* ip4: the IPv4 header, with what it says of fragments. */
#ifndef PARSE_IP4_H
#define PARSE_IP4_H

#include <linux/ip.h>
#include <manx/tc.h>
#include "addresses.h"
#include "header.h"
#include "ip4_options.h"
#include "parsed.h"

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
		return REASON_IP_LENGTH_BEYOND;
	parsing->end = parsing->offset - sizeof(*ip) + total;
	return PARSED;
}

static __always_inline void ip4_fragment(struct note *note, const struct iphdr *ip, struct parsing *parsing, __u32 header)
{
	struct fragment *fragment;
	__u16 off;

	if (!(ip->frag_off & bpf_htons(IP4_MORE_FRAGMENTS | IP4_FRAGMENT_OFFSET)))
		return;
	off = bpf_ntohs(ip->frag_off);
	fragment = fragment_of_this_cpu();
	if (!fragment)
		return;
	fragment->id = ip->id;
	fragment->start = parsing->offset - sizeof(*ip) + header;
	fragment->end = parsing->end;
	fragment->before = header;
	fragment->field = off << 3 | (off & IP4_MORE_FRAGMENTS ? FRAGMENT_MORE : 0);
	note_fragment(note, fragment->field);
}

static __always_inline int ip4_options(struct __sk_buff *skb, struct parsing *parsing, __u32 bytes)
{
	int wrong = ip4_judge_options(skb, parsing->offset, bytes);

	parsing_move(skb, parsing, parsing->offset + bytes);
	return wrong;
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
	ip4_fragment(note, ip, parsing, header);
	if (ip4_is_odd(ip)) {
		wrong = ip4_judge_addresses(note);
		if (wrong)
			return wrong;
	}
	return header == sizeof(*ip) ? PARSED : ip4_options(skb, parsing, header - sizeof(*ip));
}

#endif
