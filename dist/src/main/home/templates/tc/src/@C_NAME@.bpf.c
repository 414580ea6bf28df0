// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* @NAME@: counts packets by protocol, and drops those to a blocked TCP or UDP port.   Drops  REASON_BLOCKED */
#include <linux/in.h>
#include <manx/tc.h>

enum stage_reason { REASON_BLOCKED = REASON_OWN };
EXPORT_ENUM(stage_reason);

/* Packets by layer 4 protocol, this CPU. */
MAP(seen, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, __u64, 256);

/* Destination ports, in this machine's byte order. */
MAP(blocked, BPF_MAP_TYPE_HASH, __u16, __u8, 64);

STAGE(@C_NAME@)
{
	__u32 protocol = note->protocol;
	__u16 port = bpf_ntohs(note->destination_port);
	bool has_port = protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
	__u64 *packets = bpf_map_lookup_elem(&seen, &protocol);

	if (packets)
		*packets += 1;
	return has_port && bpf_map_lookup_elem(&blocked, &port) ? drop(note, REASON_BLOCKED) : VERDICT_NEXT;
}
