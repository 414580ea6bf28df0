// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* inner: the packet that an ICMP or ICMPv6 error quotes, rewritten as its sender knows it.
 *
 *  +----------+-------+------------------------------------------+
 *  | outer IP | ICMP  | inner IP | inner TCP, UDP ..., cut short |
 *  +----------+-------+------------------------------------------+
 *
 * The sender of the inner packet gets the error. Where the note says TRANSLATE_SOURCE, as of a reply, the
 * inner destination is a backend and becomes the frontend; so does the outer source, if it is that backend: a
 * router on the way is told by its own address. Where it says TRANSLATE_DESTINATION, the inner source and the
 * outer destination are the frontend and become the backend.
 */
#ifndef NAT_INNER_H
#define NAT_INNER_H

#include <stddef.h>
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <manx/csum.h>
#include <manx/tc.h>

/* Where the inner packet's parts are, and what has been changed so far. */
struct inner {
	__u32 l3;		/* bytes from the packet's start */
	__u32 l4;
	__u8 protocol;
	__u32 pseudo;		/* difference of what the inner L4 checksum covers */
	__u32 body;		/* difference of what the ICMP checksum covers */
};

/* Behind a fragment's header, which conntrack has found to be a first one's. */
static __always_inline bool inner_behind_fragment(struct __sk_buff *skb, struct inner *inner)
{
	__u8 header[8];		/* next header, ... */

	if (inner->protocol != IPPROTO_FRAGMENT)
		return true;
	if (bpf_skb_load_bytes(skb, inner->l4, header, sizeof(header)))
		return false;
	inner->protocol = header[0];
	inner->l4 += sizeof(header);
	return true;
}

static __always_inline bool inner_find(struct __sk_buff *skb, const struct note *note, struct inner *inner)
{
	inner->l3 = note->l4_offset + sizeof(struct icmp6hdr);
	if (note->version == 4) {
		struct iphdr ip;

		if (bpf_skb_load_bytes(skb, inner->l3, &ip, sizeof(ip)))
			return false;
		inner->protocol = ip.protocol;
		inner->l4 = inner->l3 + ip.ihl * 4;
	} else {
		struct ipv6hdr ip;

		if (bpf_skb_load_bytes(skb, inner->l3, &ip, sizeof(ip)))
			return false;
		inner->protocol = ip.nexthdr;
		inner->l4 = inner->l3 + sizeof(ip);
		return inner_behind_fragment(skb, inner);
	}
	return true;
}

static __always_inline bool inner_rewrite16(struct __sk_buff *skb, struct inner *inner, __u32 at, __u16 from, __u16 to)
{
	inner->body = csum_add(inner->body, csum_diff16(from, to));
	return !bpf_skb_store_bytes(skb, at, &to, sizeof(to), 0);
}

static __always_inline bool inner_rewrite_addr4(struct __sk_buff *skb, const struct note *note, struct inner *inner)
{
	bool source = note->translate == TRANSLATE_DESTINATION;
	__u32 at = inner->l3 + (source ? offsetof(struct iphdr, saddr) : offsetof(struct iphdr, daddr));
	__u32 check_at = inner->l3 + offsetof(struct iphdr, check);
	__be32 from, to = addr_v4(&note->new_addr);
	__u16 check;

	if (bpf_skb_load_bytes(skb, at, &from, sizeof(from)) ||
	    bpf_skb_load_bytes(skb, check_at, &check, sizeof(check)))
		return false;
	inner->pseudo = inner->body = csum_diff32(from, to);
	return !bpf_skb_store_bytes(skb, at, &to, sizeof(to), 0) &&
	       inner_rewrite16(skb, inner, check_at, check, csum_apply(check, inner->pseudo));
}

static __always_inline bool inner_rewrite_addr6(struct __sk_buff *skb, const struct note *note, struct inner *inner)
{
	bool source = note->translate == TRANSLATE_DESTINATION;
	__u32 at = inner->l3 + (source ? offsetof(struct ipv6hdr, saddr) : offsetof(struct ipv6hdr, daddr));
	struct addr from, to = note->new_addr;

	if (bpf_skb_load_bytes(skb, at, &from, sizeof(from)))
		return false;
	inner->pseudo = inner->body = csum_diff_addr(&from, &to);
	return !bpf_skb_store_bytes(skb, at, &to, sizeof(to), 0);
}

static __always_inline bool inner_rewrite_port(struct __sk_buff *skb, const struct note *note, struct inner *inner)
{
	__u32 at = inner->l4 + (note->translate == TRANSLATE_DESTINATION ? 0 : sizeof(__be16));
	__be16 from;

	if (!note->new_port || (inner->protocol != IPPROTO_TCP && inner->protocol != IPPROTO_UDP))
		return true;
	if (bpf_skb_load_bytes(skb, at, &from, sizeof(from)))
		return false;
	inner->pseudo = csum_add(inner->pseudo, csum_diff16(from, note->new_port));
	return inner_rewrite16(skb, inner, at, from, note->new_port);
}

/* Where in the inner L4 header the checksum over the pseudo header is; 0: there is none. */
static __always_inline __u32 inner_checksum_at(const struct note *note, const struct inner *inner)
{
	switch (inner->protocol) {
	case IPPROTO_TCP:
		return offsetof(struct tcphdr, check);
	case IPPROTO_UDP:
		return offsetof(struct udphdr, check);
	case IPPROTO_ICMPV6:
		return note->version == 6 ? offsetof(struct icmp6hdr, icmp6_cksum) : 0;
	default:
		return 0;
	}
}

static __always_inline bool inner_rewrite_checksum(struct __sk_buff *skb, const struct note *note, struct inner *inner)
{
	__u32 at = inner_checksum_at(note, inner);
	__u16 from, to;

	/* Errors need quote no more than 8 bytes of layer 4 (RFC 792): a TCP checksum comes later. */
	if (!at || bpf_skb_load_bytes(skb, inner->l4 + at, &from, sizeof(from)))
		return true;
	/* A UDP checksum of zero says that there is none, and stays. */
	if (inner->protocol == IPPROTO_UDP && !from)
		return true;
	to = csum_apply(from, inner->pseudo);
	if (inner->protocol == IPPROTO_UDP && !to)
		to = 0xffff;
	return inner_rewrite16(skb, inner, inner->l4 + at, from, to);
}

/* The quoted packet, and the ICMP checksum over it. */
static __always_inline bool inner_rewrite(struct __sk_buff *skb, const struct note *note)
{
	struct inner inner = {};

	if (!inner_find(skb, note, &inner))
		return false;
	if (note->version == 4 ? !inner_rewrite_addr4(skb, note, &inner) : !inner_rewrite_addr6(skb, note, &inner))
		return false;
	return inner_rewrite_port(skb, note, &inner) && inner_rewrite_checksum(skb, note, &inner) &&
	       !l4_csum_port(skb, note->l4_offset + offsetof(struct icmp6hdr, icmp6_cksum), inner.body, 0);
}

#endif
