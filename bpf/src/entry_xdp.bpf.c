// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* entry_xdp: the one program an xdp attach point owns, as entry.bpf.c for tc. */
#include <manx/xdp.h>

SETTING(__u32, manx_ifindex, 0, "the interface");
SETTING(__u32, manx_attach, 0, "the attach point's row in manx_ends");

SEC("xdp") int manx_entry(struct xdp_md *xdp)
{
	struct note *note = note_of_this_cpu();

	if (!note)
		return XDP_ABORTED;
	note->ifindex = manx_ifindex;
	note->attach = manx_attach;
	note->direction = DIRECTION_INGRESS;
	note->lane = LANE_FIRST;
	note->reason = REASON_NONE;
	note->flags = 0;
	note->version = 0;
	note->translate = TRANSLATE_NONE;
	note->route.kind = ROUTE_UNKNOWN;
	TAIL_CALL(xdp, SLOT_ENTRY * LANES + LANE_FIRST);
	note->reason = REASON_EMPTY_SLOT;
	count_end(note, xdp_bytes(xdp), true);
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
