// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* carry_on: the short way of nearly all packets, those that carried.h tells. What they do to the flow is what known() would
 * do, without its questions.
 */
#ifndef CONNTRACK_CARRY_ON_H
#define CONNTRACK_CARRY_ON_H

#include <manx/tc.h>
#include "carried.h"
#include "config.h"

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
