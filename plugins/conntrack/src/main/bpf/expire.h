// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* expire: takes out the flows that have been silent for longer than their state allows.
 *
 * The control runs the sweeps. A translated flow's two entries live and die together: the later of their
 * two last packets counts, and the forward entry tells for both; a reverse one without it is no use.
 */
#ifndef CONNTRACK_EXPIRE_H
#define CONNTRACK_EXPIRE_H

#include <manx/flow.h>
#include <manx/tc.h>
#include "config.h"
#include "counts.h"

/* What a sweep over one table carries along. */
struct sweep {
	__u64 now_ns;
	const struct timeouts *timeouts;
	__u32 deleted;
};

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

static __always_inline void expire(struct sweep *sweep, const struct flow *flow, const struct tuple *packet,
				   const struct flow_key *key)
{
	if ((__s64)(sweep->now_ns - flow->last_ns) <= (__s64)sweep->timeouts->shortest ||
	    (__s64)(sweep->now_ns - flow->begin_ns) <= (__s64)sweep->timeouts->creation_grace_period)
		return;
	if (!expire_is_due(sweep->timeouts, flow, packet, true, packet->protocol, sweep->now_ns))
		return;
	flow_delete_whole(flow, packet, key);
	sweep->deleted++;
	count_event(COUNT_EXPIRED);
}

/* The packet that finds an entry on the leg that it translates; the originator's, where it translates none. */
static __always_inline bool packet_is_from_b(const struct flow *flow)
{
	return flow->originator_is_b != (flow->translate == TRANSLATE_SOURCE);
}

static long expire_entry4(void *map __unused, const struct flow_key4 *at, const struct flow *flow,
			  struct sweep *sweep)
{
	struct tuple packet = { .version = 4, .protocol = at->protocol };
	bool from_b = packet_is_from_b(flow);
	struct flow_key key;

	addr_set_v4(&packet.source, from_b ? at->addr_b : at->addr_a);
	addr_set_v4(&packet.destination, from_b ? at->addr_a : at->addr_b);
	packet.source_port = from_b ? at->port_b : at->port_a;
	packet.destination_port = from_b ? at->port_a : at->port_b;
	flow_key_of(&packet, &key);
	expire(sweep, flow, &packet, &key);
	return 0;
}

static long expire_entry6(void *map __unused, const struct flow_key6 *at, const struct flow *flow,
			  struct sweep *sweep)
{
	struct tuple packet = { .version = 6, .protocol = at->protocol };
	bool from_b = packet_is_from_b(flow);
	struct flow_key key;

	packet.source = from_b ? at->addr_b : at->addr_a;
	packet.destination = from_b ? at->addr_a : at->addr_b;
	packet.source_port = from_b ? at->port_b : at->port_a;
	packet.destination_port = from_b ? at->port_a : at->port_b;
	flow_key_of(&packet, &key);
	expire(sweep, flow, &packet, &key);
	return 0;
}

static __always_inline int sweep_begin(struct sweep *sweep)
{
	const struct config *config = config_now();

	if (!config)
		return -1;
	/* A syscall program may not ask the coarse clock, which runs behind this one by less than a tick. */
	sweep->now_ns = bpf_ktime_get_ns();
	sweep->timeouts = &config->timeouts;
	sweep->deleted = 0;
	return 0;
}

/* How many flows it took out. */
SEC("syscall") int conntrack_expire4(void *context __unused)
{
	struct sweep sweep;

	if (sweep_begin(&sweep))
		return 0;
	bpf_for_each_map_elem(&manx_flows4, expire_entry4, &sweep, 0);
	return sweep.deleted;
}

SEC("syscall") int conntrack_expire6(void *context __unused)
{
	struct sweep sweep;

	if (sweep_begin(&sweep))
		return 0;
	bpf_for_each_map_elem(&manx_flows6, expire_entry6, &sweep, 0);
	return sweep.deleted;
}

#endif
