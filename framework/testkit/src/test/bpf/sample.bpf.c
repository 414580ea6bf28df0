// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* sample: a stage that does each thing a stage can do, by the packet's destination port. */
#include <manx/epoch.h>
#include <manx/tc.h>

enum stage_reason {
	REASON_UNLUCKY = REASON_OWN + 5,
};
EXPORT_ENUM(stage_reason);

struct seen {
	__u64 packets;
};

MAP(seen, BPF_MAP_TYPE_ARRAY, __u32, struct seen, 1);

SETTING(__u32, unlucky_port, 13, "packets to it are dropped");

static __always_inline void count_packet(void)
{
	__u32 zero = 0;
	struct seen *count = bpf_map_lookup_elem(&seen, &zero);

	if (count)
		count->packets++;
}

STAGE(sample)
{
	__u16 port = bpf_ntohs(note->destination_port);

	count_packet();
	if (port == unlucky_port)
		return drop(note, REASON_UNLUCKY);
	switch (port) {
	case 1:
		return VERDICT_PASS;
	case 2:
		return redirected(note, bpf_redirect(1, 0));
	case 3:
		return drop(note, REASON_POLICY_DENY);
	case 4:
		note->lane = LANE_ESTABLISHED;
		return VERDICT_NEXT;
	case 7:
		note->lane = LANE_TRANSLATED;
		return VERDICT_NEXT;
	case 8:
		note->lane = LANES;
		return VERDICT_NEXT;
	case 9:
		note->lane = LANE_TRANSLATED;
		return VERDICT_PASS;
	case 5:
		skb->mark = skb->mark + 1;
		return VERDICT_NEXT;
	case 6:
		bpf_skb_store_bytes(skb, 0, &note->source, 6, 0);
		return VERDICT_NEXT;
	default:
		note->protocol = 17;
		note->l4_offset = skb->len;
		return VERDICT_NEXT;
	}
}

SEC("tc") int sample_twice(struct __sk_buff *skb)
{
	return 2 * skb->len;
}
