// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* bench: what parse and conntrack are measured against: one program by hand that parses, looks the flow up in a
 * hash of the same size, notes the time and redirects; and makes the flow where there is none.
 *
 * Both begin with the same wrapper, which makes another flow's packet of the one that is run: flow number
 * `at`, the next after each run, of `flows` in turn.
 */
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <manx/commit.h>
#include <manx/cursor.h>
#include <manx/entry.h>
#include <manx/tc.h>

enum bench {
	BENCH_PARSE = 1,	/* slots */
	BENCH_CONNTRACK = 2,
	BENCH_HAND = 3,
	BENCH_HAND_COUNTS = 4,
	BENCH_NOTHING = 5,
	BENCH_IFINDEX = 1,
	BENCH_SEQUENCE = 1000,
};
EXPORT_ENUM(bench);

struct turn {
	__u32 at;
	__u32 flows;	/* a power of two */
};

struct hand_flow {
	__u64 last_ns;
	__u64 packets;
	__u64 bytes;
	__u32 ifindex;
	__u32 zero;
};

MAP(bench_turn, BPF_MAP_TYPE_ARRAY, __u32, struct turn, 1);
MAP_FLAGS(hand_flows, BPF_MAP_TYPE_HASH, struct flow_key4, struct hand_flow, FLOWS_MAX, BPF_F_NO_PREALLOC);

/* 10.0.0.0 and up, ports 1024 and up: neighbours differ in both, as clients' do. */
static __always_inline __be32 client_of(__u32 at)
{
	return bpf_htonl(0x0a000000 + (at >> 4));
}

static __always_inline __be16 port_of(__u32 at)
{
	return bpf_htons(1024 + (at & 0x7fff));
}

static __always_inline bool next_packet(struct __sk_buff *skb)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, ETH_HLEN);
	struct iphdr *ip = CURSOR_TAKE(&cursor, struct iphdr);
	struct tcphdr *l4 = CURSOR_TAKE(&cursor, struct tcphdr);
	__u32 zero = 0;
	struct turn *turn = bpf_map_lookup_elem(&bench_turn, &zero);
	__u32 at;

	if (!ip || !l4 || !turn)
		return false;
	at = turn->at++ & (turn->flows - 1);
	ip->saddr = client_of(at);
	l4->source = port_of(at);
	return true;
}

SEC("tc") int bench_manx(struct __sk_buff *skb)
{
	struct note *note = note_of_this_cpu();

	if (!next_packet(skb))
		return TC_ACT_SHOT;
	note_begin(note, 0);
	TAIL_CALL(skb, ROW(SLOT_ENTRY, LANE_FIRST, 0));
	return TC_ACT_SHOT;
}

/* The packet as it is. */
SEC("tc") int bench_one(struct __sk_buff *skb)
{
	struct note *note = note_of_this_cpu();

	note_begin(note, 0);
	TAIL_CALL(skb, ROW(SLOT_ENTRY, LANE_FIRST, 0));
	return TC_ACT_SHOT;
}

SEC("tc") int bench_hand(struct __sk_buff *skb)
{
	if (!next_packet(skb))
		return TC_ACT_SHOT;
	TAIL_CALL(skb, ROW(BENCH_HAND, LANE_FIRST, 0));
	return TC_ACT_SHOT;
}

SEC("tc") int bench_hand_counts(struct __sk_buff *skb)
{
	if (!next_packet(skb))
		return TC_ACT_SHOT;
	TAIL_CALL(skb, ROW(BENCH_HAND_COUNTS, LANE_FIRST, 0));
	return TC_ACT_SHOT;
}

/* The wrapper alone, which is subtracted from all. */
SEC("tc") int bench_nothing(struct __sk_buff *skb)
{
	if (!next_packet(skb))
		return TC_ACT_SHOT;
	TAIL_CALL(skb, ROW(BENCH_NOTHING, LANE_FIRST, 0));
	return TC_ACT_SHOT;
}

SEC("tc") int hand_nothing(struct __sk_buff *skb __unused)
{
	return TC_ACT_REDIRECT;
}

/* What stands for all stages behind conntrack: in the first lane the flow is made. */
SEC("tc") int bench_first(struct __sk_buff *skb)
{
	struct note *note = note_of_this_cpu();

	note->route.kind = ROUTE_NEIGHBOUR;
	note->route.ifindex = BENCH_IFINDEX;
	note->route.via = 0;
	if (flow_commit(note, skb->len))
		return TC_ACT_SHOT;
	return bpf_redirect(note->route.ifindex, 0);
}

SEC("tc") int bench_established(struct __sk_buff *skb __unused)
{
	return bpf_redirect(note_of_this_cpu()->route.ifindex, 0);
}

static __always_inline bool hand_parse(struct __sk_buff *skb, struct flow_key4 *key)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, 0);
	struct ethhdr *eth = CURSOR_TAKE(&cursor, struct ethhdr);
	struct iphdr *ip = CURSOR_TAKE(&cursor, struct iphdr);
	struct tcphdr *l4;

	if (!eth || eth->h_proto != bpf_htons(ETH_P_IP) || !ip || ip->version != 4 || ip->ihl < 5 ||
	    bpf_ntohs(ip->tot_len) > skb->len - ETH_HLEN || ip->frag_off & bpf_htons(0x3fff))
		return false;
	cursor_skip(&cursor, ip->ihl * 4 - sizeof(*ip));
	l4 = CURSOR_TAKE(&cursor, struct tcphdr);
	if (!l4 || (ip->protocol == IPPROTO_TCP && l4->doff < 5))
		return false;
	key->addr_a = ip->saddr;
	key->addr_b = ip->daddr;
	key->port_a = l4->source;
	key->port_b = l4->dest;
	key->protocol = ip->protocol;
	return true;
}

static __always_inline int hand_forward(struct __sk_buff *skb, bool counts)
{
	struct flow_key4 key = {};
	struct hand_flow *flow;

	if (!hand_parse(skb, &key))
		return TC_ACT_SHOT;
	flow = bpf_map_lookup_elem(&hand_flows, &key);
	if (!flow) {
		struct hand_flow made = {
			.last_ns = bpf_ktime_get_coarse_ns(), .packets = 1, .bytes = skb->len, .ifindex = BENCH_IFINDEX,
		};

		if (bpf_map_update_elem(&hand_flows, &key, &made, BPF_NOEXIST))
			return TC_ACT_SHOT;
		return bpf_redirect(BENCH_IFINDEX, 0);
	}
	flow->last_ns = bpf_ktime_get_coarse_ns();
	if (counts) {
		__sync_fetch_and_add(&flow->packets, 1);
		__sync_fetch_and_add(&flow->bytes, skb->len);
	}
	return bpf_redirect(flow->ifindex, 0);
}

/* What the bar is against. */
SEC("tc") int hand(struct __sk_buff *skb)
{
	return hand_forward(skb, false);
}

/* As Manx it also counts the flow's packets and bytes, which several CPUs may do at once. */
SEC("tc") int hand_counts(struct __sk_buff *skb)
{
	return hand_forward(skb, true);
}

/* Member by member: of a whole struct that is assigned, clang 14 zeroes what it has just written. */
static __always_inline void fill_end(struct tcp_end *end)
{
	end->end = end->acked = BENCH_SEQUENCE;
	end->window = 64000;
	end->most = BENCH_SEQUENCE + end->window;
}

/* As if the client's connection, or datagrams, to 10.96.0.1 port 80 had been confirmed. */
static __always_inline void fill_one(__u32 at, __u8 protocol)
{
	struct tuple tuple = {
		.version = 4, .protocol = protocol, .source_port = port_of(at), .destination_port = bpf_htons(80),
	};
	struct flow flow = {
		.last_ns = bpf_ktime_get_coarse_ns(), .said = { SAID_SOMETHING | SAID_SYN | SAID_GOES_ON, SAID_SOMETHING | SAID_SYN },
		.flags = FLOW_SYN, .epoch = { 1, 1 },
	};
	struct hand_flow hand_flow = { .ifindex = BENCH_IFINDEX };
	struct flow_key key;

	addr_set_v4(&tuple.source, client_of(at));
	addr_set_v4(&tuple.destination, bpf_htonl(0x0a600001));
	flow_key_of(&tuple, &key);
	flow.begin_ns = flow.last_ns;
	flow.originator_is_b = key.source_is_b;
	fill_end(&flow.tcp[0]);
	fill_end(&flow.tcp[1]);
	flow.leg[0].kind = ROUTE_NEIGHBOUR;
	flow.leg[0].ifindex = BENCH_IFINDEX;
	bpf_map_update_elem(&manx_flows4, &key.v4, &flow, BPF_ANY);
	/* By hand nobody sorts the ends. */
	key.v4.addr_a = addr_v4(&tuple.source);
	key.v4.addr_b = addr_v4(&tuple.destination);
	key.v4.port_a = tuple.source_port;
	key.v4.port_b = tuple.destination_port;
	bpf_map_update_elem(&hand_flows, &key.v4, &hand_flow, BPF_ANY);
}

/* One flow into each table with every run. */
SEC("tc") int bench_fill(struct __sk_buff *skb)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, ETH_HLEN);
	struct iphdr *ip = CURSOR_TAKE(&cursor, struct iphdr);
	__u32 zero = 0;
	struct turn *turn = bpf_map_lookup_elem(&bench_turn, &zero);

	if (!ip || !turn)
		return TC_ACT_SHOT;
	fill_one(turn->at++, ip->protocol);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
