// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* events: each packet is an event of 16 bytes, its number and its length; one of a length below 20 is discarded. */
#include <manx/tc.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

MAP(number, BPF_MAP_TYPE_ARRAY, __u32, __u64, 1);

struct event {
	__u64 number;
	__u32 length;
	__u32 zero;
};

SEC("tc") int report(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u64 *last = bpf_map_lookup_elem(&number, &zero);
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event)
		return TC_ACT_SHOT;
	event->number = last ? ++*last : 0;
	event->length = skb->len;
	event->zero = 0;
	if (skb->len < 20)
		bpf_ringbuf_discard(event, 0);
	else
		bpf_ringbuf_submit(event, 0);
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
