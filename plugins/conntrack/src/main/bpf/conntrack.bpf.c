// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* conntrack: finds the flow a packet belongs to, follows its state, and takes what was decided about it.
 * Writes  note->epoch, tcp.scale, lane, flags, translate, new_addr, new_port, route; the flow's counters and state
 * Drops   REASON_TCP_OUT_OF_WINDOW, REASON_NO_FLOW, REASON_ICMP_ERROR_NO_FLOW
 *
 * It makes no flow: forward does, once the packet is judged (commit.h). A packet of no flow, of a leg
 * that has not been judged, or of one that was judged under another configuration takes the first lane.
 */
#include <manx/flow.h>
#include <manx/tc.h>
#include "apart.h"
#include "carry_on.h"
#include "clock.h"
#include "config.h"
#include "icmp_error.h"
#include "icmp_query.h"
#include "reopen.h"
#include "track.h"

SPLITS_LANES;

/* The entry that a packet found, and the one that holds its connection's state. Not with the key: what a helper is given
 * the address of is in memory, and this is to be in registers. */
struct match {
	struct flow *flow;
	struct flow *state;	/* NULL: the forward entry is gone */
	__u32 leg;		/* enum leg */
	bool young;
	bool own;		/* the leg's packets find this entry as their sender sends them */
};

static __always_inline struct match match_of(struct found found, const struct flow_key *key, const struct note *note)
{
	struct match match = { .flow = found.flow, .young = found.young, .state = found.flow, .own = true };

	match.leg = flow_leg_index(found.flow, key);
	if (!found.flow->translate)
		return match;
	/* The other entry is found by packets that nat has rewritten already, where the kernel routes them past a second
	 * attach point. */
	match.own = flow_has_gateway(found.flow, match.leg);
	if (found.flow->translate == TRANSLATE_SOURCE && match.own && note->protocol == IPPROTO_TCP)
		match.state = apart_peer(found.flow, note);
	return match;
}

/* No packet for longer than its state allows: what comes now is another flow. */
static __always_inline bool has_expired(const struct match *match, const struct note *note, const struct config *config,
					__u64 now)
{
	const struct flow *flow = match->flow;

	if ((__s64)(now - flow->last_ns) <= (__s64)config->timeouts.shortest)
		return false;
	return apart_is_due(&config->timeouts, flow, note, match->own, now);
}

/* A young translated flow whose other entry was evicted would go one way only. */
static __always_inline bool is_torn(const struct match *match, const struct note *note)
{
	const struct flow *flow = match->flow;

	return match->young && match->own && flow->translate == TRANSLATE_DESTINATION &&
	       !apart_has_peer(flow, note);
}

static __always_inline bool begins_anew(const struct match *match, const struct note *note)
{
	return is_syn(note) && match->state && flow_is_over(match->state);
}

/* Answers a question that nobody has asked. What the host itself says is judged: it was asked where no flow was made. */
static __always_inline bool answers_nothing(const struct note *note)
{
	const __u8 syn_ack = TCP_BIT_SYN | TCP_BIT_ACK;

	if (note->direction != DIRECTION_INGRESS)
		return false;
	return is_tcp(note) ? (note->tcp_flags & syn_ack) == syn_ack : icmp_query_of(note) == QUERY_ANSWERS;
}

static __always_inline enum verdict unknown(struct note *note, const struct config *config)
{
	if (answers_nothing(note) || (is_tcp(note) && !is_syn(note) && !config->pickup))
		return drop(note, REASON_NO_FLOW);
	if (icmp_query_of(note) == QUERY_OTHER)
		note->flags |= NOTE_NO_COMMIT;
	return VERDICT_NEXT;
}

/* Under the key of an echo's flow, and not of it. */
static __always_inline enum verdict beside(struct note *note, const struct config *config)
{
	note->flags |= NOTE_NO_COMMIT;
	return unknown(note, config);
}

/* A SYN over a live connection is judged like a new one's, and changes nothing but what an answer to it means. */
static __always_inline enum verdict syn_over_live(struct note *note, const struct match *match, __u32 bytes)
{
	note->flags |= NOTE_KNOWN | NOTE_NO_COMMIT;
	if (match->own && match->leg == LEG_ORIGINATOR && !(note->flags & NOTE_FRAGMENT))
		reopen_ask(note, match->state, bytes);
	if (match->own && match->flow->translate)
		flow_take_translation(match->flow, note);
	return VERDICT_NEXT;
}

/* No windows are known of what both ends open at once, and each SYN may come by twice. */
static __always_inline bool is_opening(const struct match *match)
{
	const struct flow *state = match->state;

	return !state || (!state->tcp[LEG_RESPONDER].window &&
			  (!(state->flags & FLOW_LIBERAL) || state->said[LEG_RESPONDER] & SAID_SYN));
}

/* A SYN+ACK or RST+ACK of the responder, which has answered the connection's own SYN already. */
static __always_inline bool may_answer_syn(const struct note *note, const struct match *match)
{
	return note->tcp_flags & (TCP_BIT_SYN | TCP_BIT_RST) && note->tcp_flags & TCP_BIT_ACK && is_tcp(note) &&
	       match->leg == LEG_RESPONDER && match->state && !is_opening(match);
}

static __always_inline enum reason follow(struct __sk_buff *skb, const struct note *note, const struct match *match,
					  const struct config *config)
{
	if (note->protocol != IPPROTO_TCP)
		return track(skb, note, match->flow, match->leg);
	if (!match->state)
		return REASON_NONE;
	if (may_answer_syn(note, match) && reopen_answered(note, match->flow, match->state))
		return REASON_NONE;
	return apart_tcp(note, match->state, match->leg, windows_are_checked(config));
}

static __always_inline enum verdict known(struct __sk_buff *skb, struct note *note, const struct match *match,
					  const struct flow_key *key, const struct config *config, __u64 now)
{
	struct flow *flow = match->flow;

	if (is_syn(note) && !is_opening(match))
		return syn_over_live(note, match, skb->len);
	if (match->own) {
		enum reason reason = follow(skb, note, match, config);

		if (reason)
			return drop(note, reason);
		if (flow->translate)
			flow_take_translation(flow, note);
	}
	flow_touch(flow, match->leg, skb->len, now);
	if (match->young && match->own && is_confirmed_by(flow, match->leg, note->protocol))
		apart_confirm(note, key, flow);
	note->flags |= match->leg == LEG_RESPONDER ? NOTE_KNOWN | NOTE_REPLY : NOTE_KNOWN;
	if (flow->epoch[match->leg] == note->epoch && note->epoch) {
		flow_take_route(flow, match->leg, &note->route);
		note->lane = note->translate ? LANE_TRANSLATED : LANE_ESTABLISHED;
		if (note->flags & NOTE_PLAIN)
			settle(flow, match->state, match->leg, note->protocol);
	}
	return VERDICT_NEXT;
}

/* What is not on the short way. */
static __always_inline enum verdict closer_look(struct __sk_buff *skb, struct note *note, struct found found,
						const struct flow_key *key, __u64 now)
{
	const struct config *config = config_now();
	struct match match;

	if (!config)
		return VERDICT_NEXT;
	if (is_tcp(note) && note->tcp_flags & TCP_BIT_SYN)
		note->tcp.scale = segment_scale(skb, note->l4_offset);
	if (!found.flow)
		found = flow_find_young(key);
	if (!found.flow)
		return unknown(note, config);
	match = match_of(found, key, note);
	if (has_expired(&match, note, config, now) || is_torn(&match, note) || begins_anew(&match, note)) {
		apart_delete(match.flow, note, key);
		return unknown(note, config);
	}
	if (!icmp_query_fits(note, match.leg))
		return beside(note, config);
	return known(skb, note, &match, key, config, now);
}

/* The key, all but its version, is made where it is looked up under: which it is is asked but once. */
static __always_inline struct flow *find_confirmed(const struct note *note, struct flow_key *key)
{
	__u32 ports = flow_key_ports_of(note);

	if (note->version == 4) {
		flow_key_put4(addr_v4(&note->source), addr_v4(&note->destination), ports, note->protocol, key);
		return note->flags & NOTE_MISSED ? NULL : bpf_map_lookup_elem(&manx_flows4, &key->v4);
	}
	flow_key_put6(&note->source, &note->destination, ports, note->protocol, key);
	return note->flags & NOTE_MISSED ? NULL : bpf_map_lookup_elem(&manx_flows6, &key->v6);
}

STAGE(conntrack)
{
	__u64 now = clock_now_ns();
	struct flow_key key;
	struct found found = {};

	note->epoch = epoch_now();
	if (note->flags & NOTE_ICMP_ERROR)
		return icmp_error(skb, note);
	found.flow = find_confirmed(note, &key);
	if (found.flow && note->flags & NOTE_PLAIN) {
		__u32 leg = flow_leg_index(found.flow, &key);

		if (carries_on(note->epoch, found.flow, leg) && is_awake(found.flow, now))
			return carry_on(skb, note, found.flow, leg, now);
	}
	key.version = note->version;
	return closer_look(skb, note, found, &key, now);
}
