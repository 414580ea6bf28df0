// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* track: what a packet tells about its flow's state, by protocol. */
#ifndef CONNTRACK_TRACK_H
#define CONNTRACK_TRACK_H

#include "config.h"
#include "segment.h"
#include "tcp.h"

static __always_inline bool is_tcp(const struct note *note)
{
	return note->protocol == IPPROTO_TCP && !(note->flags & NOTE_NO_PORTS);
}

/* Begins a connection. */
static __always_inline bool is_syn(const struct note *note)
{
	return (note->tcp_flags & (TCP_BIT_SYN | TCP_BIT_ACK | TCP_BIT_RST)) == TCP_BIT_SYN && is_tcp(note);
}

static __always_inline __u8 said_by(const struct flow *flow, enum leg leg)
{
	return leg == LEG_ORIGINATOR && flow->said[LEG_RESPONDER] ? SAID_SOMETHING | SAID_GOES_ON : SAID_SOMETHING;
}

static __always_inline __u8 said_by_chunk(int chunk)
{
	switch (chunk) {
	case SCTP_ABORT:
	case SCTP_SHUTDOWN_COMPLETE:
		return SAID_RESET;
	case SCTP_SHUTDOWN:
	case SCTP_SHUTDOWN_ACK:
		return SAID_FIN;
	default:
		return 0;
	}
}

/* What the packet adds to flow->said[leg]; no TCP. */
static __always_inline __u8 said_new(struct __sk_buff *skb, const struct note *note, const struct flow *flow,
				     enum leg leg)
{
	__u8 said = said_by(flow, leg);

	if (note->protocol == IPPROTO_SCTP && !(note->flags & NOTE_NO_PORTS))
		said |= said_by_chunk(segment_sctp(skb, note));
	return said & ~flow->said[leg_index(leg)];
}

/* Of a translated flow both entries have it: each leg's packets find but one of them. Not inlined: see apart.h. */
__noinline int say(struct flow *flow, const struct note *note, __u32 leg, __u32 what)
{
	struct flow_key key;
	struct tuple packet;
	struct found peer;

	if (!flow || !note)
		return 0;
	flow->said[leg_index(leg)] |= what;
	if (!flow->translate)
		return 0;
	tuple_of(note, &packet);
	peer = flow_find_peer(flow, &packet, &key);
	if (peer.flow)
		peer.flow->said[leg_index(leg)] |= what;
	return 0;
}

/* A fragment's length is not its segment's: from here on nothing is known of windows. */
static __always_inline enum reason track_tcp(const struct note *note, struct flow *flow, enum leg leg, bool check)
{
	if (note->flags & NOTE_FRAGMENT)
		flow->flags |= FLOW_LIBERAL;
	if (note->flags & NOTE_NO_PORTS)
		return REASON_NONE;
	if (is_syn(note)) {
		tcp_open_again(note, flow, leg);
		return REASON_NONE;
	}
	return tcp_track(note, flow, leg, check);
}

/* Of all protocols but TCP. */
static __always_inline enum reason track(struct __sk_buff *skb, const struct note *note, struct flow *flow, enum leg leg)
{
	__u8 what = said_new(skb, note, flow, leg);

	if (what)
		say(flow, note, leg, what);
	return REASON_NONE;
}

#endif
