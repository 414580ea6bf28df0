// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* jumps: the same tail call twice, once to a row the verifier knows and once to one that only the packet knows. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__type(key, __u32);
	__type(value, __u32);
} rows SEC(".maps");

SEC("tc") int known_row(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &rows, 3);
	return 0;
}

SEC("tc") int any_row(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &rows, skb->mark);
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
