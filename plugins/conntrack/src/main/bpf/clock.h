// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* clock: the coarse monotonic clock at the price of an array lookup.
 *
 * bpf_ktime_get_coarse_ns is a call of 16-19 ns, and only changes with the tick. bpf_jiffies64 changes
 * with the same tick, and the verifier makes one load of it: so the clock is read once a tick and CPU.
 */
#ifndef CONNTRACK_CLOCK_H
#define CONNTRACK_CLOCK_H

#include <manx/map.h>

struct tick {
	__u64 jiffies;
	__u64 ns;	/* coarse monotonic clock in that jiffy */
};

enum clock_row {
	CLOCK_OF_PACKETS,
	CLOCK_OF_SWEEPS,
	CLOCK_ROWS,
};

MAP(ticks, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct tick, CLOCK_ROWS);

static __always_inline __u64 clock_now_ns(void)
{
	__u32 row = CLOCK_OF_PACKETS;
	struct tick *tick = bpf_map_lookup_elem(&ticks, &row);
	__u64 jiffies = bpf_jiffies64();

	if (!tick)
		return bpf_ktime_get_coarse_ns();
	if (tick->jiffies != jiffies) {
		tick->jiffies = jiffies;
		tick->ns = bpf_ktime_get_coarse_ns();
	}
	return tick->ns;
}

/* Likewise for an iterator, which may not ask the coarse clock: that runs behind this one by less than a tick. */
static __always_inline __u64 clock_now_of_sweep_ns(void)
{
	__u32 row = CLOCK_OF_SWEEPS;
	struct tick *tick = bpf_map_lookup_elem(&ticks, &row);
	__u64 jiffies = bpf_jiffies64();

	if (!tick)
		return bpf_ktime_get_ns();
	if (tick->jiffies != jiffies) {
		tick->jiffies = jiffies;
		tick->ns = bpf_ktime_get_ns();
	}
	return tick->ns;
}

#endif
