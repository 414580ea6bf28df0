// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* flow: the tables of flows that conntrack reads and forward commits to.
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
 * A flow begins in a young table, where the kernel evicts the one that was silent longest. Once its
 * originator has gone on after an answer it is confirmed: copied to the table that nothing is evicted
 * from, and its young entry marked FLOW_MOVED. So a flood of flows that nobody answers costs the young
 * their places and no confirmed flow its own; and whoever misses the confirmed entry while it is made
 * still finds the young one.
 *
 * A translated flow is seen under two keys: the originator's packets carry the frontend's address, the
 * responder's the backend's. It has an entry under each, and each names the other's (flow_peer_of). TCP's
 * state is the forward entry's alone; all else is each entry's own.
 */
#ifndef MANX_FLOW_H
#define MANX_FLOW_H

#include <linux/in.h>
#include <manx/epoch.h>
#include <manx/export.h>
#include <manx/flow_event.h>
#include <manx/map.h>
#include <manx/note.h>
#include <manx/reason.h>

enum flow_limit {
	FLOWS_MAX = 512000,
	YOUNG_MAX = 65536,
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

/* What one end of a flow has said, in flow->said[leg]. Each leg's packets write their own byte: the two may
 * run on two CPUs at once. */
enum flow_said {
	SAID_SOMETHING	= 1 << 0,
	SAID_GOES_ON	= 1 << 1,	/* originator: has spoken again after an answer; TCP: has acknowledged the SYN+ACK */
	SAID_SYN	= 1 << 2,
	SAID_FIN	= 1 << 3,	/* or SCTP's SHUTDOWN */
	SAID_RESET	= 1 << 4,	/* or SCTP's ABORT */
};
EXPORT_ENUM(flow_said);

enum flow_flag {
	FLOW_MOVED	= 1 << 0,	/* young: the confirmed table has it now */
	FLOW_SYN	= 1 << 1,	/* TCP: began with a SYN, not picked up in its middle */
	FLOW_LIBERAL	= 1 << 2,	/* TCP: windows can't be known: picked up, in fragments, or opened from both ends */
	FLOW_SCALED	= 1 << 3,	/* TCP: both SYNs had a window scale option */
};
EXPORT_ENUM(flow_flag);

enum leg {
	LEG_ORIGINATOR,
	LEG_RESPONDER,
	LEGS,
};
EXPORT_ENUM(leg);

/* As an index that the verifier sees the bounds of, whatever the compiler knows of them. */
static __always_inline __u32 leg_index(enum leg leg)
{
	__u32 index = leg;

	asm volatile("" : "+r"(index));
	return index & (LEGS - 1);
}

/* One direction of a flow. */
struct flow_leg {
	__u64 packets;
	__u64 bytes;		/* from layer 2 on, as skb->len */
	struct route route;	/* where this leg's packets go, valid under flow->epoch[leg] */
};

/* One end of a TCP connection, in sequence numbers as they are compared (RFC 9293, 3.4). */
struct tcp_end {
	__u32 end;		/* one past the last octet it has sent */
	__u32 most;		/* one past the last octet that the other end's window lets it send */
	__u32 window;		/* largest it has offered, scaled; 0: it has said nothing yet */
	__u32 acked;		/* what it has acknowledged */
};

/* What every packet of the established lane reads comes first. With an IPv6 key and the kernel's own 56 bytes an
 * entry has 256: one more would cost 512. */
struct flow {
	__u64 last_ns;			/* of the last packet; coarse monotonic clock */
	__u8 said[LEGS];		/* enum flow_said */
	__u8 flags;			/* enum flow_flag */
	__u8 scales;			/* window scales: the originator's in the low half, the responder's in the high */
	__u8 originator_is_b;		/* 1: the originator is the key's end b */
	__u8 translate;			/* enum translate: what nat does to the packets that find this entry */
	__be16 new_port;
	__u32 epoch[LEGS];		/* each leg judged and routed under; 0: never */
	struct tcp_end tcp[LEGS];
	struct addr new_addr;		/* valid unless translate is TRANSLATE_NONE */
	struct flow_leg leg[LEGS];
	__u64 begin_ns;			/* made at; coarse monotonic clock */
};

MAP_FLAGS(manx_flows4, BPF_MAP_TYPE_HASH, struct flow_key4, struct flow, FLOWS_MAX, BPF_F_NO_PREALLOC);
MAP_FLAGS(manx_flows6, BPF_MAP_TYPE_HASH, struct flow_key6, struct flow, FLOWS_MAX, BPF_F_NO_PREALLOC);
MAP(manx_young4, BPF_MAP_TYPE_LRU_HASH, struct flow_key4, struct flow, YOUNG_MAX);
MAP(manx_young6, BPF_MAP_TYPE_LRU_HASH, struct flow_key6, struct flow, YOUNG_MAX);

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

/* A packet's key in the tables of its IP version. */
struct flow_key {
	union {
		struct flow_key4 v4;
		struct flow_key6 v6;
	};
	__u8 version;
	bool source_is_b;	/* the packet's source is the key's end b */
};

static __always_inline void flow_key_of(const struct tuple *tuple, struct flow_key *key)
{
	bool source_is_b = tuple_source_is_b(tuple);

	key->version = tuple->version;
	key->source_is_b = source_is_b;
	if (tuple->version == 4) {
		key->v4.addr_a = addr_v4(source_is_b ? &tuple->destination : &tuple->source);
		key->v4.addr_b = addr_v4(source_is_b ? &tuple->source : &tuple->destination);
		key->v4.port_a = source_is_b ? tuple->destination_port : tuple->source_port;
		key->v4.port_b = source_is_b ? tuple->source_port : tuple->destination_port;
		key->v4.protocol = tuple->protocol;
		key->v4.zero[0] = key->v4.zero[1] = key->v4.zero[2] = 0;
	} else {
		key->v6.addr_a = source_is_b ? tuple->destination : tuple->source;
		key->v6.addr_b = source_is_b ? tuple->source : tuple->destination;
		key->v6.port_a = source_is_b ? tuple->destination_port : tuple->source_port;
		key->v6.port_b = source_is_b ? tuple->source_port : tuple->destination_port;
		key->v6.protocol = tuple->protocol;
		key->v6.zero[0] = key->v6.zero[1] = key->v6.zero[2] = 0;
	}
}

static __always_inline struct flow *flow_confirmed(const struct flow_key *key)
{
	return key->version == 4 ? bpf_map_lookup_elem(&manx_flows4, &key->v4)
				 : bpf_map_lookup_elem(&manx_flows6, &key->v6);
}

static __always_inline struct flow *flow_young(const struct flow_key *key)
{
	return key->version == 4 ? bpf_map_lookup_elem(&manx_young4, &key->v4)
				 : bpf_map_lookup_elem(&manx_young6, &key->v6);
}

/* A flow, and which of the tables has it. */
struct found {
	struct flow *flow;	/* NULL: there is none */
	bool young;
};

/* One lookup for a confirmed flow. The third finds one that was confirmed between the first two. */
static __always_inline struct found flow_find(const struct flow_key *key)
{
	struct found found = { .flow = flow_confirmed(key) };

	if (found.flow)
		return found;
	found.flow = flow_young(key);
	found.young = true;
	if (found.flow && (found.flow->flags & FLOW_MOVED)) {
		found.flow = flow_confirmed(key);
		found.young = false;
	}
	return found;
}

/* A new flow. 0, or -EEXIST, -ENOMEM. */
static __always_inline long flow_insert(const struct flow_key *key, const struct flow *flow)
{
	const struct flow *old = flow_young(key);
	/* What a flow left behind that was confirmed, and has ended since, is no flow. */
	__u64 flags = old && (old->flags & FLOW_MOVED) ? BPF_ANY : BPF_NOEXIST;

	return key->version == 4 ? bpf_map_update_elem(&manx_young4, &key->v4, flow, flags)
				 : bpf_map_update_elem(&manx_young6, &key->v6, flow, flags);
}

/* From both tables. */
static __always_inline void flow_delete(const struct flow_key *key)
{
	if (key->version == 4) {
		bpf_map_delete_elem(&manx_young4, &key->v4);
		bpf_map_delete_elem(&manx_flows4, &key->v4);
	} else {
		bpf_map_delete_elem(&manx_young6, &key->v6);
		bpf_map_delete_elem(&manx_flows6, &key->v6);
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

/* A translated flow's other entry and its key; `packet` found `flow` on the leg that is translated. */
static __always_inline struct found flow_find_peer(const struct flow *flow, const struct tuple *packet,
						   struct flow_key *key)
{
	struct tuple other;
	struct found peer;

	flow_peer_of(flow, packet, &other);
	flow_key_of(&other, key);
	peer = flow_find(key);
	if (peer.flow && !flow_is_peer(flow, packet, peer.flow))
		peer.flow = NULL;
	return peer;
}

/* The ends of an event, from a packet of either leg that found `flow`. */
static __always_inline void flow_event_ends(struct flow_event *event, const struct flow *flow,
					    const struct tuple *packet, bool source_is_b)
{
	bool replies = flow_leg_of(flow, source_is_b) == LEG_RESPONDER;

	event->protocol = packet->protocol;
	event->source = replies ? packet->destination : packet->source;
	event->destination = replies ? packet->source : packet->destination;
	event->source_port = replies ? packet->destination_port : packet->source_port;
	event->destination_port = replies ? packet->source_port : packet->destination_port;
	if (flow->translate == TRANSLATE_SOURCE) {
		event->destination = flow->new_addr;
		if (flow->new_port)
			event->destination_port = flow->new_port;
	}
}

/* `peer`: a translated flow's other entry, or NULL. Each entry has counted its own leg. */
static __always_inline void flow_tell_end(const struct flow *flow, const struct flow *peer, const struct tuple *packet,
					  bool source_is_b)
{
	struct flow_listening *listening = flow_listening();
	struct flow_event *event = listening ? flow_event_begin(listening) : NULL;
	const struct flow *forward = flow->translate == TRANSLATE_SOURCE && peer ? peer : flow;
	const struct flow *reverse = flow->translate == TRANSLATE_DESTINATION && peer ? peer : flow;

	if (!event)
		return;
	event->kind = FLOW_ENDS;
	event->at_ns = flow->last_ns;
	flow_event_ends(event, flow, packet, source_is_b);
	event->said[LEG_ORIGINATOR] = forward->said[LEG_ORIGINATOR];
	event->said[LEG_RESPONDER] = forward->said[LEG_RESPONDER];
	event->originator_packets = forward->leg[LEG_ORIGINATOR].packets;
	event->originator_bytes = forward->leg[LEG_ORIGINATOR].bytes;
	event->responder_packets = reverse->leg[LEG_RESPONDER].packets;
	event->responder_bytes = reverse->leg[LEG_RESPONDER].bytes;
	bpf_ringbuf_submit(event, 0);
}

/* Of the forward entry, when both are made. */
static __always_inline void flow_tell_begin(const struct flow *flow, const struct tuple *packet, __u32 bytes)
{
	struct flow_listening *listening = flow_listening();
	struct flow_event *event = listening ? flow_event_begin(listening) : NULL;

	if (!event)
		return;
	event->kind = FLOW_BEGINS;
	event->at_ns = flow->begin_ns;
	event->protocol = packet->protocol;
	event->source = packet->source;
	event->destination = packet->destination;
	event->source_port = packet->source_port;
	event->destination_port = packet->destination_port;
	event->originator_packets = 1;
	event->originator_bytes = bytes;
	bpf_ringbuf_submit(event, 0);
}

/* Deletes the entry, and a translated flow's other one. `packet` found it on the leg that is translated. */
static __always_inline void flow_delete_whole(const struct flow *flow, const struct tuple *packet,
					      const struct flow_key *key)
{
	const struct flow *peer = NULL;

	if (flow->translate) {
		struct flow_key other;

		peer = flow_find_peer(flow, packet, &other).flow;
		if (peer)
			flow_delete(&other);
	}
	flow_tell_end(flow, peer, packet, key->source_is_b);
	flow_delete(key);
}

/* The originator's first segment. What a connection's middle says of windows is of no use without their scale. */
static __always_inline void flow_open_tcp(const struct note *note, struct flow *flow)
{
	struct tcp_end *from = &flow->tcp[LEG_ORIGINATOR];

	if ((note->tcp_flags & (TCP_BIT_SYN | TCP_BIT_ACK)) != TCP_BIT_SYN || note->flags & NOTE_FRAGMENT) {
		flow->flags |= FLOW_LIBERAL;
	} else {
		flow->flags |= FLOW_SYN;
		flow->said[LEG_ORIGINATOR] |= SAID_SYN;
		flow->scales = note->tcp.scale & 0xf;
		if (note->tcp.scale != NOTE_NO_SCALE)
			flow->flags |= FLOW_SCALED;
	}
	if (note->flags & NOTE_NO_PORTS)
		return;
	from->end = from->most = note->tcp.end;
	from->window = note->tcp.window ? note->tcp.window : 1;
	from->acked = note->tcp.ack;
	/* Nothing but what came before the first octet. */
	flow->tcp[LEG_RESPONDER].acked = note->tcp.seq;
}

/* The connection has ended: a SYN may begin another one under its key. */
static __always_inline bool flow_is_over(const struct flow *flow)
{
	return (flow->said[LEG_ORIGINATOR] & flow->said[LEG_RESPONDER] & SAID_FIN) ||
	       ((flow->said[LEG_ORIGINATOR] | flow->said[LEG_RESPONDER]) & SAID_RESET);
}

#endif
