// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* commit: makes a judged packet's flow known, so that those after it take the established lane.
 *
 * The pipeline's last stage calls it once it knows the route: a flow that policy denied leaves no trace.
 *
 * Where the kernel's stack chooses the way, the ingress can't know whose rules guard the far side. The egress
 * it leaves by judges it in full and commits it, so the ingress does not: else the egress would find a flow
 * already judged. A translated flow must be known from its first packet on; its legs stay without an epoch.
 */
#ifndef MANX_COMMIT_H
#define MANX_COMMIT_H

#include <linux/errno.h>
#include <manx/flow.h>

/* Judged only in part so far. */
static __always_inline bool commit_undecided(const struct note *note)
{
	return note->direction == DIRECTION_INGRESS && note->route.kind == ROUTE_STACK;
}

/* The epoch is the one before the packet was judged: had the configuration changed meanwhile, the next
 * packet is judged again. It is written last, so that no other CPU takes half a route. */
static __always_inline void commit_leg(const struct note *note, struct flow_leg *leg)
{
	leg->epoch = 0;
	barrier();
	leg->route = note->route;
	barrier();
	leg->epoch = commit_undecided(note) ? 0 : note->epoch;
}

/* A known flow judged again, or a flow's first reply: this leg's route is now known. */
static __always_inline void commit_again(const struct note *note, const struct tuple *tuple)
{
	struct flow *flow = flow_find(tuple);

	if (flow)
		commit_leg(note, &flow->leg[note->flags & NOTE_REPLY ? LEG_RESPONDER : LEG_ORIGINATOR]);
}

/* An old entry that is over gives way. 0, or as flow_insert. */
static __always_inline long commit_reverse(const struct tuple *after, const struct flow *reverse)
{
	long err = flow_insert(after, reverse);
	struct tuple reply = {
		.source = after->destination,
		.destination = after->source,
		.source_port = after->destination_port,
		.destination_port = after->source_port,
		.version = after->version,
		.protocol = after->protocol,
	};
	const struct flow *old;

	if (err != -EEXIST)
		return err;
	old = flow_find(&reply);
	if (!old || !flow_is_over(old) || old->translate == TRANSLATE_DESTINATION)
		return err;
	flow_delete_whole(old, &reply);
	return flow_insert(after, reverse);
}

/* Another CPU made the same flow a moment ago: its entry serves if it chose the same backend. */
static __always_inline enum reason commit_race(const struct tuple *tuple, const struct flow *flow)
{
	const struct flow *theirs = flow_find(tuple);

	if (theirs && theirs->translate == flow->translate && theirs->new_port == flow->new_port &&
	    addr_equal(&theirs->new_addr, &flow->new_addr))
		return REASON_NONE;
	return REASON_FLOW_CLASH;
}

/* Who gets the forward entry in owns the flow; it goes again where the reverse one can't be had. */
static __always_inline enum reason commit_translated(const struct note *note, const struct tuple *tuple,
						     struct flow *flow)
{
	struct tuple after;
	long err;

	flow->translate = TRANSLATE_DESTINATION;
	flow->new_addr = note->new_addr;
	flow->new_port = note->new_port;
	err = flow_insert(tuple, flow);
	if (err)
		return err == -EEXIST ? commit_race(tuple, flow) : REASON_FLOW_TABLE_FULL;
	tuple_after_nat(note, &after);
	flow->originator_is_b = tuple_source_is_b(&after);
	flow->translate = TRANSLATE_SOURCE;
	flow->new_addr = tuple->destination;
	flow->new_port = note->new_port ? tuple->destination_port : 0;
	/* The originator's packets find this entry only where they are seen again once they are rewritten. */
	__builtin_memset(&flow->leg[LEG_ORIGINATOR], 0, sizeof(flow->leg[LEG_ORIGINATOR]));
	err = commit_reverse(&after, flow);
	if (!err)
		return REASON_NONE;
	flow_delete(tuple);
	return err == -EEXIST ? REASON_FLOW_CLASH : REASON_FLOW_TABLE_FULL;
}

/* REASON_NONE, or why the packet must be dropped. `bytes`: skb->len. */
static __always_inline enum reason flow_commit(const struct note *note, __u32 bytes)
{
	struct flow flow = {};
	struct tuple tuple;
	long err;

	/* An ICMP error belongs to another flow, and is known by that one: see conntrack. */
	if (note->flags & NOTE_ICMP_ERROR)
		return REASON_NONE;
	tuple_of(note, &tuple);
	if (note->flags & NOTE_KNOWN) {
		commit_again(note, &tuple);
		return REASON_NONE;
	}
	if (note->flags & NOTE_NO_COMMIT)
		return REASON_NONE;
	if (commit_undecided(note) && note->translate == TRANSLATE_NONE)
		return REASON_NONE;
	flow.begin_ns = flow.last_ns = bpf_ktime_get_coarse_ns();
	flow.originator_is_b = tuple_source_is_b(&tuple);
	flow.seen = (note->tcp_flags & TCP_BIT_SYN) ? FLOW_SYN : 0;
	flow.leg[LEG_ORIGINATOR].packets = 1;
	flow.leg[LEG_ORIGINATOR].bytes = bytes;
	commit_leg(note, &flow.leg[LEG_ORIGINATOR]);
	if (note->translate == TRANSLATE_DESTINATION)
		return commit_translated(note, &tuple, &flow);
	err = flow_insert(&tuple, &flow);
	/* Another CPU made the same flow a moment ago: its entry serves. */
	return err && err != -EEXIST ? REASON_FLOW_TABLE_FULL : REASON_NONE;
}

#endif
