// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* way: where a settled flow's packets go, and how they get there: what nat and forward do, of a packet whose headers are at
 * hand.
 */
#ifndef FASTPATH_WAY_H
#define FASTPATH_WAY_H

#include <linux/if_packet.h>
#include <nat/src/main/bpf/rewrite.h>
#include <routes/src/main/bpf/send.h>
#include <manx/flow.h>
#include <manx/likely.h>
#include <manx/tc.h>
#include "packet.h"

/* What the host itself sends, what comes by multicast or is another host's, and what its VLAN's device has yet to see. */
static __always_inline bool is_for_kernel(struct __sk_buff *skb, const struct note *note)
{
	return UNLIKELY(note->direction != DIRECTION_INGRESS || skb->pkt_type != PACKET_HOST || skb->vlan_present);
}

static __always_inline bool leaves_by(__u8 kind)
{
	_Static_assert(ROUTE_WORKLOAD == ROUTE_NEIGHBOUR + 1, "the last two");
	return kind >= ROUTE_NEIGHBOUR;
}

/* As hop_too_big: the packet, or each of the segments it stands for. */
static __always_inline bool is_too_big(struct __sk_buff *skb, const struct packet *packet, __u32 mtu)
{
	__u32 header = packet->is_v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);

	if (LIKELY(!mtu || skb->len - ETH_HLEN <= mtu))
		return false;
	if (!skb->gso_size)
		return true;
	header += packet->protocol == IPPROTO_UDP ? sizeof(struct udphdr) : ((struct tcphdr *)l4_of(packet))->doff * 4;
	return header + skb->gso_size > mtu;
}

/* The kernel must act on its last hop. */
static __always_inline bool is_on_last_hop(const struct packet *packet)
{
	return packet->is_v4 ? ((struct iphdr *)ip_of(packet))->ttl <= 1 : ((struct ipv6hdr *)ip_of(packet))->hop_limit <= 1;
}

/* `own`: the flow as the packet's leg sees it. */
static __always_inline bool way_is_open(struct __sk_buff *skb, const struct packet *packet, const struct flow *own)
{
	return LIKELY(leaves_by(own->leg->kind) && !is_too_big(skb, packet, own->leg->mtu) && !is_on_last_hop(packet));
}

/* Not the leg whose packets are past nat already (is_alone); and the kernel has the last word on its own sum of a packet. */
static __always_inline bool is_translatable(const struct flow *flow, __u32 leg, enum csum_kind kind)
{
	return LIKELY(flow->translate == flow_translation(leg) && kind != CSUM_SUMMED);
}

static __always_inline void translate(const struct packet *packet, const struct flow *flow, __u32 leg, enum csum_kind kind)
{
	const struct packet here = packet_here(packet);
	const struct addr *to = flow_new_addr_of(flow, leg);
	bool source = flow_translation(leg) == TRANSLATE_SOURCE;
	__u32 port = rewrite_ports(l4_of(&here), source, flow->new_port), addr;

	addr = here.is_v4 ? rewrite_ip4(ip_of(&here), source, addr_v4(to)) : rewrite_ip6(ip_of(&here), source, to);
	rewrite_check(l4_of(&here), here.protocol == IPPROTO_UDP, kind, addr, port);
}

static __always_inline void take_hop(struct __sk_buff *skb, const struct packet *packet)
{
	if (packet->is_v4)
		hop_lower4(ip_of(packet));
	else
		hop_lower6(skb, ip_of(packet));
}

/* The gateway, or where the packet now is addressed to; false: as next_hop. */
static __always_inline bool next_hop_of(const struct packet *packet, const struct flow *own, struct bpf_redir_neigh *next)
{
	if (own->leg->via)
		return next_hop(own->gateway, true, packet->is_v4, next);
	if (packet->is_v4) {
		next->nh_family = AF_INET;
		next->ipv4_nh = ((struct iphdr *)ip_of(packet))->daddr;
		return true;
	}
	return next_hop((struct addr *)&((struct ipv6hdr *)ip_of(packet))->daddr, false, false, next);
}

/* Off the host. */
static __always_inline enum verdict go(struct __sk_buff *skb, struct note *note, const struct packet *packet,
				       const struct flow *own)
{
	struct bpf_redir_neigh next = {};

	take_hop(skb, packet);
	if (own->leg->kind == ROUTE_WORKLOAD) {
		macs_write(packet->eth, own->leg->ifindex);
		return redirected(note, bpf_redirect_peer(own->leg->ifindex, 0));
	}
	if (!next_hop_of(packet, own, &next))
		return VERDICT_PASS;
	return redirect_to(skb, note, own->leg->ifindex, &next);
}

#endif
