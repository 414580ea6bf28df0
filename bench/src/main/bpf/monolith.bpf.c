// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* monolith: monolith.h as one program that forwards known flows, and one that also makes those it does not know. */
#include <manx/csum.h>
#include "monolith.h"


static __always_inline bool take_hop(struct __sk_buff *skb, const struct bench_packet *packet)
{
	struct ethhdr *eth = (void *)(long)skb->data;
	struct ipv6hdr *ip6 = (void *)(eth + 1);
	struct iphdr *ip4 = (void *)(eth + 1);
	__u16 before;

	if ((void *)(ip6 + 1) > (void *)(long)skb->data_end)
		return false;
	if (packet->version == 6)
		return ip6->hop_limit > 1 ? ip6->hop_limit-- : 0;
	if (ip4->ttl <= 1)
		return false;
	before = *(__u16 *)&ip4->ttl;
	ip4->ttl--;
	ip4->check = csum_apply(ip4->check, csum_diff16(before, *(__u16 *)&ip4->ttl));
	return true;
}

SEC("tc") int bench_monolith(struct __sk_buff *skb)
{
	struct bench_packet packet;
	struct bench_flow *flow;

	parse(skb, &packet);
	if (!packet.version)
		return TC_ACT_OK;
	flow = find(&packet);
	if (!flow)
		return TC_ACT_SHOT;
	touch(flow);
	return send(&packet, flow->ifindex, &flow->hop);
}

SEC("tc") int bench_monolith_makes(struct __sk_buff *skb)
{
	struct bench_packet packet;
	struct bench_flow *flow, fresh = {};

	parse(skb, &packet);
	if (!packet.version)
		return TC_ACT_OK;
	flow = find(&packet);
	if (flow) {
		touch(flow);
		return send(&packet, flow->ifindex, &flow->hop);
	}
	if (make(&packet, &fresh))
		return TC_ACT_SHOT;
	return send(&packet, fresh.ifindex, &fresh.hop);
}

/* Likewise, in the table of new flows alone. */
SEC("tc") int bench_monolith_makes_young(struct __sk_buff *skb)
{
	struct bench_packet packet;
	struct bench_flow *flow, fresh = {};

	parse(skb, &packet);
	if (!packet.version)
		return TC_ACT_OK;
	flow = find_young(&packet);
	if (flow) {
		touch(flow);
		return send(&packet, flow->ifindex, &flow->hop);
	}
	if (make_young(&packet, &fresh))
		return TC_ACT_SHOT;
	return send(&packet, fresh.ifindex, &fresh.hop);
}

/* What the first one leaves out and a forwarder that goes by the book does not: the flow's packets and bytes, which
 * several CPUs count at once, and the TTL.
 */
SEC("tc") int bench_careful_makes(struct __sk_buff *skb)
{
	struct bench_packet packet;
	struct bench_flow *flow, fresh = {};

	parse(skb, &packet);
	if (!packet.version)
		return TC_ACT_OK;
	flow = find(&packet);
	if (!flow && make(&packet, &fresh))
		return TC_ACT_SHOT;
	if (!take_hop(skb, &packet))
		return TC_ACT_OK;
	if (!flow)
		return send(&packet, fresh.ifindex, &fresh.hop);
	touch(flow);
	__sync_fetch_and_add(&flow->packets, 1);
	__sync_fetch_and_add(&flow->bytes, skb->len);
	return send(&packet, flow->ifindex, &flow->hop);
}

char _license[] SEC("license") = "Dual BSD/GPL";
