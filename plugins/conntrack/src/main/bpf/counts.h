// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* counts: what happened to the tables that no drop tells of. */
#ifndef CONNTRACK_COUNTS_H
#define CONNTRACK_COUNTS_H

#include <manx/export.h>
#include <manx/map.h>

enum conntrack_count {
	COUNT_CONFIRMED,	/* flows that came into the table of confirmed ones */
	COUNT_TABLE_FULL4,	/* packets of an IPv4 flow that could not, for want of room: it stays young */
	COUNT_EXPIRED,		/* flows that were silent for too long */
	COUNT_TABLE_FULL6,	/* as COUNT_TABLE_FULL4, of IPv6 */
	CONNTRACK_COUNTS,
};
EXPORT_ENUM(conntrack_count);

MAP(conntrack_counts, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, __u64, CONNTRACK_COUNTS);

static __always_inline void count_event(enum conntrack_count what)
{
	__u32 key = what;
	__u64 *count = bpf_map_lookup_elem(&conntrack_counts, &key);

	if (count)
		(*count)++;
}

#endif
