// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* arrivals: counts datagrams by their port where the far kernel has them, and takes them away there: no socket's buffer
 * can lose one, and none is left to be answered. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

enum {
	FIRST_PORT = 5201,
	PORTS = 4,
};

struct headers {
	struct ethhdr eth;
	struct iphdr ip;	/* senders of the test set no options */
	struct udphdr udp;
} __attribute__((packed));

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PORTS);
	__type(key, __u32);
	__type(value, __u64);
} arrived SEC(".maps");

SEC("tc") int arrivals(struct __sk_buff *skb)
{
	struct headers headers;
	__u64 *count;
	__u32 port;

	if (bpf_skb_load_bytes(skb, 0, &headers, sizeof(headers)) || headers.eth.h_proto != bpf_htons(ETH_P_IP) ||
	    headers.ip.protocol != IPPROTO_UDP)
		return TC_ACT_UNSPEC;
	port = bpf_ntohs(headers.udp.dest) - FIRST_PORT;
	count = bpf_map_lookup_elem(&arrived, &port);
	if (!count)
		return TC_ACT_UNSPEC;
	__sync_fetch_and_add(count, 1);
	return TC_ACT_SHOT;
}

char _license[] SEC("license") = "Dual BSD/GPL";
