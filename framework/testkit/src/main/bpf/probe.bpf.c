// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* probe: a test's first and last programs on the tc hooks. */
#include <manx/tc.h>
#include "probe.h"

/* The kernel's test run refuses a packet that is shorter than its IP header, which a stage must not trust
 * to be whole: such a packet comes with padding, and loses it here. */
static __always_inline long cut(struct __sk_buff *skb)
{
	__u32 zero = 0;
	const struct probe *probe = bpf_map_lookup_elem(&probe_record, &zero);

	if (!probe || !probe->bytes)
		return 0;
	return bpf_skb_change_tail(skb, probe->bytes, 0);
}

SEC("tc") int probe_entry(struct __sk_buff *skb)
{
	if (cut(skb)) {
		probe_reach(PROBE_NOTHING);
		return TC_ACT_SHOT;
	}
	probe_reach(PROBE_STAGE);
	probe_begin();
	TAIL_CALL(skb, ROW(SLOT_ENTRY, LANE_FIRST, 0));
	probe_reach(PROBE_NOTHING);
	return TC_ACT_SHOT;
}

SEC("tc") int probe_first(struct __sk_buff *skb __unused)
{
	probe_reach(PROBE_NEXT_FIRST);
	return TC_ACT_OK;
}

SEC("tc") int probe_established(struct __sk_buff *skb __unused)
{
	probe_reach(PROBE_NEXT_ESTABLISHED);
	return TC_ACT_OK;
}

SEC("tc") int probe_translated(struct __sk_buff *skb __unused)
{
	probe_reach(PROBE_NEXT_TRANSLATED);
	return TC_ACT_OK;
}

SEC("tc") int probe_note(struct __sk_buff *skb __unused)
{
	probe_end();
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
