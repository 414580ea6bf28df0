// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* flow: the tables of flows that conntrack reads and forward commits to.
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

#include <stddef.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <manx/epoch.h>
#include <manx/export.h>
#include <manx/flow_count.h>
#include <manx/flow_entry.h>
#include <manx/flow_event.h>
#include <manx/flow_key.h>
#include <manx/map.h>
#include <manx/note.h>
#include <manx/reason.h>

enum flow_limit {
	FLOWS_MAX = 512000,
	YOUNG_MAX = 81920,
};
EXPORT_ENUM(flow_limit);

MAP_FLAGS(manx_flows4, BPF_MAP_TYPE_HASH, struct flow_key4, struct flow, FLOWS_MAX, BPF_F_NO_PREALLOC);
MAP_FLAGS(manx_flows6, BPF_MAP_TYPE_HASH, struct flow_key6, struct flow, FLOWS_MAX, BPF_F_NO_PREALLOC);
MAP(manx_young4, BPF_MAP_TYPE_LRU_HASH, struct flow_key4, struct flow, YOUNG_MAX);
MAP(manx_young6, BPF_MAP_TYPE_LRU_HASH, struct flow_key6, struct flow, YOUNG_MAX);

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

/* Where flow_confirmed() has found none. The second lookup finds one that was confirmed between the first two. */
static __always_inline struct found flow_find_young(const struct flow_key *key)
{
	struct found found = { .flow = flow_young(key), .young = true };

	if (found.flow && (found.flow->flags & FLOW_MOVED)) {
		found.flow = flow_confirmed(key);
		found.young = false;
	}
	return found;
}

static __always_inline long flow_put_young(const struct flow_key *key, const struct flow *flow, __u64 flags)
{
	return key->version == 4 ? bpf_map_update_elem(&manx_young4, &key->v4, flow, flags)
				 : bpf_map_update_elem(&manx_young6, &key->v6, flow, flags);
}

/* One lookup for a confirmed flow. */
static __always_inline struct found flow_find(const struct flow_key *key)
{
	struct found found = { .flow = flow_confirmed(key) };

	return found.flow ? found : flow_find_young(key);
}

/* A new flow. 0, or -EEXIST, -ENOMEM. */
static __always_inline long flow_insert(const struct flow_key *key, const struct flow *flow)
{
	long err = flow_put_young(key, flow, BPF_NOEXIST);
	const struct flow *old;

	if (err != -EEXIST)
		return err;
	old = flow_young(key);
	/* What a flow left behind that was confirmed, and has ended since, is no flow. */
	return old && (old->flags & FLOW_MOVED) ? flow_put_young(key, flow, BPF_ANY) : err;
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

/* All that a route has behind its gateway, by one read and one write. */
typedef __u64 __attribute__((may_alias)) route_word;

_Static_assert(offsetof(struct flow_leg, ifindex) % sizeof(route_word) == 0 &&
	       offsetof(struct note, route.ifindex) % sizeof(route_word) == 0 &&
	       sizeof(struct route) == offsetof(struct route, ifindex) + sizeof(route_word) &&
	       sizeof(struct flow_leg) == offsetof(struct flow_leg, ifindex) + sizeof(route_word), "words of a route");

static __always_inline void flow_keep_route(struct flow *flow, __u32 leg, const struct route *route)
{
	*(route_word *)&flow->leg[leg].ifindex = *(const route_word *)&route->ifindex;
	if (route->via)
		flow->gateway[leg] = route->gateway;
}

static __always_inline void flow_take_route(struct flow *flow, __u32 leg, struct route *route)
{
	const struct flow *own = flow_of_leg(flow, leg);

	*(route_word *)&route->ifindex = *(const route_word *)&own->leg->ifindex;
	if (own->leg->via)
		route->gateway = *own->gateway;
}

/* A packet of the leg, now. */
static __always_inline void flow_touch(struct flow *flow, __u32 leg, __u32 bytes, __u64 now)
{
	flow->last_ns = now;
	flow_count(flow, leg, bytes);
}

static __always_inline void flow_take_translation(const struct flow *flow, struct note *note)
{
	note->translate = flow->translate;
	note->new_addr = *flow_new_addr(flow);
	note->new_port = flow->new_port;
}

/* As flow_leg_of, and as leg_index. */
static __always_inline __u32 flow_leg_index(const struct flow *flow, const struct flow_key *key)
{
	__u32 index = flow->originator_is_b ^ key->source_is_b;

	asm volatile("" : "+r"(index));
	return index & (LEGS - 1);
}

static __always_inline enum leg flow_leg_of(const struct flow *flow, bool source_is_b)
{
	return (flow->originator_is_b ^ source_is_b) & 1 ? LEG_RESPONDER : LEG_ORIGINATOR;
}

/* The tuple under which a translated flow's other entry is found, from a packet that found `flow` on the
 * leg that is translated: the originator's for a forward entry, the responder's for a reverse one. */
static __always_inline void flow_peer_of(const struct flow *flow, const struct tuple *packet, struct tuple *peer)
{
	*peer = *packet;
	if (flow->translate == TRANSLATE_DESTINATION) {
		peer->destination = *flow_new_addr(flow);
		if (flow->new_port)
			peer->destination_port = flow->new_port;
	} else {
		peer->source = *flow_new_addr(flow);
		if (flow->new_port)
			peer->source_port = flow->new_port;
	}
}

/* Whether `peer`, found by flow_peer_of(flow, packet), is flow's other entry and not a later flow's. */
static __always_inline bool flow_is_peer(const struct flow *flow, const struct tuple *packet, const struct flow *peer)
{
	if (peer->translate + flow->translate != TRANSLATE_DESTINATION + TRANSLATE_SOURCE)
		return false;
	return flow->translate == TRANSLATE_DESTINATION ? addr_equal(flow_new_addr(peer), &packet->destination)
							: addr_equal(flow_new_addr(peer), &packet->source);
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
		event->destination = *flow_new_addr(flow);
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
	event->originator_packets = flow_packets(forward, LEG_ORIGINATOR);
	event->originator_bytes = flow_bytes(forward, LEG_ORIGINATOR);
	event->responder_packets = flow_packets(reverse, LEG_RESPONDER);
	event->responder_bytes = flow_bytes(reverse, LEG_RESPONDER);
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
		if (note->tcp.scale != NOTE_NO_SCALE) {
			flow->scales = note->tcp.scale & 0xf;
			flow->flags |= FLOW_SCALED;
		}
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
