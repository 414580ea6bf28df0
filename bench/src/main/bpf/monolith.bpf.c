// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* monolith: monolith.h as one program that forwards known flows, and one that also makes those it does not know. */
#include "monolith.h"

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

char _license[] SEC("license") = "Dual BSD/GPL";
