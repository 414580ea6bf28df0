// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* apart: what few packets need, as functions that the verifier looks at once each.
 *
 * A packet's flow may be in any of four tables, and the verifier follows all that comes after once for each: inlined, these
 * made it look at 540,000 instructions, a second for each load. It does not know that no pointer is NULL.
 *
 * say(), segment_scale() and icmp_error() are such functions too.
 */
#ifndef CONNTRACK_APART_H
#define CONNTRACK_APART_H

#include "confirm.h"
#include "expire.h"

/* As flow_delete_whole. */
__noinline int apart_delete(const struct flow *flow, const struct tuple *packet, const struct flow_key *key)
{
	if (flow && packet && key)
		flow_delete_whole(flow, packet, key);
	return 0;
}

/* As confirm. */
__noinline int apart_confirm(const struct tuple *packet, const struct flow_key *key, struct flow *young)
{
	if (packet && key && young)
		confirm(packet, key, young);
	return 0;
}

/* As expire_is_due, of a packet that its leg's entry translates where `own`. */
__noinline int apart_is_due(const struct timeouts *timeouts, const struct flow *flow, const struct tuple *packet, bool own,
			    __u64 now)
{
	return timeouts && flow && packet && expire_is_due(timeouts, flow, packet, own, packet->protocol, now);
}

/* Whether a translated flow's other entry is there. */
__noinline int apart_has_peer(const struct flow *flow, const struct tuple *packet)
{
	struct flow_key key;

	return flow && packet && flow_find_peer(flow, packet, &key).flow;
}

#endif
