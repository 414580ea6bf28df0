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

static __always_inline __u32 commit_epoch(const struct note *note)
{
	return commit_undecided(note) ? 0 : epoch_now();
}

static __always_inline void commit_leg(const struct note *note, struct flow_leg *leg, __u32 epoch)
{
	leg->route = note->route;
	leg->epoch = epoch;
}

/* A known flow judged again, or a flow's first reply: this leg's route is now known. */
static __always_inline void commit_again(const struct note *note, const struct tuple *tuple)
{
	struct flow *flow = flow_find(tuple);

	if (flow)
		commit_leg(note, &flow->leg[note->flags & NOTE_REPLY ? LEG_RESPONDER : LEG_ORIGINATOR], commit_epoch(note));
}

/* The entry that the replies of a translated flow find. */
static __always_inline long commit_reverse(const struct note *note, const struct tuple *tuple,
					   const struct flow *forward)
{
	struct flow reverse = *forward;
	struct tuple after;

	tuple_after_nat(note, &after);
	reverse.originator_is_b = tuple_source_is_b(&after);
	reverse.translate = TRANSLATE_SOURCE;
	reverse.new_addr = tuple->destination;
	reverse.new_port = note->new_port ? tuple->destination_port : 0;
	reverse.leg[LEG_ORIGINATOR].packets = 0;
	reverse.leg[LEG_ORIGINATOR].bytes = 0;
	return flow_insert(&after, &reverse);
}

/* REASON_NONE, or why the packet must be dropped. `bytes`: skb->len. */
static __always_inline enum reason flow_commit(const struct note *note, __u32 bytes)
{
	struct flow flow = {};
	struct tuple tuple;
	long err;

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
	flow.seen = (note->tcp_flags & 2) ? FLOW_SYN : 0;
	flow.leg[LEG_ORIGINATOR].packets = 1;
	flow.leg[LEG_ORIGINATOR].bytes = bytes;
	commit_leg(note, &flow.leg[LEG_ORIGINATOR], commit_epoch(note));
	if (note->translate == TRANSLATE_DESTINATION) {
		flow.translate = TRANSLATE_DESTINATION;
		flow.new_addr = note->new_addr;
		flow.new_port = note->new_port;
		err = commit_reverse(note, &tuple, &flow);
		if (err)
			return err == -EEXIST ? REASON_FLOW_CLASH : REASON_FLOW_TABLE_FULL;
	}
	err = flow_insert(&tuple, &flow);
	/* Another CPU made the same flow a moment ago: its entry serves. */
	return err && err != -EEXIST ? REASON_FLOW_TABLE_FULL : REASON_NONE;
}

#endif
