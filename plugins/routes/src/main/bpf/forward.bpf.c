// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* forward: commits the flow of a packet that every stage allowed, and sends the packet where its route says.
 * Writes  the flow table, skb->mark, the packet's TTL or hop limit and Ethernet addresses
 * Drops   REASON_FLOW_TABLE_FULL, REASON_FLOW_CLASH, REASON_TRUNCATED_L3, REASON_REDIRECT_FAILED
 */
#include <linux/if_packet.h>
#include <manx/commit.h>
#include "send.h"

/* Not inlined: packets of known flows would have to keep room on the stack for all that it needs. */
__noinline int commit_apart(const struct note *note, __u32 bytes)
{
	return note ? flow_commit(note, bytes) : REASON_NONE;
}

STAGE(forward)
{
	enum reason reason;

	if (note->direction == DIRECTION_INGRESS) {
		/* Multicast, or another host's: the kernel knows who wants it. */
		if (skb->pkt_type != PACKET_HOST)
			return VERDICT_PASS;
		/* The VLAN's own device has yet to see it. */
		if (skb->vlan_present)
			note->route.kind = ROUTE_STACK;
	}
	if (note->lane == LANE_FIRST) {
		reason = commit_apart(note, skb->len);
		if (reason)
			return drop(note, reason);
	}
	return send(skb, note);
}
