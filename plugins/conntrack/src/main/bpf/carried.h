// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* carried: the short way of nearly all packets: plain ones (NOTE_PLAIN) of a confirmed flow that was judged under the epoch in
 * force, on a leg that has said all it has to.
 */
#ifndef CONNTRACK_CARRIED_H
#define CONNTRACK_CARRIED_H

#include <manx/awake.h>
#include <manx/flow.h>
#include <manx/likely.h>
#include <manx/tc.h>
#include "tcp.h"

/* Not where another entry has a say: TCP's replies to a translated originator, or packets that are past nat already. */
static __always_inline bool is_alone(const struct flow *flow, __u32 leg, __u8 protocol)
{
	if (!flow->translate)
		return true;
	return flow->translate == TRANSLATE_DESTINATION ? leg == LEG_ORIGINATOR
							: leg == LEG_RESPONDER && protocol != IPPROTO_TCP;
}

static __always_inline bool has_windows(const struct flow *flow)
{
	return flow->tcp[LEG_ORIGINATOR].window && flow->tcp[LEG_RESPONDER].window;
}

/* What is so of a leg, and stays so, once its plain packets need no closer look. */
static __always_inline bool has_said_all(const struct flow *flow, __u32 leg, __u8 protocol)
{
	if (!(flow->said[leg] & (leg == LEG_ORIGINATOR ? SAID_GOES_ON : SAID_SOMETHING)) || !is_alone(flow, leg, protocol))
		return false;
	return protocol != IPPROTO_TCP || has_windows(flow);
}

/* Likewise of TCP's replies to a translated originator, whose connection is in the forward entry. */
static __always_inline bool replies_have_said_all(const struct flow *forward)
{
	return forward->said[LEG_RESPONDER] & SAID_SOMETHING && has_windows(forward);
}

/* Notes that a plain packet has found it so. `state`: the entry that holds the connection's state, or NULL. */
static __always_inline void settle(struct flow *flow, struct flow *state, __u32 leg, __u8 protocol)
{
	if (has_said_all(flow, leg, protocol))
		flow->said[leg] |= SAID_ALL;
	else if (state && state != flow && !(state->said[LEG_RESPONDER] & SAID_REPLIES) && replies_have_said_all(state))
		state->said[LEG_RESPONDER] |= SAID_REPLIES;
}

/* No leg that was ever judged under epoch 0, which is none, has SAID_ALL. */
static __always_inline bool carries_on(__u32 epoch, const struct flow *flow, __u32 leg)
{
	return LIKELY(flow->epoch[leg] == epoch && flow->said[leg] & SAID_ALL && !(flow->flags & FLOW_LIBERAL));
}

/* `flow`: the reverse entry of one that is translated, found by its responder's TCP packet; `forward`: the other. */
static __always_inline bool replies_carry_on(__u32 epoch, const struct flow *flow, const struct flow *forward)
{
	return flow->epoch[LEG_RESPONDER] == epoch && forward->said[LEG_RESPONDER] & SAID_REPLIES &&
	       !(forward->flags & FLOW_LIBERAL);
}

/* Not silent for so long that it may have ended. */
static __always_inline bool is_awake(const struct flow *flow, __u64 now)
{
	return LIKELY(flow->last_ns == now || (__s64)(now - flow->last_ns) <= (__s64)awake_ns());
}

#endif
