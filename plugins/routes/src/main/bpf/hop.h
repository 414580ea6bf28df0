// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* hop: what a router does to a packet before it sends it on. */
#ifndef ROUTES_HOP_H
#define ROUTES_HOP_H

#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <manx/csum_kind.h>
#include <manx/cursor.h>
#include <manx/tc.h>

enum hop {
	HOP_TAKEN,
	HOP_KERNEL,	/* the kernel must act: the packet is on its last hop, or has IPv4 options */
	HOP_TRUNCATED,
};

/* RFC 1624: the TTL is the high byte of its word, so the sum of the words falls by 0x0100. */
static __always_inline void hop_lower4(struct iphdr *ip)
{
	__u32 check = ip->check + (__u32)bpf_htons(0x0100);

	ip->check = check + (check >= 0xffff);
	ip->ttl--;
}

static __always_inline enum hop hop_take4(struct cursor *cursor)
{
	struct iphdr *ip = CURSOR_TAKE(cursor, struct iphdr);

	if (!ip)
		return HOP_TRUNCATED;
	if (ip->ttl <= 1 || ip->ihl != 5)
		return HOP_KERNEL;
	hop_lower4(ip);
	return HOP_TAKEN;
}

/* No checksum of the header's own makes up for it: where the kernel holds a sum of the packet (CHECKSUM_COMPLETE), that follows. */
static __always_inline void hop_lower6(struct __sk_buff *skb, struct ipv6hdr *ip)
{
	__u16 *word = (__u16 *)&ip->nexthdr;	/* the hop limit's, too */
	__u16 before = *word;

	ip->hop_limit--;
	if (csum_kind_of(skb) == CSUM_SUMMED)
		bpf_csum_update(skb, csum_diff16(before, *word));
}

static __always_inline enum hop hop_take6(struct __sk_buff *skb, struct cursor *cursor)
{
	struct ipv6hdr *ip = CURSOR_TAKE(cursor, struct ipv6hdr);

	if (!ip)
		return HOP_TRUNCATED;
	if (ip->hop_limit <= 1)
		return HOP_KERNEL;
	hop_lower6(skb, ip);
	return HOP_TAKEN;
}

/* Lowers the TTL or hop limit by one. */
static __always_inline enum hop hop_take(struct __sk_buff *skb, const struct note *note)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, note->l3_offset);

	return note->version == 4 ? hop_take4(&cursor) : hop_take6(skb, &cursor);
}

/* Bytes of the layer 4 header that each segment of a large packet repeats. */
static __always_inline __u32 segment_header(struct __sk_buff *skb, const struct note *note)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, note->l4_offset);
	struct tcphdr *tcp;

	if (note->protocol != IPPROTO_TCP)
		return sizeof(struct udphdr);
	tcp = CURSOR_TAKE(&cursor, struct tcphdr);
	return tcp ? tcp->doff * 4 : sizeof(*tcp);
}

/* Whether the packet, or each of the segments it stands for, is larger than the way on can carry. */
static __always_inline bool hop_too_big(struct __sk_buff *skb, const struct note *note)
{
	__u32 mtu = note->route.mtu;
	__u32 bytes = skb->len - note->l3_offset;

	if (!mtu || bytes <= mtu)
		return false;
	if (!skb->gso_size)
		return true;
	return note->l4_offset - note->l3_offset + segment_header(skb, note) + skb->gso_size > mtu;
}

#endif
