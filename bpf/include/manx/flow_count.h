// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* flow_count: counts a leg's packets and bytes, exactly, although several CPUs may have packets of it at once.
 *
 * An atomic addition waits until all that the CPU has written before is out (6 ns). So one CPU owns a leg, nearly always the
 * only one that sees it, and counts packet and bytes by one plain addition to flow_leg.recent. All others, and the owner where
 * a part of `recent` is full, add atomically to flow_rest.
 *
 * Where a flow has moved to another CPU, that one takes the leg over: it wishes to, and if WISH_TICKS later the wish still
 * stands, it owns the leg. Both are written by compare-and-exchange, and leave what is counted as it is. An owner that sees a
 * wish takes it back by its next write: it still is there. So what a new owner counts could be lost only if the old one stood
 * still all that while between reading `recent` and writing it, a few instructions later.
 */
#ifndef MANX_FLOW_COUNT_H
#define MANX_FLOW_COUNT_H

#include <bpf/bpf_helpers.h>
#include <manx/flow_entry.h>
#include <manx/likely.h>

enum flow_wish {
	WISH_MADE = 1 << 7,		/* and when: the lower seven bits of the jiffies */
	WISH_WHEN = WISH_MADE - 1,
	WISH_TICKS = 3,
};
EXPORT_ENUM(flow_wish);

#define FLOW_COUNTED ((1ULL << FLOW_COUNT_OWNER) - 1)

static __always_inline __u64 flow_recent_packets(__u64 recent)
{
	return recent >> FLOW_COUNT_BYTES & ((1 << FLOW_COUNT_PACKETS) - 1);
}

static __always_inline __u64 flow_recent_bytes(__u64 recent)
{
	return recent & ((1ULL << FLOW_COUNT_BYTES) - 1);
}

static __always_inline __u64 flow_packets(const struct flow *flow, enum leg leg)
{
	return flow->rest[leg].packets + flow_recent_packets(flow->leg[leg].recent);
}

static __always_inline __u64 flow_bytes(const struct flow *flow, enum leg leg)
{
	return flow->rest[leg].bytes + flow_recent_bytes(flow->leg[leg].recent);
}

/* This CPU as an owner; 0: it can be none. */
static __always_inline __u64 flow_owner_here(void)
{
	__u64 cpu = bpf_get_smp_processor_id();

	return cpu < FLOW_OWNERS ? cpu + 1 : 0;
}

/* What `recent` begins with: one packet, of this CPU's. */
static __always_inline __u64 flow_count_first(__u32 bytes)
{
	return flow_owner_here() << FLOW_COUNT_OWNER | 1ULL << FLOW_COUNT_BYTES | bytes;
}

static __always_inline void flow_count_none(struct flow *flow, enum leg leg)
{
	flow->leg[leg].recent &= ~FLOW_COUNTED;
	flow->rest[leg].packets = flow->rest[leg].bytes = 0;
}

static __always_inline void flow_add_to_rest(struct flow_rest *rest, __u64 packets, __u64 bytes)
{
	__sync_fetch_and_add(&rest->packets, packets);
	__sync_fetch_and_add(&rest->bytes, bytes);
}

/* What `recent` becomes where a CPU that does not own the leg has seen a packet: its owner, if nobody is, or has been for
 * as long as the wish stands; else the wish. */
static __always_inline __u64 flow_wish(__u64 recent, __u64 here)
{
	__u64 wish = recent >> FLOW_COUNT_WISH, now = bpf_jiffies64() & WISH_WHEN;

	if (!here || (wish && ((now - wish) & WISH_WHEN) < WISH_TICKS))
		return recent;
	if (wish || !(recent >> FLOW_COUNT_OWNER))
		return (recent & FLOW_COUNTED) | here << FLOW_COUNT_OWNER;
	return recent | (WISH_MADE | now) << FLOW_COUNT_WISH;
}

/* One more packet, where the sum can't be left in `recent`. Not inlined: few need it. */
__noinline int flow_count_apart(struct flow *flow, __u32 leg, __u32 bytes)
{
	__u64 here = flow_owner_here();
	__u64 *recent, before, after;

	if (!flow)
		return 0;
	leg &= LEGS - 1;
	recent = &flow->leg[leg].recent;
	flow_add_to_rest(&flow->rest[leg], 1, bytes);
	before = *recent;
	if (here && (before >> FLOW_COUNT_OWNER & FLOW_OWNERS) == here) {
		flow_add_to_rest(&flow->rest[leg], flow_recent_packets(before), flow_recent_bytes(before));
		*recent = here << FLOW_COUNT_OWNER;
		return 0;
	}
	after = flow_wish(before, here);
	if (after != before)
		__sync_val_compare_and_swap(recent, before, after);
	return 0;
}

/* Whether `recent` of a leg can take one more packet, this CPU's, and what it is then. A part of it is full where its uppermost
 * bit is set. */
static __always_inline bool flow_count_fits(const struct flow_leg *own, __u32 bytes, __u64 *after)
{
	const __u64 full = 1ULL << (FLOW_COUNT_BYTES - 1) | 1ULL << (FLOW_COUNT_OWNER - 1);
	__u64 here = (__u64)bpf_get_smp_processor_id() + 1;

	*after = own->recent + (1ULL << FLOW_COUNT_BYTES) + bytes;
	return (*after & (~FLOW_COUNTED | full)) == here << FLOW_COUNT_OWNER;
}

/* One more packet. */
static __always_inline void flow_count(struct flow *flow, __u32 leg, __u32 bytes)
{
	struct flow_leg *own = flow_of_leg(flow, leg)->leg;
	__u64 after;

	if (LIKELY(flow_count_fits(own, bytes, &after)))
		own->recent = after;
	else
		flow_count_apart(flow, leg, bytes);
}

#endif
