// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* reopen: a connection that its originator begins again while it lives here.
 *
 * The SYN is judged and goes on, and moves nothing: it may be forged. To a far end that still has the old
 * connection it is nothing either (RFC 5961, 4). One for which that is over accepts it, and its SYN+ACK, which
 * acknowledges that SYN and lies in no window of the old connection, begins the flow again.
 */
#ifndef CONNTRACK_REOPEN_H
#define CONNTRACK_REOPEN_H

#include "tcp.h"

enum reopen_limit {
	REOPENINGS = 4096,	/* SYNs that wait for their answer; the one that waited longest gives way */
};

/* The connection and its originator. */
struct reopening {
	__u64 begin_ns;		/* flow->begin_ns */
	struct addr addr;
	__be16 port;
	__u8 zero[6];
};

MAP(reopenings, BPF_MAP_TYPE_LRU_HASH, struct reopening, struct note_tcp, REOPENINGS);

/* Remembers a SYN over a live connection. Not inlined: see apart.h. */
__noinline int reopen_ask(const struct note *note, const struct flow *state)
{
	struct reopening key = {};
	struct note_tcp syn;

	if (!note || !state)
		return 0;
	key.begin_ns = state->begin_ns;
	key.addr = note->source;
	key.port = note->source_port;
	syn = note->tcp;
	bpf_map_update_elem(&reopenings, &key, &syn, BPF_ANY);
	return 0;
}

static __always_inline void reopen_flow(const struct note_tcp *syn, struct flow *state)
{
	struct tcp_end *from = &state->tcp[LEG_ORIGINATOR];

	state->flags &= ~(FLOW_LIBERAL | FLOW_SCALED);
	state->flags |= syn->scale == NOTE_NO_SCALE ? FLOW_SYN : FLOW_SYN | FLOW_SCALED;
	state->scales = syn->scale & 0xf;
	state->said[LEG_ORIGINATOR] = SAID_SOMETHING | SAID_SYN;
	state->said[LEG_RESPONDER] = 0;
	from->end = from->most = syn->end;
	from->window = syn->window ? syn->window : 1;
	from->acked = syn->ack;
	state->tcp[LEG_RESPONDER].window = 0;
	state->tcp[LEG_RESPONDER].acked = syn->seq;
}

/* Whether a SYN+ACK of the responder answers such a SYN; then it has begun the flow again. Not inlined: see apart.h. */
__noinline int reopen_answered(const struct note *note, struct flow *state)
{
	struct reopening key = {};
	const struct note_tcp *syn;

	if (!note || !state)
		return 0;
	key.begin_ns = state->begin_ns;
	key.addr = note->destination;
	key.port = note->destination_port;
	syn = bpf_map_lookup_elem(&reopenings, &key);
	if (!syn || note->tcp.ack != syn->end)
		return 0;
	reopen_flow(syn, state);
	tcp_accept(note, state, &state->tcp[LEG_RESPONDER], &state->tcp[LEG_ORIGINATOR]);
	bpf_map_delete_elem(&reopenings, &key);
	return 1;
}

#endif
