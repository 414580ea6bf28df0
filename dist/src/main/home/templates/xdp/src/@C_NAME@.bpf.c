// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* @NAME@: counts frames by EtherType, and drops those of a blocked one.   Drops  REASON_BLOCKED
 *
 * No stage has filled the note on this hook, so it reads the header itself.
 */
#include <linux/if_ether.h>
#include <manx/cursor.h>
#include <manx/xdp.h>

enum stage_reason { REASON_BLOCKED = REASON_OWN };
EXPORT_ENUM(stage_reason);

/* Frames by EtherType in this machine's byte order, this CPU. */
MAP(seen, BPF_MAP_TYPE_PERCPU_HASH, __u16, __u64, 256);

/* EtherTypes, in this machine's byte order. */
MAP(blocked, BPF_MAP_TYPE_HASH, __u16, __u8, 64);

static __always_inline void count_frame(__u16 type)
{
	__u64 *frames = bpf_map_lookup_elem(&seen, &type);
	__u64 first = 1;

	if (frames)
		*frames += 1;
	else
		bpf_map_update_elem(&seen, &type, &first, BPF_NOEXIST);
}

STAGE(@C_NAME@)
{
	struct cursor cursor = cursor_at((void *)(long)xdp->data, (void *)(long)xdp->data_end, 0);
	struct ethhdr *eth = CURSOR_TAKE(&cursor, struct ethhdr);
	__u16 type;

	if (!eth)
		return VERDICT_NEXT;
	type = bpf_ntohs(eth->h_proto);
	count_frame(type);
	return bpf_map_lookup_elem(&blocked, &type) ? drop(note, REASON_BLOCKED) : VERDICT_NEXT;
}
