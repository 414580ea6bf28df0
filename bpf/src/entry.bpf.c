// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* entry: the one program an attach point owns. Says who the attach point is, and calls the first stage.
 * Writes  note->ifindex, attach, direction, phase; clears what conntrack, service and routes may leave unset
 */
#include <manx/entry.h>
#include <manx/tc.h>

SETTING(__u32, manx_direction, DIRECTION_INGRESS, "enum direction");

/* The ingress of another interface decided about this packet: let it go, once. No packet keeps the mark
 * beyond here, nor does one bring it in. */
static __always_inline bool judged_before(struct __sk_buff *skb)
{
	__u32 mark = skb->mark & MARK_MASK;

	if (!mark)
		return false;
	skb->mark &= ~MARK_MASK;
	return manx_direction == DIRECTION_EGRESS && mark == MARK_JUDGED;
}

SEC("tc") int manx_entry(struct __sk_buff *skb)
{
	struct note *note;
	__u8 phase;

	if (UNLIKELY(judged_before(skb)))
		return TC_ACT_UNSPEC;
	note = note_of_this_cpu();
	phase = phase_now();
	note_begin(note, phase);
	CALL_FIRST(skb, phase);
	note->reason = REASON_EMPTY_SLOT;
	count_end(note, skb->len, true);
	return TC_ACT_SHOT;
}

char _license[] SEC("license") = "Dual BSD/GPL";
