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
#include <linux/in.h>
#include <manx/flow.h>

/* A flow in the making: a packet's stages run to the end on one CPU, and it is too large for their stack. */
MAP(manx_new_flow, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct flow, 1);

/* Judged only in part so far. */
static __always_inline bool commit_undecided(const struct note *note)
{
	return note->direction == DIRECTION_INGRESS && note->route.kind == ROUTE_STACK;
}

/* The epoch is the one before the packet was judged: had the configuration changed meanwhile, the next
 * packet is judged again. It is written last, so that no other CPU takes half a route. */
static __always_inline void commit_leg(const struct note *note, struct flow *flow, enum leg leg)
{
	flow->epoch[leg] = 0;
	/* Packets that are past nat already: rare, and judged anew each. */
	if (note->route.via && !flow_has_gateway(flow, leg))
		return;
	barrier();
	flow_keep_route(flow, leg, &note->route);
	barrier();
	flow->epoch[leg] = commit_undecided(note) ? 0 : note->epoch;
}

/* A known flow judged again, or a flow's first reply: this leg's route is now known. */
static __always_inline void commit_again(const struct note *note, const struct flow_key *key)
{
	struct flow *flow = flow_find(key).flow;

	if (!flow)
		return;
	if (note->flags & NOTE_REPLY)
		commit_leg(note, flow, LEG_RESPONDER);
	else
		commit_leg(note, flow, LEG_ORIGINATOR);
}

static __always_inline void commit_first(const struct note *note, __u32 bytes, const struct flow_key *key,
					 struct flow *flow)
{
	__builtin_memset(flow, 0, sizeof(*flow));
	flow->originator_is_b = key->source_is_b;
	flow->begin_ns = flow->last_ns = bpf_ktime_get_coarse_ns();
	flow->said[LEG_ORIGINATOR] = SAID_SOMETHING;
	flow->leg[LEG_ORIGINATOR].recent = flow_count_first(bytes);
	commit_leg(note, flow, LEG_ORIGINATOR);
	if (note->protocol == IPPROTO_TCP)
		flow_open_tcp(note, flow);
}

/* An old entry that is over gives way. 0, -EEXIST: another flow's, or as flow_insert. */
static __always_inline long commit_reverse(const struct tuple *after, const struct flow_key *key,
					   const struct flow *reverse)
{
	struct tuple reply = {
		.source = after->destination,
		.destination = after->source,
		.source_port = after->destination_port,
		.destination_port = after->source_port,
		.version = after->version,
		.protocol = after->protocol,
	};
	const struct flow *old = flow_find(key).flow;

	if (old) {
		if (!flow_is_over(old) || old->translate == TRANSLATE_DESTINATION)
			return -EEXIST;
		flow_delete_whole(old, &reply, key);
	}
	return flow_insert(key, reverse);
}

/* Another CPU made the same flow a moment ago: its entry serves if it chose the same backend. */
static __always_inline enum reason commit_race(const struct flow_key *key, const struct flow *flow)
{
	const struct flow *theirs = flow_find(key).flow;

	if (theirs && theirs->translate == flow->translate && theirs->new_port == flow->new_port &&
	    addr_equal(flow_new_addr(theirs), flow_new_addr(flow)))
		return REASON_NONE;
	return REASON_FLOW_CLASH;
}

/* Who gets the forward entry in owns the flow; it goes again where the reverse one can't be had. */
static __always_inline enum reason commit_translated(const struct note *note, const struct tuple *tuple,
						     const struct flow_key *key, struct flow *flow,
						     __u32 bytes)
{
	struct flow_key reverse;
	struct tuple after;
	long err;

	flow_translate(flow, TRANSLATE_DESTINATION, &note->new_addr, note->new_port);
	err = flow_insert(key, flow);
	if (err)
		return err == -EEXIST ? commit_race(key, flow) : REASON_FLOW_TABLE_FULL;
	tuple_after_nat(note, &after);
	flow_key_of(&after, &reverse);
	flow->originator_is_b = reverse.source_is_b;
	flow_translate(flow, TRANSLATE_SOURCE, &tuple->destination, note->new_port ? tuple->destination_port : 0);
	/* The originator's packets find this entry only where they are seen again once they are rewritten. */
	__builtin_memset(&flow->leg[LEG_ORIGINATOR], 0, sizeof(flow->leg[LEG_ORIGINATOR]));
	flow->epoch[LEG_ORIGINATOR] = 0;
	err = commit_reverse(&after, &reverse, flow);
	if (!err) {
		flow_tell_begin(flow, tuple, bytes);
		return REASON_NONE;
	}
	flow_delete(key);
	return err == -EEXIST ? REASON_FLOW_CLASH : REASON_FLOW_TABLE_FULL;
}

/* REASON_NONE, or why the packet must be dropped. `bytes`: skb->len. */
static __always_inline enum reason flow_commit(const struct note *note, __u32 bytes)
{
	struct flow_key key;
	struct tuple tuple;
	struct flow *flow;
	__u32 zero = 0;
	long err;

	/* An ICMP error belongs to another flow, and is known by that one; a SYN over a live flow leaves it alone. */
	if (note->flags & NOTE_NO_COMMIT)
		return REASON_NONE;
	flow_key_of_note(note, &key);
	if (note->flags & NOTE_KNOWN) {
		commit_again(note, &key);
		return REASON_NONE;
	}
	if (commit_undecided(note) && note->translate == TRANSLATE_NONE)
		return REASON_NONE;
	flow = bpf_map_lookup_elem(&manx_new_flow, &zero);
	if (!flow)
		return REASON_FLOW_TABLE_FULL;
	commit_first(note, bytes, &key, flow);
	tuple_of(note, &tuple);
	if (note->translate == TRANSLATE_DESTINATION)
		return commit_translated(note, &tuple, &key, flow, bytes);
	err = flow_insert(&key, flow);
	if (!err)
		flow_tell_begin(flow, &tuple, bytes);
	/* Another CPU made the same flow a moment ago: its entry serves. */
	return err && err != -EEXIST ? REASON_FLOW_TABLE_FULL : REASON_NONE;
}

#endif
