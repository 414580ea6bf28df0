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
#include <manx/tc.h>
#include "packet.h"

/* What the host itself sends, what comes by multicast or is another host's, and what its VLAN's device has yet to see. */
static __always_inline bool is_for_kernel(struct __sk_buff *skb, const struct note *note)
{
	return note->direction != DIRECTION_INGRESS || skb->pkt_type != PACKET_HOST || skb->vlan_present;
}

static __always_inline bool leaves_by(__u8 kind)
{
	return kind == ROUTE_NEIGHBOUR || kind == ROUTE_WORKLOAD;
}

/* As hop_too_big: the packet, or each of the segments it stands for. */
static __always_inline bool is_too_big(struct __sk_buff *skb, const struct packet *packet, __u32 mtu)
{
	__u32 header = packet->is_v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);

	if (!mtu || skb->len - ETH_HLEN <= mtu)
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

/* `own`: the flow as the packet's leg sees it. The kernel has the last word on what stays here, and on its own sum of a packet
 * that is translated. */
static __always_inline bool way_is_open(struct __sk_buff *skb, const struct packet *packet, const struct flow *flow,
					const struct flow *own)
{
	if (!leaves_by(own->leg->kind) || is_too_big(skb, packet, own->leg->mtu) || is_on_last_hop(packet))
		return false;
	return !flow->translate || csum_kind_of(skb) != CSUM_SUMMED;
}

static __always_inline void translate(struct __sk_buff *skb, const struct packet *packet, const struct flow *flow)
{
	const struct addr *to = flow_new_addr(flow);
	bool source = flow->translate == TRANSLATE_SOURCE;
	__u32 port = rewrite_ports(l4_of(packet), source, flow->new_port), addr;

	addr = packet->is_v4 ? rewrite_ip4(ip_of(packet), source, addr_v4(to)) : rewrite_ip6(ip_of(packet), source, to);
	rewrite_check(l4_of(packet), packet->protocol == IPPROTO_UDP, csum_kind_of(skb), addr, port);
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
