// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* probe_xdp: a test's first and last programs on the xdp hook, as probe.bpf.c for tc. */
#include <manx/xdp.h>
#include "probe.h"

SEC("xdp") int probe_entry(struct xdp_md *xdp)
{
	probe_reach(PROBE_STAGE);
	probe_begin();
	TAIL_CALL(xdp, ROW(SLOT_ENTRY, LANE_FIRST, 0));
	probe_reach(PROBE_NOTHING);
	return XDP_DROP;
}

SEC("xdp") int probe_first(struct xdp_md *xdp __unused)
{
	probe_reach(PROBE_NEXT_FIRST);
	return XDP_PASS;
}

SEC("xdp") int probe_established(struct xdp_md *xdp __unused)
{
	probe_reach(PROBE_NEXT_ESTABLISHED);
	return XDP_PASS;
}

SEC("xdp") int probe_translated(struct xdp_md *xdp __unused)
{
	probe_reach(PROBE_NEXT_TRANSLATED);
	return XDP_PASS;
}

SEC("xdp") int probe_note(struct xdp_md *xdp __unused)
{
	probe_end();
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
