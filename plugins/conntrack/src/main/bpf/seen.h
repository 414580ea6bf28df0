// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* seen: what a packet tells about its flow's state. */
#ifndef CONNTRACK_SEEN_H
#define CONNTRACK_SEEN_H

#include <manx/flow.h>

enum seen_mask {
	SEEN_SETTLED = FLOW_REPLIED | FLOW_ESTABLISHED,
};

/* The bits of enum flow_seen that this packet adds to those the flow has. */
static __always_inline __u32 seen_by(const struct note *note, __u32 seen, enum leg leg)
{
	__u32 by = 0;

	if (leg == LEG_RESPONDER) {
		by |= FLOW_REPLIED;
		/* Picked up in its middle, both ends have spoken: there is no handshake to wait for. */
		if (note->protocol != IPPROTO_TCP || !(seen & FLOW_SYN))
			by |= FLOW_ESTABLISHED;
	} else if ((seen & FLOW_REPLIED) && !(note->tcp_flags & TCP_BIT_SYN)) {
		by |= FLOW_ESTABLISHED;
	}
	if (note->tcp_flags & TCP_BIT_FIN)
		by |= leg == LEG_RESPONDER ? FLOW_FIN_RESPONDER : FLOW_FIN_ORIGINATOR;
	if (note->tcp_flags & TCP_BIT_RST)
		by |= FLOW_RESET;
	return by & ~seen;
}

/* Adds bits to the flow, and to a translated flow's other entry. Rare: a few times in a flow's life. */
static __always_inline void seen_add(struct flow *flow, const struct tuple *packet, __u32 by)
{
	struct tuple other;
	struct flow *peer;

	flow->seen |= by;
	if (!flow->translate)
		return;
	flow_peer_of(flow, packet, &other);
	peer = flow_find(&other);
	if (peer && flow_is_peer(flow, packet, peer))
		peer->seen |= by;
}

#endif
