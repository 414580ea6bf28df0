// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* csum_kind: what a packet's L4 checksum is at the moment, so that it can be changed in the packet without a helper's call
 * for each difference (18 to 30 ns each).
 */
#ifndef MANX_CSUM_KIND_H
#define MANX_CSUM_KIND_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <manx/csum.h>

/* As skb->ip_summed (linux/skbuff.h). */
enum csum_kind {
	CSUM_WHOLE,		/* CHECKSUM_NONE: it is in the packet */
	CSUM_VERIFIED,		/* CHECKSUM_UNNECESSARY: likewise */
	CSUM_SUMMED,		/* CHECKSUM_COMPLETE: likewise, and the kernel holds a sum of the packet that must follow it */
	CSUM_PARTIAL,		/* CHECKSUM_PARTIAL: in the packet is the pseudo header's sum alone, not inverted */
};

struct sk_buff___manx {
	__u8 ip_summed : 2;
} __attribute__((preserve_access_index));

extern void *bpf_cast_to_kern_ctx(void *context) __ksym __weak;

/* CSUM_SUMMED also where the kernel does not tell (before 6.2): the helpers are right for every kind. */
static __always_inline enum csum_kind csum_kind_of(struct __sk_buff *skb)
{
	const struct sk_buff___manx *kernels;

	if (!bpf_cast_to_kern_ctx)
		return CSUM_SUMMED;
	kernels = bpf_cast_to_kern_ctx(skb);
	return BPF_CORE_READ_BITFIELD(kernels, ip_summed);
}

#endif
