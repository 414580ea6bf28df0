// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* tc: the form of a stage on the tc hooks. The smallest:
 *
 *	#include <manx/tc.h>
 *
 *	STAGE(no_telnet)
 *	{
 *		return note->destination_port == bpf_htons(23) ? drop(note, REASON_OWN) : VERDICT_NEXT;
 *	}
 *
 * STAGE(name) is a function of `struct __sk_buff *skb` and `struct note *note`; the program around it
 * is called manx_NAME in the kernel.
 */
#ifndef MANX_TC_H
#define MANX_TC_H

#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <manx/pipeline.h>

/* return redirected(note, bpf_redirect_peer(ifindex, 0)); */
static __always_inline enum verdict redirected(struct note *note, long action)
{
	return LIKELY(action == TC_ACT_REDIRECT) ? VERDICT_REDIRECT : drop(note, REASON_REDIRECT_FAILED);
}

static __always_inline int stage_end(struct __sk_buff *skb, struct note *note, enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_NEXT:
		CALL_NEXT(skb, note);
		note->reason = REASON_EMPTY_SLOT;
		break;
	case VERDICT_PASS:
		count_end(note, skb->len, false);
		return TC_ACT_UNSPEC;	/* programs of others after ours still run */
	case VERDICT_REDIRECT:
		count_end(note, skb->len, false);
		return TC_ACT_REDIRECT;
	case VERDICT_KEPT:
		note->reason = REASON_KEPT;
		return TC_ACT_SHOT;
	case VERDICT_TX:
		note->reason = REASON_WRONG_HOOK;
		break;
	case VERDICT_ABORTED:
	case VERDICT_DROP:
		break;
	}
	count_end(note, skb->len, true);
	return TC_ACT_SHOT;
}

#define STAGE(name) \
	static __always_inline enum verdict stage_##name(struct __sk_buff *skb, struct note *note); \
	SEC("tc") int manx_##name(struct __sk_buff *skb) \
	{ \
		struct note *note = note_of_this_cpu(); \
		\
		STAGE_BEGIN(note); \
		return stage_end(skb, note, stage_##name(skb, note)); \
	} \
	char _license[] SEC("license") = "Dual BSD/GPL"; \
	static __always_inline enum verdict \
		stage_##name(struct __sk_buff *skb __unused, struct note *note __unused)

#endif
