// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* expire: takes out the flows that have been silent for longer than their state allows.
 *
 * The control sends these iterators through the tables, a slice at a time. A translated flow's two entries live and die together: the later of their
 * two last packets counts, and the forward entry tells for both; a reverse one without it is no use.
 */
#ifndef CONNTRACK_EXPIRE_H
#define CONNTRACK_EXPIRE_H

#include <manx/flow.h>
#include <manx/tc.h>
#include "config.h"
#include "counts.h"

/* CPUs read the clock at different moments: a packet may seem to be in the future. */
static __always_inline bool is_silent_for(const struct flow *flow, __u64 timeout, __u64 now)
{
	return (__s64)(now - flow->last_ns) > (__s64)timeout;
}

/* `packet`: as one of the leg that the entry translates. */
static __always_inline bool expire_is_due_translated(const struct timeouts *timeouts, const struct flow *flow,
						     const struct tuple *packet, __u8 protocol, __u64 now)
{
	struct flow_key key;
	const struct flow *peer = flow_find_peer(flow, packet, &key).flow;
	const struct flow *forward = flow->translate == TRANSLATE_DESTINATION ? flow : peer;
	__u64 timeout;

	if (!forward)
		return true;
	timeout = timeout_of(timeouts, forward, protocol);
	return is_silent_for(flow, timeout, now) && (!peer || is_silent_for(peer, timeout, now));
}

/* `own`: `packet` is one of the leg that the entry translates, where it translates any. */
static __always_inline bool expire_is_due(const struct timeouts *timeouts, const struct flow *flow,
					  const struct tuple *packet, bool own, __u8 protocol, __u64 now)
{
	if (!flow->translate)
		return is_silent_for(flow, timeout_of(timeouts, flow, protocol), now);
	return own && expire_is_due_translated(timeouts, flow, packet, protocol, now);
}

/* What an iterator is given, as the kernel's struct bpf_iter__bpf_map_elem. */
struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	struct bpf_map *map;
	void *key;		/* NULL, with the value: the table's end */
	void *value;
};

enum expire_limit {
	EXPIRE_SLICE = 1024,		/* entries one read looks at, while no other task has the CPU */
	LEFT_BEHIND_NS = 1000000000,	/* longer than any packet is under way between two lookups */
};

static __always_inline void end_slice(const struct bpf_iter__bpf_map_elem *context)
{
	char mark = 0;

	if (context->meta->seq_num % EXPIRE_SLICE == EXPIRE_SLICE - 1)
		bpf_seq_write(context->meta->seq, &mark, sizeof(mark));
}

/* What a young flow left behind where it was before it was confirmed. */
static __always_inline void expire_moved(const struct flow_key *key, const struct flow *flow, __u64 now)
{
	if (!is_silent_for(flow, LEFT_BEHIND_NS, now))
		return;
	if (key->version == 4)
		bpf_map_delete_elem(&manx_young4, &key->v4);
	else
		bpf_map_delete_elem(&manx_young6, &key->v6);
}

/* `packet`: as one of the leg that the entry translates. */
static __always_inline void expire(const struct config *config, const struct flow *flow, const struct tuple *packet)
{
	/* An iterator may not ask the coarse clock, which runs behind this one by less than a tick. */
	__u64 now = bpf_ktime_get_ns();
	struct flow_key key;

	flow_key_of(packet, &key);
	if (flow->flags & FLOW_MOVED) {
		expire_moved(&key, flow, now);
		return;
	}
	/* A reverse entry goes with its forward one, or is left over from one that was evicted. */
	if (flow->translate == TRANSLATE_SOURCE) {
		struct flow_key other;

		if (flow_find_peer(flow, packet, &other).flow)
			return;
	}
	if (!is_silent_for(flow, config->timeouts.shortest, now) ||
	    (__s64)(now - flow->begin_ns) <= (__s64)config->timeouts.creation_grace_period ||
	    !expire_is_due(&config->timeouts, flow, packet, true, packet->protocol, now))
		return;
	flow_delete_whole(flow, packet, &key);
	count_event(COUNT_EXPIRED);
}

/* The packet that finds an entry on the leg that it translates; the originator's, where it translates none. */
static __always_inline bool packet_is_from_b(const struct flow *flow)
{
	return flow->originator_is_b != (flow->translate == TRANSLATE_SOURCE);
}

SEC("iter/bpf_map_elem") int conntrack_expire4(struct bpf_iter__bpf_map_elem *context)
{
	const struct flow_key4 *at = context->key;
	const struct flow *flow = context->value;
	const struct config *config = config_now();
	struct tuple packet = { .version = 4 };
	bool from_b;

	if (!at || !flow || !config)
		return 0;
	end_slice(context);
	from_b = packet_is_from_b(flow);
	packet.protocol = at->protocol;
	addr_set_v4(&packet.source, from_b ? at->addr_b : at->addr_a);
	addr_set_v4(&packet.destination, from_b ? at->addr_a : at->addr_b);
	packet.source_port = from_b ? at->port_b : at->port_a;
	packet.destination_port = from_b ? at->port_a : at->port_b;
	expire(config, flow, &packet);
	return 0;
}

SEC("iter/bpf_map_elem") int conntrack_expire6(struct bpf_iter__bpf_map_elem *context)
{
	const struct flow_key6 *at = context->key;
	const struct flow *flow = context->value;
	const struct config *config = config_now();
	struct tuple packet = { .version = 6 };
	bool from_b;

	if (!at || !flow || !config)
		return 0;
	end_slice(context);
	from_b = packet_is_from_b(flow);
	packet.protocol = at->protocol;
	packet.source = from_b ? at->addr_b : at->addr_a;
	packet.destination = from_b ? at->addr_a : at->addr_b;
	packet.source_port = from_b ? at->port_b : at->port_a;
	packet.destination_port = from_b ? at->port_a : at->port_b;
	expire(config, flow, &packet);
	return 0;
}

#endif
