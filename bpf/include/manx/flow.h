// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* flow: the table of flows that conntrack reads and forward commits to.
 *
 * Both directions of a flow have one key: the lower end (address, port) is a, the other b.
 *
 *  0               4               8          10         12   13        16 bytes
 *  +---------------+---------------+----------+----------+----+----------+
 *  | addr_a (be32) | addr_b (be32) | port_a   | port_b   |prot| zero     |   IPv4
 *  +---------------+---------------+----------+----------+----+----------+
 *
 *  0               16              32         34         36   37        40 bytes
 *  +---------------+---------------+----------+----------+----+----------+
 *  | addr_a        | addr_b        | port_a   | port_b   |prot| zero     |   IPv6
 *  +---------------+---------------+----------+----------+----+----------+
 *
 * A translated flow is seen under two keys: the originator's packets carry the frontend's address, the
 * responder's the backend's. It has an entry under each, and each names the other's (flow_peer_of):
 * every packet is still one lookup.
 */
#ifndef MANX_FLOW_H
#define MANX_FLOW_H

#include <linux/in.h>
#include <manx/epoch.h>
#include <manx/export.h>
#include <manx/map.h>
#include <manx/note.h>
#include <manx/reason.h>

enum flow_limit {
	FLOWS_MAX = 512000,
};
EXPORT_ENUM(flow_limit);

struct flow_key4 {
	__be32 addr_a;
	__be32 addr_b;
	__be16 port_a;
	__be16 port_b;
	__u8 protocol;
	__u8 zero[3];
};

struct flow_key6 {
	struct addr addr_a;
	struct addr addr_b;
	__be16 port_a;
	__be16 port_b;
	__u8 protocol;
	__u8 zero[3];
};

/* What has been seen of a flow, in flow->seen. */
enum flow_seen {
	FLOW_REPLIED		= 1 << 0,	/* the responder has answered */
	FLOW_ESTABLISHED	= 1 << 1,	/* TCP: the handshake is complete; others: both have spoken */
	FLOW_FIN_ORIGINATOR	= 1 << 2,
	FLOW_FIN_RESPONDER	= 1 << 3,
	FLOW_RESET		= 1 << 4,
	FLOW_SYN		= 1 << 5,	/* TCP: began with a SYN, not picked up in its middle */
};
EXPORT_ENUM(flow_seen);

enum leg {
	LEG_ORIGINATOR,
	LEG_RESPONDER,
	LEGS,
};
EXPORT_ENUM(leg);

/* One direction of a flow. */
struct flow_leg {
	__u64 packets;
	__u64 bytes;		/* from layer 2 on, as skb->len */
	struct route route;	/* where this leg's packets go, valid under that epoch */
	__u32 epoch;		/* judged and routed under; 0: never */
	__u32 pad;
};

struct flow {
	__u64 last_ns;			/* of the last packet; coarse monotonic clock */
	__u32 seen;			/* enum flow_seen */
	__u8 originator_is_b;		/* 1: the originator is the key's end b */
	__u8 translate;			/* enum translate: what nat does to the packets that find this entry */
	__be16 new_port;
	struct addr new_addr;		/* valid unless translate is TRANSLATE_NONE */
	struct flow_leg leg[LEGS];
	__u64 begin_ns;			/* made at; coarse monotonic clock */
};

MAP_FLAGS(manx_flows4, BPF_MAP_TYPE_HASH, struct flow_key4, struct flow, FLOWS_MAX, BPF_F_NO_PREALLOC);
MAP_FLAGS(manx_flows6, BPF_MAP_TYPE_HASH, struct flow_key6, struct flow, FLOWS_MAX, BPF_F_NO_PREALLOC);

/* The two ends of a packet, as the packet carries them. */
struct tuple {
	struct addr source;
	struct addr destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 version;
	__u8 protocol;
};

static __always_inline void tuple_of(const struct note *note, struct tuple *tuple)
{
	tuple->source = note->source;
	tuple->destination = note->destination;
	tuple->source_port = note->source_port;
	tuple->destination_port = note->destination_port;
	tuple->version = note->version;
	tuple->protocol = note->protocol;
}

/* The same packet after nat: whom the responder answers, and as whom. */
static __always_inline void tuple_after_nat(const struct note *note, struct tuple *tuple)
{
	tuple_of(note, tuple);
	if (note->translate == TRANSLATE_DESTINATION) {
		tuple->destination = note->new_addr;
		if (note->new_port)
			tuple->destination_port = note->new_port;
	} else if (note->translate == TRANSLATE_SOURCE) {
		tuple->source = note->new_addr;
		if (note->new_port)
			tuple->source_port = note->new_port;
	}
}

/* -1, 0, 1 in an order that is the same for both directions; any order will do. */
static __always_inline int addr_order(const struct addr *x, const struct addr *y)
{
	for (int i = 0; i < 4; i++)
		if (x->word[i] != y->word[i])
			return x->word[i] < y->word[i] ? -1 : 1;
	return 0;
}

/* Whether the source is the key's end b. */
static __always_inline bool tuple_source_is_b(const struct tuple *tuple)
{
	int order = tuple->version == 4
		? (addr_v4(&tuple->source) == addr_v4(&tuple->destination) ? 0
		   : addr_v4(&tuple->source) < addr_v4(&tuple->destination) ? -1 : 1)
		: addr_order(&tuple->source, &tuple->destination);

	return order ? order > 0 : tuple->source_port > tuple->destination_port;
}

static __always_inline void flow_key4_of(const struct tuple *tuple, bool source_is_b, struct flow_key4 *key)
{
	key->addr_a = addr_v4(source_is_b ? &tuple->destination : &tuple->source);
	key->addr_b = addr_v4(source_is_b ? &tuple->source : &tuple->destination);
	key->port_a = source_is_b ? tuple->destination_port : tuple->source_port;
	key->port_b = source_is_b ? tuple->source_port : tuple->destination_port;
	key->protocol = tuple->protocol;
	key->zero[0] = key->zero[1] = key->zero[2] = 0;
}

static __always_inline void flow_key6_of(const struct tuple *tuple, bool source_is_b, struct flow_key6 *key)
{
	key->addr_a = source_is_b ? tuple->destination : tuple->source;
	key->addr_b = source_is_b ? tuple->source : tuple->destination;
	key->port_a = source_is_b ? tuple->destination_port : tuple->source_port;
	key->port_b = source_is_b ? tuple->source_port : tuple->destination_port;
	key->protocol = tuple->protocol;
	key->zero[0] = key->zero[1] = key->zero[2] = 0;
}

static __always_inline struct flow *flow_find(const struct tuple *tuple)
{
	bool source_is_b = tuple_source_is_b(tuple);

	if (tuple->version == 4) {
		struct flow_key4 key;

		flow_key4_of(tuple, source_is_b, &key);
		return bpf_map_lookup_elem(&manx_flows4, &key);
	} else {
		struct flow_key6 key;

		flow_key6_of(tuple, source_is_b, &key);
		return bpf_map_lookup_elem(&manx_flows6, &key);
	}
}

/* 0, or -EEXIST, -E2BIG (full), -ENOMEM. */
static __always_inline long flow_insert(const struct tuple *tuple, const struct flow *flow)
{
	bool source_is_b = tuple_source_is_b(tuple);

	if (tuple->version == 4) {
		struct flow_key4 key;

		flow_key4_of(tuple, source_is_b, &key);
		return bpf_map_update_elem(&manx_flows4, &key, flow, BPF_NOEXIST);
	} else {
		struct flow_key6 key;

		flow_key6_of(tuple, source_is_b, &key);
		return bpf_map_update_elem(&manx_flows6, &key, flow, BPF_NOEXIST);
	}
}

static __always_inline void flow_delete(const struct tuple *tuple)
{
	bool source_is_b = tuple_source_is_b(tuple);

	if (tuple->version == 4) {
		struct flow_key4 key;

		flow_key4_of(tuple, source_is_b, &key);
		bpf_map_delete_elem(&manx_flows4, &key);
	} else {
		struct flow_key6 key;

		flow_key6_of(tuple, source_is_b, &key);
		bpf_map_delete_elem(&manx_flows6, &key);
	}
}

static __always_inline enum leg flow_leg_of(const struct flow *flow, bool source_is_b)
{
	return flow->originator_is_b == source_is_b ? LEG_ORIGINATOR : LEG_RESPONDER;
}

/* The tuple under which a translated flow's other entry is found, from a packet that found `flow` on the
 * leg that is translated: the originator's for a forward entry, the responder's for a reverse one. */
static __always_inline void flow_peer_of(const struct flow *flow, const struct tuple *packet, struct tuple *peer)
{
	*peer = *packet;
	if (flow->translate == TRANSLATE_DESTINATION) {
		peer->destination = flow->new_addr;
		if (flow->new_port)
			peer->destination_port = flow->new_port;
	} else {
		peer->source = flow->new_addr;
		if (flow->new_port)
			peer->source_port = flow->new_port;
	}
}

/* Whether `peer`, found by flow_peer_of(flow, packet), is flow's other entry and not a later flow's. */
static __always_inline bool flow_is_peer(const struct flow *flow, const struct tuple *packet, const struct flow *peer)
{
	return peer->translate + flow->translate == TRANSLATE_DESTINATION + TRANSLATE_SOURCE &&
	       addr_equal(&peer->new_addr, flow->translate == TRANSLATE_DESTINATION ? &packet->destination
										     : &packet->source);
}

/* Deletes the entry, and a translated flow's other one. `packet` found it on the leg that is translated. */
static __always_inline void flow_delete_whole(const struct flow *flow, const struct tuple *packet)
{
	if (flow->translate) {
		struct tuple other;
		const struct flow *peer;

		flow_peer_of(flow, packet, &other);
		peer = flow_find(&other);
		if (peer && flow_is_peer(flow, packet, peer))
			flow_delete(&other);
	}
	flow_delete(packet);
}

/* The connection has ended: a SYN may begin another one under its key. */
static __always_inline bool flow_is_over(const struct flow *flow)
{
	const __u32 both = FLOW_FIN_ORIGINATOR | FLOW_FIN_RESPONDER;

	return (flow->seen & both) == both || (flow->seen & FLOW_RESET);
}

#endif
