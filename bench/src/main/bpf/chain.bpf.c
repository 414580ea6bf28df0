// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* chain: monolith.h's work in programs that call each other, five times, by an index they read from a map, as data
 * planes do whose order of stages is data: the JIT can't make such a call a direct jump.
 */
#include "monolith.h"

enum chain_link {
	LINK_PARSE,
	LINK_FIND,
	LINK_ROUTE,
	LINK_CHECK,
	LINK_SEND,
	LINKS,
};

/* What the programs tell each other, this CPU. */
struct baton {
	struct bench_packet packet;
	__u32 ifindex;
	struct addr hop;
};

MAP(bench_baton, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct baton, 1);
MAP(bench_order, BPF_MAP_TYPE_ARRAY, __u32, __u32, LINKS);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, LINKS);
} bench_links SEC(".maps");

static __always_inline struct baton *baton_of_this_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&bench_baton, &zero);
}

static __always_inline int call(struct __sk_buff *skb, __u32 place)
{
	__u32 *link = bpf_map_lookup_elem(&bench_order, &place);

	if (link)
		bpf_tail_call(skb, &bench_links, *link);
	return TC_ACT_SHOT;
}

SEC("tc") int bench_chain(struct __sk_buff *skb)
{
	return call(skb, 0);
}

SEC("tc") int bench_link_parse(struct __sk_buff *skb)
{
	struct baton *baton = baton_of_this_cpu();

	if (!baton)
		return TC_ACT_SHOT;
	parse(skb, &baton->packet);
	return baton->packet.version ? call(skb, 1) : TC_ACT_OK;
}

SEC("tc") int bench_link_find(struct __sk_buff *skb)
{
	struct baton *baton = baton_of_this_cpu();
	struct bench_flow *flow, fresh = {};

	if (!baton)
		return TC_ACT_SHOT;
	flow = find(&baton->packet);
	if (!flow)
		return make(&baton->packet, &fresh) ? TC_ACT_SHOT : TC_ACT_OK;
	touch(flow);
	baton->ifindex = flow->ifindex;
	baton->hop = flow->hop;
	return call(skb, 2);
}

SEC("tc") int bench_link_route(struct __sk_buff *skb)
{
	struct baton *baton = baton_of_this_cpu();

	return baton && baton->ifindex ? call(skb, 3) : TC_ACT_SHOT;
}

SEC("tc") int bench_link_check(struct __sk_buff *skb)
{
	struct baton *baton = baton_of_this_cpu();

	return baton && baton->hop.word[3] ? call(skb, 4) : TC_ACT_SHOT;
}

SEC("tc") int bench_link_send(struct __sk_buff *skb __attribute__((unused)))
{
	struct baton *baton = baton_of_this_cpu();

	return baton ? send(&baton->packet, baton->ifindex, &baton->hop) : TC_ACT_SHOT;
}

char _license[] SEC("license") = "Dual BSD/GPL";
