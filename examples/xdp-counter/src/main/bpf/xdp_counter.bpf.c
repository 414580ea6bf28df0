// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* xdp-counter: counts frames and bytes by what they carry, and lets every one go on. */
#include <linux/if_ether.h>
#include <manx/cursor.h>
#include <manx/xdp.h>

/* A row of counters. */
enum kind {
	KIND_OTHER,
	KIND_IP4,
	KIND_IP6,
	KIND_ARP,
	KINDS,
};
EXPORT_ENUM(kind);

/* This CPU's. */
struct counter {
	__u64 frames;
	__u64 bytes;	/* from the Ethernet header on */
};

MAP(counters, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct counter, KINDS);

static __always_inline enum kind kind_of(const struct ethhdr *eth)
{
	switch (bpf_ntohs(eth->h_proto)) {
	case ETH_P_IP:
		return KIND_IP4;
	case ETH_P_IPV6:
		return KIND_IP6;
	case ETH_P_ARP:
		return KIND_ARP;
	default:
		return KIND_OTHER;
	}
}

STAGE(xdp_counter)
{
	struct cursor cursor = cursor_at((void *)(long)xdp->data, (void *)(long)xdp->data_end, 0);
	struct ethhdr *eth = CURSOR_TAKE(&cursor, struct ethhdr);
	__u32 kind = eth ? kind_of(eth) : KIND_OTHER;
	struct counter *counter = bpf_map_lookup_elem(&counters, &kind);

	if (counter) {
		counter->frames++;
		counter->bytes += xdp_bytes(xdp);
	}
	return VERDICT_NEXT;
}
