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
#include "track.h"

/* As flow_delete_whole. */
__noinline int apart_delete(const struct flow *flow, const struct note *note, const struct flow_key *key)
{
	struct tuple packet;

	if (!flow || !note || !key)
		return 0;
	tuple_of(note, &packet);
	flow_delete_whole(flow, &packet, key);
	return 0;
}

/* As confirm. */
__noinline int apart_confirm(const struct note *note, const struct flow_key *key, struct flow *young)
{
	struct tuple packet;

	if (!note || !key || !young)
		return 0;
	tuple_of(note, &packet);
	confirm(&packet, key, young);
	return 0;
}

/* As expire_is_due, of a packet that its leg's entry translates where `own`. */
__noinline int apart_is_due(const struct timeouts *timeouts, const struct flow *flow, const struct note *note, bool own,
			    __u64 now)
{
	struct tuple packet;

	if (!timeouts || !flow || !note)
		return 0;
	tuple_of(note, &packet);
	return expire_is_due(timeouts, flow, &packet, own, packet.protocol, now);
}

/* As track_tcp: enum reason. */
__noinline int apart_tcp(const struct note *note, struct flow *state, __u32 leg, bool check)
{
	return note && state ? track_tcp(note, state, leg, check) : REASON_NONE;
}

/* A translated flow's other entry, or NULL. Static, for it gives a pointer: looked at anew with each table it may be of. */
static __noinline struct flow *apart_peer(const struct flow *flow, const struct note *note)
{
	struct flow_key key;
	struct tuple packet;

	tuple_of(note, &packet);
	return flow_find_peer(flow, &packet, &key).flow;
}

/* Whether a translated flow's other entry is there. */
__noinline int apart_has_peer(const struct flow *flow, const struct note *note)
{
	return flow && note && apart_peer(flow, note);
}

#endif
