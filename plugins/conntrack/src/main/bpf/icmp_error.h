// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* icmp_error: finds the flow of the packet that an ICMP or ICMPv6 error tells about. */
#ifndef CONNTRACK_ICMP_ERROR_H
#define CONNTRACK_ICMP_ERROR_H

#include <linux/icmpv6.h>
#include <linux/in6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <manx/flow.h>
#include <manx/icmp.h>
#include <manx/tc.h>

enum icmp_error_limit {
	INNER_PORTS_BYTES = 8,	/* of layer 4: what every error carries at least (RFC 792) */
};

/* The ports, or an echo's identifier in both, from the first bytes of layer 4. */
static __always_inline void inner_ports(const __be16 *l4, struct tuple *inner)
{
	switch (inner->protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
		inner->source_port = l4[0];
		inner->destination_port = l4[1];
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		inner->source_port = inner->destination_port = l4[2];
		break;
	default:
		inner->source_port = inner->destination_port = 0;
	}
}

static __always_inline bool inner_tuple4(struct __sk_buff *skb, __u32 at, struct tuple *inner)
{
	__be16 l4[INNER_PORTS_BYTES / sizeof(__be16)];
	struct iphdr ip;

	if (bpf_skb_load_bytes(skb, at, &ip, sizeof(ip)) || ip.version != 4 || ip.ihl < 5)
		return false;
	if (ip.frag_off & bpf_htons(0x1fff))
		return false;
	if (bpf_skb_load_bytes(skb, at + ip.ihl * 4, l4, sizeof(l4)))
		return false;
	addr_set_v4(&inner->source, ip.saddr);
	addr_set_v4(&inner->destination, ip.daddr);
	inner->protocol = ip.protocol;
	inner_ports(l4, inner);
	return true;
}

/* Behind a first fragment's header, which a packet that was too big may well have. */
static __always_inline bool inner_behind_fragment(struct __sk_buff *skb, __u32 *at, struct tuple *inner)
{
	__u8 header[8];		/* next header, zero, offset (13 bits) ... */

	if (inner->protocol != IPPROTO_FRAGMENT)
		return true;
	if (bpf_skb_load_bytes(skb, *at, header, sizeof(header)) || header[2] || header[3] & 0xf8)
		return false;
	inner->protocol = header[0];
	*at += sizeof(header);
	return true;
}

/* An inner packet with other extension headers is told from no flow: its error is judged as any packet. */
static __always_inline bool inner_tuple6(struct __sk_buff *skb, __u32 at, struct tuple *inner)
{
	__be16 l4[INNER_PORTS_BYTES / sizeof(__be16)];
	struct ipv6hdr ip;

	if (bpf_skb_load_bytes(skb, at, &ip, sizeof(ip)) || ip.version != 6)
		return false;
	at += sizeof(ip);
	inner->protocol = ip.nexthdr;
	if (!inner_behind_fragment(skb, &at, inner) || bpf_skb_load_bytes(skb, at, l4, sizeof(l4)))
		return false;
	__builtin_memcpy(&inner->source, &ip.saddr, sizeof(inner->source));
	__builtin_memcpy(&inner->destination, &ip.daddr, sizeof(inner->destination));
	inner_ports(l4, inner);
	return true;
}

static __always_inline bool inner_tuple(struct __sk_buff *skb, const struct note *note, struct tuple *inner)
{
	__u32 at = note->l4_offset + sizeof(struct icmp6hdr);

	inner->version = note->version;
	return note->version == 4 ? inner_tuple4(skb, at, inner) : inner_tuple6(skb, at, inner);
}

/* The packet inside went out translated, and the error is to tell its sender of it as that sent it; see nat. */
static __always_inline void error_translation(struct note *note, const struct flow *flow, enum leg leg)
{
	/* One that its sender's attach point saw before nat is as that sent it. */
	if (flow->translate != (leg == LEG_ORIGINATOR ? TRANSLATE_SOURCE : TRANSLATE_DESTINATION))
		return;
	flow_take_translation(flow, note);
}

/* Whether the error is about a packet of a flow in the table, and goes to the one who sent that packet:
 * else an error made up around somebody's flow would pass to anybody. */
static __always_inline bool error_is_known(struct __sk_buff *skb, struct note *note)
{
	struct tuple inner = {};
	struct flow_key key;
	const struct flow *flow;

	if (!inner_tuple(skb, note, &inner) || !addr_equal(&inner.source, &note->destination))
		return false;
	flow_key_of(&inner, &key);
	flow = flow_find(&key).flow;
	/* A redirect tells of a way to an address that its receiver never asked for. */
	if (flow && flow->translate && note->version == 4 && note->icmp_type == ICMP4_REDIRECT)
		return false;
	if (flow && flow->translate)
		error_translation(note, flow, flow_leg_of(flow, key.source_is_b));
	return flow;
}

/* Policy lets it by as the flow's own, and it is routed like a new packet: it has no leg. What this host says of
 * packets that it could not send on, and that so made no flow, is judged as any packet. Not inlined: see apart.h. */
__noinline int icmp_error(struct __sk_buff *skb, struct note *note)
{
	if (!note)
		return VERDICT_NEXT;
	if (error_is_known(skb, note)) {
		note->flags |= NOTE_KNOWN | NOTE_REPLY;
		return VERDICT_NEXT;
	}
	return note->direction == DIRECTION_INGRESS ? drop(note, REASON_ICMP_ERROR_NO_FLOW) : VERDICT_NEXT;
}

#endif
