// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* handover: the bare forwarders, the floor of every path: IP packets go to one other interface and nothing is looked at.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <manx/setting.h>

SETTING(__u32, bench_out, 0, "the interface");
SETTING(__u64, bench_mac_to, 0, "of whom it leads to: 6 bytes as they stand in memory");
SETTING(__u64, bench_mac_from, 0, "its own");
SETTING(__u32, bench_hop4, 0, "the IPv4 neighbour there, in network order");

static __always_inline struct ethhdr *ip_packet(struct __sk_buff *skb)
{
	struct ethhdr *eth = (void *)(long)skb->data;

	if ((void *)(eth + 1) > (void *)(long)skb->data_end)
		return NULL;
	return eth->h_proto == bpf_htons(ETH_P_IP) || eth->h_proto == bpf_htons(ETH_P_IPV6) ? eth : NULL;
}

SEC("tc") int bench_to_peer(struct __sk_buff *skb)
{
	struct ethhdr *eth = ip_packet(skb);
	__u64 to = bench_mac_to, from = bench_mac_from;

	if (!eth)
		return TC_ACT_UNSPEC;
	__builtin_memcpy(eth->h_dest, &to, ETH_ALEN);
	__builtin_memcpy(eth->h_source, &from, ETH_ALEN);
	return bpf_redirect_peer(bench_out, 0);
}

SEC("tc") int bench_to_neighbour(struct __sk_buff *skb)
{
	struct bpf_redir_neigh next = { .nh_family = 2 /* AF_INET */, .ipv4_nh = bench_hop4 };
	struct ethhdr *eth = ip_packet(skb);

	if (!eth || eth->h_proto != bpf_htons(ETH_P_IP))
		return TC_ACT_UNSPEC;
	return bpf_redirect_neigh(bench_out, &next, sizeof(next), 0);
}

char _license[] SEC("license") = "Dual BSD/GPL";
