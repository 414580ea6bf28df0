/* SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only) */
/* monolith: what one hand-written program does that knows its packets and nothing else: parses, looks the flow up in
 * a table of the size of Manx's, notes the time, redirects to the neighbour that the flow names. No policy, no
 * services, no counters, no fragments, no options.
 */
#ifndef BENCH_MONOLITH_H
#define BENCH_MONOLITH_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <manx/flow.h>
#include <manx/map.h>
#include <manx/setting.h>

#define BENCH_AF_INET 2
#define BENCH_AF_INET6 10
#define BENCH_FRAGMENT 0x3fff		/* more fragments, or not the first */

SETTING(__u32, bench_ifindex, 0, "where every packet goes");
SETTING(__u32, bench_hop4, 0, "the IPv4 neighbour there, in network order");
SETTING(__u32, bench_hop6_first, 0, "the first word of the IPv6 neighbour there, in network order; those between are 0");
SETTING(__u32, bench_hop6_last, 0, "its last");

struct bench_key4 {
	__be32 source;
	__be32 destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	__u8 zero[3];
};

struct bench_key6 {
	struct addr source;
	struct addr destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	__u8 zero[3];
};

/* As many bytes as Manx keeps of a flow, so that the tables are as large. */
struct bench_flow {
	__u64 last_ns;
	__u32 ifindex;
	__u32 pad;
	struct addr hop;
	__u64 packets;
	__u64 bytes;
	__u8 rest[sizeof(struct flow) - 48];
};

MAP_FLAGS(bench_flows4, BPF_MAP_TYPE_HASH, struct bench_key4, struct bench_flow, FLOWS_MAX, BPF_F_NO_PREALLOC);
MAP_FLAGS(bench_flows6, BPF_MAP_TYPE_HASH, struct bench_key6, struct bench_flow, FLOWS_MAX, BPF_F_NO_PREALLOC);

/* Where Manx keeps flows that are new in a table of this kind, the monolith does: loaded with as many entries. */
MAP(bench_young4, BPF_MAP_TYPE_LRU_HASH, struct bench_key4, struct bench_flow, 1);
MAP(bench_young6, BPF_MAP_TYPE_LRU_HASH, struct bench_key6, struct bench_flow, 1);

struct bench_ports {
	__be16 source;
	__be16 destination;
};

/* Either key; version is 0 where the packet is not to be forwarded. */
struct bench_packet {
	union {
		struct bench_key4 v4;
		struct bench_key6 v6;
	};
	__u32 version;
};

static __always_inline bool has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

static __always_inline void parse4(struct iphdr *ip, void *end, struct bench_packet *packet)
{
	struct bench_ports *ports = (void *)(ip + 1);

	if ((void *)(ports + 1) > end || ip->version != 4 || ip->ihl != 5 || !has_ports(ip->protocol))
		return;
	/* A fragment has no ports, or not all of the datagram: it is the kernel's. */
	if (ip->frag_off & bpf_htons(BENCH_FRAGMENT))
		return;
	packet->v4.source = ip->saddr;
	packet->v4.destination = ip->daddr;
	packet->v4.source_port = ports->source;
	packet->v4.destination_port = ports->destination;
	packet->v4.protocol = ip->protocol;
	packet->v4.zero[0] = packet->v4.zero[1] = packet->v4.zero[2] = 0;
	packet->version = 4;
}

static __always_inline void parse6(struct ipv6hdr *ip, void *end, struct bench_packet *packet)
{
	struct bench_ports *ports = (void *)(ip + 1);

	if ((void *)(ports + 1) > end || ip->version != 6 || !has_ports(ip->nexthdr))
		return;
	__builtin_memcpy(&packet->v6.source, &ip->saddr, sizeof(ip->saddr));
	__builtin_memcpy(&packet->v6.destination, &ip->daddr, sizeof(ip->daddr));
	packet->v6.source_port = ports->source;
	packet->v6.destination_port = ports->destination;
	packet->v6.protocol = ip->nexthdr;
	packet->v6.zero[0] = packet->v6.zero[1] = packet->v6.zero[2] = 0;
	packet->version = 6;
}

static __always_inline void parse(struct __sk_buff *skb, struct bench_packet *packet)
{
	void *end = (void *)(long)skb->data_end;
	struct ethhdr *eth = (void *)(long)skb->data;

	packet->version = 0;
	if ((void *)(eth + 1) > end)
		return;
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		parse4((void *)(eth + 1), end, packet);
	else if (eth->h_proto == bpf_htons(ETH_P_IPV6))
		parse6((void *)(eth + 1), end, packet);
}

static __always_inline struct bench_flow *find(const struct bench_packet *packet)
{
	return packet->version == 4 ? bpf_map_lookup_elem(&bench_flows4, &packet->v4)
				    : bpf_map_lookup_elem(&bench_flows6, &packet->v6);
}

static __always_inline void touch(struct bench_flow *flow)
{
	__u64 now = bpf_ktime_get_coarse_ns();

	if (flow->last_ns != now)
		flow->last_ns = now;
}

static __always_inline long send(const struct bench_packet *packet, __u32 ifindex, const struct addr *hop)
{
	struct bpf_redir_neigh next = {};

	if (packet->version == 4) {
		next.nh_family = BENCH_AF_INET;
		next.ipv4_nh = hop->word[3];
	} else {
		next.nh_family = BENCH_AF_INET6;
		__builtin_memcpy(next.ipv6_nh, hop->word, sizeof(next.ipv6_nh));
	}
	return bpf_redirect_neigh(ifindex, &next, sizeof(next), 0);
}

static __always_inline void fill(const struct bench_packet *packet, struct bench_flow *flow)
{
	flow->last_ns = bpf_ktime_get_coarse_ns();
	flow->ifindex = bench_ifindex;
	if (packet->version == 4) {
		flow->hop.word[3] = bench_hop4;
	} else {
		flow->hop.word[0] = bench_hop6_first;
		flow->hop.word[3] = bench_hop6_last;
	}
}

static __always_inline long make(const struct bench_packet *packet, struct bench_flow *flow)
{
	fill(packet, flow);
	return packet->version == 4 ? bpf_map_update_elem(&bench_flows4, &packet->v4, flow, BPF_NOEXIST)
				    : bpf_map_update_elem(&bench_flows6, &packet->v6, flow, BPF_NOEXIST);
}

static __always_inline struct bench_flow *find_young(const struct bench_packet *packet)
{
	return packet->version == 4 ? bpf_map_lookup_elem(&bench_young4, &packet->v4)
				    : bpf_map_lookup_elem(&bench_young6, &packet->v6);
}

static __always_inline long make_young(const struct bench_packet *packet, struct bench_flow *flow)
{
	fill(packet, flow);
	return packet->version == 4 ? bpf_map_update_elem(&bench_young4, &packet->v4, flow, BPF_NOEXIST)
				    : bpf_map_update_elem(&bench_young6, &packet->v6, flow, BPF_NOEXIST);
}

#endif
