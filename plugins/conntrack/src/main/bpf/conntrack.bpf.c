// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* conntrack: finds the flow a packet belongs to, and takes what was decided about it.
 * Writes  note->epoch, lane, flags, translate, new_addr, new_port, route; the flow's counters and state
 *
 * It makes no flow: forward does, once the packet is judged (commit.h). A packet of no flow, of a leg
 * that has not been judged, or of one that was judged under another configuration takes the first lane.
 */
#include <manx/flow.h>
#include <manx/tc.h>
#include "clock.h"
#include "expire.h"
#include "icmp_error.h"
#include "seen.h"

SPLITS_LANES;

static __always_inline bool begins_anew(const struct note *note, const struct flow *flow)
{
	return (note->tcp_flags & (TCP_BIT_SYN | TCP_BIT_ACK)) == TCP_BIT_SYN && flow_is_over(flow);
}

static __always_inline void count_in(struct flow *flow, struct flow_leg *leg, __u32 bytes)
{
	__u64 now = clock_now_ns();

	/* A CPU that only reads this line keeps it: it is written once a tick. */
	if (flow->last_ns != now)
		flow->last_ns = now;
	__sync_fetch_and_add(&leg->packets, 1);
	__sync_fetch_and_add(&leg->bytes, bytes);
}

/* Whether the entry is the one that this leg's packets find as their sender sends them. The other entry is
 * found by packets that nat has rewritten already, where the kernel routes them past a second attach point. */
static __always_inline bool is_own_entry(const struct flow *flow, enum leg leg)
{
	return flow->translate != (leg == LEG_ORIGINATOR ? TRANSLATE_SOURCE : TRANSLATE_DESTINATION);
}

static __always_inline void take_translation(struct note *note, const struct flow *flow)
{
	note->translate = flow->translate;
	note->new_addr = flow->new_addr;
	note->new_port = flow->new_port;
}

static __always_inline enum verdict known(struct __sk_buff *skb, struct note *note, const struct tuple *packet,
					  struct flow *flow)
{
	enum leg leg = flow_leg_of(flow, tuple_source_is_b(packet));
	struct flow_leg *mine = &flow->leg[leg];

	if (is_own_entry(flow, leg)) {
		__u32 by = seen_by(note, flow->seen, leg);

		if (by)
			seen_add(flow, packet, by);
		if (flow->translate)
			take_translation(note, flow);
	}
	count_in(flow, mine, skb->len);
	note->flags |= leg == LEG_RESPONDER ? NOTE_KNOWN | NOTE_REPLY : NOTE_KNOWN;
	if (mine->epoch == note->epoch && note->epoch) {
		note->route = mine->route;
		note->lane = LANE_ESTABLISHED;
	}
	return VERDICT_NEXT;
}

STAGE(conntrack)
{
	struct tuple packet;
	struct flow *flow;

	note->epoch = epoch_now();
	if (note->flags & NOTE_ICMP_ERROR) {
		/* Policy lets it by as the flow's own, and it is routed like a new packet: it has no leg. */
		if (icmp_error_is_known(skb, note))
			note->flags |= NOTE_KNOWN | NOTE_REPLY;
		return VERDICT_NEXT;
	}
	tuple_of(note, &packet);
	flow = flow_find(&packet);
	if (!flow)
		return VERDICT_NEXT;
	if (begins_anew(note, flow)) {
		flow_delete_whole(flow, &packet);
		return VERDICT_NEXT;
	}
	return known(skb, note, &packet, flow);
}
