// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* xdp: the form of a stage on the xdp hook. As tc.h, with `struct xdp_md *xdp` for the packet. */
#ifndef MANX_XDP_H
#define MANX_XDP_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <manx/pipeline.h>

/* return redirected(note, bpf_redirect(ifindex, 0)); */
static __always_inline enum verdict redirected(struct note *note, long action)
{
	return action == XDP_REDIRECT ? VERDICT_REDIRECT : drop(note, REASON_REDIRECT_FAILED);
}

/* A packet that shows a fault in the stage itself, for whoever traces xdp_exception: return aborted(note, REASON_X); */
static __always_inline enum verdict aborted(struct note *note, __u32 reason)
{
	note->reason = reason;
	return VERDICT_ABORTED;
}

/* Read anew: what clang has read as a number once it would take for the packet's pointer too, which is none then. */
static __always_inline __u32 xdp_bytes(const struct xdp_md *xdp)
{
	const volatile struct xdp_md *packet = xdp;

	return packet->data_end - packet->data;
}

static __always_inline int stage_end(struct xdp_md *xdp, struct note *note, enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_NEXT:
		CALL_NEXT(xdp, note);
		note->reason = REASON_EMPTY_SLOT;
		break;
	case VERDICT_PASS:
		count_end(note, xdp_bytes(xdp), false);
		return XDP_PASS;
	case VERDICT_REDIRECT:
		count_end(note, xdp_bytes(xdp), false);
		return XDP_REDIRECT;
	case VERDICT_TX:
		count_end(note, xdp_bytes(xdp), false);
		return XDP_TX;
	case VERDICT_KEPT:
		note->reason = REASON_KEPT;
		return XDP_DROP;
	case VERDICT_ABORTED:
		count_end(note, xdp_bytes(xdp), true);
		return XDP_ABORTED;
	case VERDICT_DROP:
		break;
	}
	count_end(note, xdp_bytes(xdp), true);
	return XDP_DROP;
}

#define STAGE(name) \
	static __always_inline enum verdict stage_##name(struct xdp_md *xdp, struct note *note); \
	SEC("xdp") int manx_##name(struct xdp_md *xdp) \
	{ \
		struct note *note = note_of_this_cpu(); \
		\
		STAGE_BEGIN(note); \
		return stage_end(xdp, note, stage_##name(xdp, note)); \
	} \
	char _license[] SEC("license") = "Dual BSD/GPL"; \
	static __always_inline enum verdict \
		stage_##name(struct xdp_md *xdp __unused, struct note *note __unused)

#endif
