// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* flow_event: tells who listens that a flow has begun, or has ended and what it carried.
 *
 * While nobody listens it costs a lookup in an array. Events that the ring buffer has no room for are lost, and
 * counted. A young flow that the kernel evicts ends without one.
 */
#ifndef MANX_FLOW_EVENT_H
#define MANX_FLOW_EVENT_H

#include <manx/export.h>
#include <manx/map.h>
#include <manx/note.h>

enum flow_event_limit {
	FLOW_EVENTS_BYTES = 1 << 20,
};

enum flow_event_kind {
	FLOW_BEGINS,
	FLOW_ENDS,
};
EXPORT_ENUM(flow_event_kind);

/* As the originator sends it, before nat. */
struct flow_event {
	__u64 at_ns;			/* coarse monotonic clock */
	__u64 originator_packets;
	__u64 originator_bytes;
	__u64 responder_packets;
	__u64 responder_bytes;
	struct addr source;
	struct addr destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	__u8 kind;			/* enum flow_event_kind */
	__u8 said[2];			/* of an end: enum flow_said, by leg */
};

EXPORT_STRUCT(flow_event);

struct flow_listening {
	__u32 on;			/* 1: somebody reads */
	__u32 zero;
	__u64 lost;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, FLOW_EVENTS_BYTES);
} manx_flow_events SEC(".maps");

MAP(manx_flow_listening, BPF_MAP_TYPE_ARRAY, __u32, struct flow_listening, 1);

/* NULL: nobody listens. */
static __always_inline struct flow_listening *flow_listening(void)
{
	__u32 zero = 0;
	struct flow_listening *listening = bpf_map_lookup_elem(&manx_flow_listening, &zero);

	return listening && listening->on ? listening : NULL;
}

/* An event to be filled in and submitted; NULL: it is lost. */
static __always_inline struct flow_event *flow_event_begin(struct flow_listening *listening)
{
	struct flow_event *event = bpf_ringbuf_reserve(&manx_flow_events, sizeof(*event), 0);

	if (!event)
		__sync_fetch_and_add(&listening->lost, 1);
	else
		__builtin_memset(event, 0, sizeof(*event));
	return event;
}

#endif
