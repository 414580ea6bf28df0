// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* non_linear: at an interface's egress, drops what is marked and has more than an Ethernet header in its linear part. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

enum { MARKED = 7 };

SEC("tc") int non_linear(struct __sk_buff *skb)
{
	long linear = (long)skb->data_end - (long)skb->data;

	return skb->mark == MARKED && linear > ETH_HLEN ? TC_ACT_SHOT : TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
