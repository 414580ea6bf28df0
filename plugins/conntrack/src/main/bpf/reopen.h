// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* reopen: a connection that its originator begins again while it lives here.
 *
 * The SYN is judged and goes on, and moves nothing: it may be forged. To a far end that still has the old connection it is
 * nothing either: that answers by an ACK (RFC 5961, 4), which its sender resets. A far end that has the old one no more
 * accepts the SYN, and its SYN+ACK, which acknowledges just that SYN, begins the flow again; or it refuses by a RST+ACK,
 * which ends the flow. Both lie in no window of the old connection. The kernel's nf_conntrack does likewise.
 *
 * The network may carry the connection's own SYN and SYN+ACK twice, and late. They are told by their numbers, which lie no
 * further back than their senders have sent bytes since.
 */
#ifndef CONNTRACK_REOPEN_H
#define CONNTRACK_REOPEN_H

#include "tcp.h"

enum reopen_limit {
	REOPENINGS = 4096,		/* SYNs that wait for their answer; the one that waited longest gives way */
	REOPEN_REACH_MOST = 1 << 30,	/* bytes: of an old connection that has sent more, any number might be its first */
};

/* Longer than a segment is under way: any SYN that may be a younger connection's own is taken for it. */
#define REOPEN_YOUNG_NS 60000000000ULL

/* The connection and its originator. */
struct reopening {
	__u64 begin_ns;		/* flow->begin_ns */
	struct addr addr;
	__be16 port;
	__u8 zero[6];
};

struct reopening_syn {
	struct note_tcp tcp;
	__u32 bytes;		/* skb->len */
};

MAP(reopenings, BPF_MAP_TYPE_LRU_HASH, struct reopening, struct reopening_syn, REOPENINGS);

/* How far back from its `end` the first octet of that leg may be: `counted` has counted its packets. */
static __always_inline __u64 reopen_reach(const struct flow *counted, const struct flow *state, enum leg leg)
{
	return flow_bytes(counted, leg) + state->tcp[leg ^ 1].window;
}

/* Whether a SYN that ends there may be the one that opened this leg. */
static __always_inline bool reopen_is_within(const struct flow *state, enum leg leg, __u32 end, __u64 reach)
{
	return (__u32)(state->tcp[leg].end - end) <= reach;
}

/* Remembers a SYN over a live connection, of its originator. Not inlined: see apart.h. */
__noinline int reopen_ask(const struct note *note, const struct flow *state, __u32 bytes)
{
	struct reopening key = {};
	struct reopening_syn syn;

	if (!note || !state)
		return 0;
	if (bpf_ktime_get_coarse_ns() - state->begin_ns < REOPEN_YOUNG_NS &&
	    (state->flags & FLOW_LIBERAL ||
	     reopen_is_within(state, LEG_ORIGINATOR, note->tcp.end, reopen_reach(state, state, LEG_ORIGINATOR))))
		return 0;
	key.begin_ns = state->begin_ns;
	key.addr = note->source;
	key.port = note->source_port;
	syn.tcp = note->tcp;
	syn.bytes = bytes;
	bpf_map_update_elem(&reopenings, &key, &syn, BPF_ANY);
	return 0;
}

/* Whether a SYN+ACK is the one that opened the connection. */
static __always_inline bool reopen_is_own(const struct note *note, const struct flow *flow, const struct flow *state)
{
	__u64 originators = reopen_reach(state, state, LEG_ORIGINATOR);
	__u64 responders = reopen_reach(flow, state, LEG_RESPONDER);

	return !(state->flags & FLOW_LIBERAL) && originators < REOPEN_REACH_MOST && responders < REOPEN_REACH_MOST &&
	       reopen_is_within(state, LEG_ORIGINATOR, note->tcp.ack, originators) &&
	       reopen_is_within(state, LEG_RESPONDER, note->tcp.end, responders);
}

static __always_inline void reopen_state(const struct note_tcp *syn, struct flow *state)
{
	struct tcp_end *from = &state->tcp[LEG_ORIGINATOR];

	state->flags &= ~(FLOW_LIBERAL | FLOW_SCALED);
	state->flags |= syn->scale == NOTE_NO_SCALE ? FLOW_SYN : FLOW_SYN | FLOW_SCALED;
	state->scales = syn->scale == NOTE_NO_SCALE ? 0 : syn->scale & 0xf;
	state->said[LEG_ORIGINATOR] = SAID_SOMETHING | SAID_SYN;
	state->said[LEG_RESPONDER] = 0;
	from->end = from->most = syn->end;
	from->window = syn->window ? syn->window : 1;
	from->acked = syn->ack;
	state->tcp[LEG_RESPONDER].window = 0;
	state->tcp[LEG_RESPONDER].acked = syn->seq;
}

static __always_inline void reopen_counts(struct flow *entry, __u64 now)
{
	entry->begin_ns = now;
	flow_count_none(entry, LEG_ORIGINATOR);
	flow_count_none(entry, LEG_RESPONDER);
}

/* The old flow's end, and the new one's begin. */
static __always_inline void reopen_flow(const struct note *note, const struct reopening_syn *syn, struct flow *flow,
					struct flow *state)
{
	__u64 now = bpf_ktime_get_coarse_ns();
	/* As one of the originator's that found `flow`. */
	struct tuple first = {
		.source = note->destination,
		.destination = note->source,
		.source_port = note->destination_port,
		.destination_port = note->source_port,
		.version = note->version,
		.protocol = note->protocol,
	};
	struct flow_key key;

	flow_key_of(&first, &key);
	flow_tell_end(flow, state == flow ? NULL : state, &first, key.source_is_b);
	reopen_counts(flow, now);
	if (state != flow)
		reopen_counts(state, now);
	flow_count(state, LEG_ORIGINATOR, syn->bytes);
	if (flow->translate)
		first.destination = *flow_new_addr(flow);
	if (flow->translate && flow->new_port)
		first.destination_port = flow->new_port;
	flow_tell_begin(state, &first, syn->bytes);
}

/* Takes the SYN that the responder's segment answers. A function of its own, so that its key's place on the stack is free
 * again. */
static __always_inline bool reopen_take(const struct note *note, const struct flow *flow, const struct flow *state,
					struct reopening_syn *syn)
{
	struct reopening key = { .begin_ns = state->begin_ns, .addr = note->destination, .port = note->destination_port };
	const struct reopening_syn *kept = bpf_map_lookup_elem(&reopenings, &key);

	/* With data in the SYN it may acknowledge that, or not (RFC 7413). */
	if (!kept || note->tcp.ack - kept->tcp.seq - 1 > kept->tcp.end - kept->tcp.seq - 1)
		return false;
	if (note->tcp_flags & TCP_BIT_SYN && reopen_is_own(note, flow, state))
		return false;
	*syn = *kept;
	/* A refusal begins nothing that would make another key, and may come by twice: out by a second attach point. */
	if (note->tcp_flags & TCP_BIT_SYN)
		bpf_map_delete_elem(&reopenings, &key);
	return true;
}

/* Whether the responder's segment, which found `flow`, answers such a SYN; then the flow has begun again, or has ended.
 * Not inlined: see apart.h. */
__noinline int reopen_answered(const struct note *note, struct flow *flow, struct flow *state)
{
	struct reopening_syn syn;

	if (!note || !flow || !state || !reopen_take(note, flow, state, &syn))
		return 0;
	if (note->tcp_flags & TCP_BIT_RST) {
		tcp_say(state, LEG_RESPONDER, SAID_SOMETHING | SAID_RESET);
		return 1;
	}
	reopen_flow(note, &syn, flow, state);
	reopen_state(&syn.tcp, state);
	tcp_accept(note, state, &state->tcp[LEG_RESPONDER], &state->tcp[LEG_ORIGINATOR]);
	return 1;
}

#endif
