// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* clock: the coarse monotonic clock at the price of a comparison.
 *
 * bpf_ktime_get_coarse_ns is a call of 16-19 ns, and only changes with the tick. bpf_jiffies64 changes
 * with the same tick, and the verifier makes one load of it: so the clock is read once a tick.
 */
#ifndef CONNTRACK_CLOCK_H
#define CONNTRACK_CLOCK_H

#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <manx/likely.h>

/* In a cache line of its own: it is written by whichever CPU is the first to see a tick, and read by all. A CPU that reads
 * the new tick and the old time is behind by a tick, as a packet that came a moment sooner. */
struct tick {
	__u64 ns;		/* the clock in that jiffy */
	__u64 jiffies;
} __attribute__((aligned(64)));

static volatile struct tick tick_of_packets, tick_of_sweeps;

/* Coarse monotonic. */
static __always_inline __u64 clock_now_ns(void)
{
	__u64 jiffies = bpf_jiffies64();

	if (UNLIKELY(tick_of_packets.jiffies != jiffies)) {
		tick_of_packets.ns = bpf_ktime_get_coarse_ns();
		tick_of_packets.jiffies = jiffies;
	}
	return tick_of_packets.ns;
}

/* Likewise for an iterator, which may not ask the coarse clock: that runs behind this one by less than a tick. */
static __always_inline __u64 clock_now_of_sweep_ns(void)
{
	__u64 jiffies = bpf_jiffies64();

	if (UNLIKELY(tick_of_sweeps.jiffies != jiffies)) {
		tick_of_sweeps.ns = bpf_ktime_get_ns();
		tick_of_sweeps.jiffies = jiffies;
	}
	return tick_of_sweeps.ns;
}

#endif
