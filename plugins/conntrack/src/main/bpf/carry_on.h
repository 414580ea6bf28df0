// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* carry_on: the short way of nearly all packets: plain ones (NOTE_PLAIN) of a confirmed flow that was judged under the epoch in
 * force, on a leg that has said all it has to. What they do to the flow is what known() would do, without its questions.
 */
#ifndef CONNTRACK_CARRY_ON_H
#define CONNTRACK_CARRY_ON_H

#include <manx/flow.h>
#include <manx/tc.h>
#include "config.h"
#include "tcp.h"
#include "track.h"

/* Not where another entry has a say: TCP's replies to a translated originator, or packets that are past nat already. */
static __always_inline bool is_alone(const struct flow *flow, __u32 leg, __u8 protocol)
{
	if (!flow->translate)
		return true;
	return flow->translate == TRANSLATE_DESTINATION ? leg == LEG_ORIGINATOR
							: leg == LEG_RESPONDER && protocol != IPPROTO_TCP;
}

/* What is so of a leg, and stays so, once its plain packets need no closer look. */
static __always_inline bool has_said_all(const struct flow *flow, __u32 leg, __u8 protocol)
{
	if (!(flow->said[leg] & (leg == LEG_ORIGINATOR ? SAID_GOES_ON : SAID_SOMETHING)) || !is_alone(flow, leg, protocol))
		return false;
	return protocol != IPPROTO_TCP || (flow->tcp[LEG_ORIGINATOR].window && flow->tcp[LEG_RESPONDER].window);
}

/* No leg that was ever judged under epoch 0, which is none, has SAID_ALL. */
static __always_inline bool carries_on(const struct note *note, const struct flow *flow, __u32 leg)
{
	return flow->epoch[leg] == note->epoch && flow->said[leg] & SAID_ALL && !(flow->flags & FLOW_LIBERAL);
}

/* Not silent for so long that it may have ended. */
static __always_inline bool is_awake(const struct flow *flow, __u64 now)
{
	const struct config *config;

	if (flow->last_ns == now)
		return true;
	config = config_now();
	return config && (__s64)(now - flow->last_ns) <= (__s64)config->timeouts.shortest;
}

/* A packet that is dropped leaves nothing in the flow, not even the time: what a table's migration may still have to write there
 * is not to be taken for older than it. */
static __always_inline enum verdict carry_on(struct __sk_buff *skb, struct note *note, struct flow *flow, __u32 leg, __u64 now)
{
	if (note->protocol == IPPROTO_TCP && !tcp_plain(note, flow, leg, true)) {
		if (windows_are_checked(config_now()))
			return drop(note, REASON_TCP_OUT_OF_WINDOW);
		tcp_plain(note, flow, leg, false);
	}
	flow_touch(flow, leg, skb->len, now);
	note->lane = LANE_ESTABLISHED;
	if (flow->translate) {
		flow_take_translation(flow, note);
		note->lane = LANE_TRANSLATED;
	}
	flow_take_route(flow, leg, &note->route);
	note->flags |= leg == LEG_RESPONDER ? NOTE_KNOWN | NOTE_REPLY : NOTE_KNOWN;
	return VERDICT_NEXT;
}

#endif
