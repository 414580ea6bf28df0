// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* refused: a program that compiles and that the verifier must refuse. */
#include <manx/tc.h>

MAP(table, BPF_MAP_TYPE_HASH, __u32, __u32, 8);

SEC("tc") int fine(struct __sk_buff *skb)
{
	return skb->len;
}

SEC("tc") int careless(struct __sk_buff *skb)
{
	__u32 key = skb->len;
	__u32 *value = bpf_map_lookup_elem(&table, &key);

	return *value;	/* nobody asked whether it is there */
}

char _license[] SEC("license") = "Dual BSD/GPL";
