// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* carry_on: the short way of nearly all packets: of a confirmed flow that was judged under the epoch in force, of TCP or UDP,
 * that neither opens nor ends anything. What they do to the flow is what known() would do, without its questions.
 */
#ifndef CONNTRACK_CARRY_ON_H
#define CONNTRACK_CARRY_ON_H

#include <manx/flow.h>
#include <manx/tc.h>
#include "config.h"
#include "tcp.h"
#include "track.h"

/* The leg has said all that a leg of a confirmed flow says. */
static __always_inline bool has_said_all(const struct flow *flow, __u32 leg)
{
	return flow->said[leg] & (leg == LEG_ORIGINATOR ? SAID_GOES_ON : SAID_SOMETHING);
}

/* Not where another entry has a say: TCP's replies to a translated originator, or packets that are past nat already. */
static __always_inline bool is_alone(const struct flow *flow, __u32 leg, __u8 protocol)
{
	if (!flow->translate)
		return true;
	return flow->translate == TRANSLATE_DESTINATION ? leg == LEG_ORIGINATOR
							: leg == LEG_RESPONDER && protocol != IPPROTO_TCP;
}

static __always_inline bool carries_on(const struct note *note, const struct flow *flow, __u32 leg,
				       const struct config *config, __u64 now)
{
	if (flow->epoch[leg] != note->epoch || !note->epoch || !is_alone(flow, leg, note->protocol) ||
	    !has_said_all(flow, leg) || (__s64)(now - flow->last_ns) > (__s64)config->timeouts.shortest)
		return false;
	return note->protocol == IPPROTO_TCP ? tcp_is_plain(note, flow) : note->protocol == IPPROTO_UDP;
}

static __always_inline enum verdict carry_on(struct __sk_buff *skb, struct note *note, struct flow *flow, __u32 leg,
					     const struct config *config, __u64 now)
{
	if (note->protocol == IPPROTO_TCP) {
		enum reason reason = tcp_plain(note, flow, leg, config->window_checks);

		if (reason)
			return drop(note, reason);
	}
	flow_touch(flow, leg, skb->len, now);
	if (flow->translate)
		flow_take_translation(flow, note);
	flow_take_route(flow, leg, &note->route);
	note->flags |= leg == LEG_RESPONDER ? NOTE_KNOWN | NOTE_REPLY : NOTE_KNOWN;
	note->lane = LANE_ESTABLISHED;
	return VERDICT_NEXT;
}

#endif
