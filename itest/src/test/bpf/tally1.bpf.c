// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* tally: counts packets by protocol, the first version. */
#include "tally.h"

struct tally {
	__u64 packets;
};

MAP(tallies, BPF_MAP_TYPE_HASH, struct protocol, struct tally, 256);

STAGE(tally)
{
	struct protocol protocol = { .number = note->protocol };
	struct tally *tally, none = {};

	tally = bpf_map_lookup_elem(&tallies, &protocol);
	if (!tally) {
		bpf_map_update_elem(&tallies, &protocol, &none, BPF_NOEXIST);
		tally = bpf_map_lookup_elem(&tallies, &protocol);
	}
	if (tally) {
		__sync_fetch_and_add(&tally->packets, 1);
	}
	return VERDICT_NEXT;
}
