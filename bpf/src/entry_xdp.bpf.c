// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* entry_xdp: the one program an xdp attach point owns, as entry.bpf.c for tc. */
#include <manx/entry.h>
#include <manx/xdp.h>

SEC("xdp") int manx_entry(struct xdp_md *xdp)
{
	__u8 phase = phase_now();
	struct note *note = note_of_this_cpu();

	note_begin(note, phase);
	CALL_FIRST(xdp, phase);
	note->reason = REASON_EMPTY_SLOT;
	count_end(note, xdp_bytes(xdp), true);
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
