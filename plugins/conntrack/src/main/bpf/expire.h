// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* expire: takes out the flows that have been silent for longer than their state allows.
 *
 * The control runs conntrack_expire4 and conntrack_expire6 once a second. A translated flow's two
 * entries live and die together: the later of their two last packets counts.
 */
#ifndef CONNTRACK_EXPIRE_H
#define CONNTRACK_EXPIRE_H

#include <linux/in6.h>
#include <manx/flow.h>
#include <manx/tc.h>

/* How long a flow may be silent, by its state; nanoseconds. Filled in by the control. */
struct timeouts {
	__u64 tcp_syn_sent;
	__u64 tcp_established;
	__u64 tcp_fins_seen;
	__u64 tcp_reset_seen;
	__u64 udp;
	__u64 icmp;
	__u64 generic;
};

/* What they are unless configured; seconds. The names are those of Calico's bpfConntrackTimeouts. */
enum timeout_seconds {
	TIMEOUT_TCP_SYN_SENT = 20,
	TIMEOUT_TCP_ESTABLISHED = 3600,
	TIMEOUT_TCP_FINS_SEEN = 30,
	TIMEOUT_TCP_RESET_SEEN = 40,
	TIMEOUT_UDP = 60,
	TIMEOUT_ICMP = 5,
	TIMEOUT_GENERIC = 600,
};
EXPORT_ENUM(timeout_seconds);

MAP(timeouts, BPF_MAP_TYPE_ARRAY, __u32, struct timeouts, 1);

/* What a sweep over one table carries along. */
struct sweep {
	__u64 now_ns;
	const struct timeouts *timeouts;
	__u32 deleted;
};

static __always_inline __u64 timeout_of_tcp(const struct timeouts *timeouts, __u32 seen)
{
	const __u32 fins = FLOW_FIN_ORIGINATOR | FLOW_FIN_RESPONDER;

	if (seen & FLOW_RESET)
		return timeouts->tcp_reset_seen;
	/* The far FIN shortens the timeout; one alone does not: the other end may go on sending. */
	if ((seen & fins) == fins)
		return timeouts->tcp_fins_seen;
	return seen & FLOW_ESTABLISHED ? timeouts->tcp_established : timeouts->tcp_syn_sent;
}

static __always_inline __u64 timeout_of(const struct timeouts *timeouts, __u8 protocol, __u32 seen)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return timeout_of_tcp(timeouts, seen);
	case IPPROTO_UDP:
		return timeouts->udp;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return timeouts->icmp;
	default:
		return timeouts->generic;
	}
}

/* CPUs read the clock at different moments: a packet may seem to be in the future. */
static __always_inline bool is_silent(const struct sweep *sweep, const struct flow *flow, __u8 protocol)
{
	__s64 silent = sweep->now_ns - flow->last_ns;

	return silent > (__s64)timeout_of(sweep->timeouts, protocol, flow->seen);
}

/* `packet`: as one of the leg that the entry translates. */
static __always_inline void expire(struct sweep *sweep, const struct flow *flow, const struct tuple *packet)
{
	struct tuple other;
	const struct flow *peer;

	if (!flow->translate) {
		flow_delete(packet);
		sweep->deleted++;
		return;
	}
	flow_peer_of(flow, packet, &other);
	peer = flow_find(&other);
	if (peer && flow_is_peer(flow, packet, peer)) {
		if (!is_silent(sweep, peer, packet->protocol))
			return;
		flow_delete(&other);
	}
	flow_delete(packet);
	sweep->deleted++;
}

static long expire_entry4(void *map __unused, const struct flow_key4 *key, const struct flow *flow,
			  struct sweep *sweep)
{
	struct tuple packet = { .version = 4, .protocol = key->protocol };
	bool from_b;

	if (!is_silent(sweep, flow, key->protocol))
		return 0;
	from_b = flow->originator_is_b != (flow->translate == TRANSLATE_SOURCE);
	addr_set_v4(&packet.source, from_b ? key->addr_b : key->addr_a);
	addr_set_v4(&packet.destination, from_b ? key->addr_a : key->addr_b);
	packet.source_port = from_b ? key->port_b : key->port_a;
	packet.destination_port = from_b ? key->port_a : key->port_b;
	expire(sweep, flow, &packet);
	return 0;
}

static long expire_entry6(void *map __unused, const struct flow_key6 *key, const struct flow *flow,
			  struct sweep *sweep)
{
	struct tuple packet = { .version = 6, .protocol = key->protocol };
	bool from_b;

	if (!is_silent(sweep, flow, key->protocol))
		return 0;
	from_b = flow->originator_is_b != (flow->translate == TRANSLATE_SOURCE);
	packet.source = from_b ? key->addr_b : key->addr_a;
	packet.destination = from_b ? key->addr_a : key->addr_b;
	packet.source_port = from_b ? key->port_b : key->port_a;
	packet.destination_port = from_b ? key->port_a : key->port_b;
	expire(sweep, flow, &packet);
	return 0;
}

static __always_inline int sweep_begin(struct sweep *sweep)
{
	__u32 zero = 0;

	/* A syscall program may not ask the coarse clock, which runs behind this one by less than a tick. */
	sweep->now_ns = bpf_ktime_get_ns();
	sweep->timeouts = bpf_map_lookup_elem(&timeouts, &zero);
	sweep->deleted = 0;
	return sweep->timeouts ? 0 : -1;
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
