// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* settled: whether a flow has nothing more to be asked about, as conntrack asks. Nor have the packet's addresses then: the leg
 * is settled by packets that parse let through, and they were those.
 */
#ifndef FASTPATH_SETTLED_H
#define FASTPATH_SETTLED_H

#include <conntrack/src/main/bpf/carried.h>
#include <manx/epoch.h>
#include <manx/flow.h>
#include "packet.h"

static __always_inline void tuple_of_packet(const struct packet *packet, struct tuple *tuple)
{
	const __be16 *ports = l4_of(packet);

	packet_addresses(packet, &tuple->source, &tuple->destination);
	tuple->source_port = ports[0];
	tuple->destination_port = ports[1];
	tuple->version = packet->is_v4 ? 4 : 6;
	tuple->protocol = packet->protocol;
}

/* Of the reverse entry of a translated flow; NULL: there is none that is confirmed. */
static __always_inline struct flow *forward_of(const struct packet *packet, const struct flow *flow)
{
	struct tuple reply, peer;
	struct flow_key key;
	struct flow *forward;

	tuple_of_packet(packet, &reply);
	flow_peer_of(flow, &reply, &peer);
	flow_key_of(&peer, &key);
	forward = packet->is_v4 ? bpf_map_lookup_elem(&manx_flows4, &key.v4) : bpf_map_lookup_elem(&manx_flows6, &key.v6);
	return forward && flow_is_peer(flow, &reply, forward) ? forward : NULL;
}

/* Whether the packet is a translated flow's that is settled in the forward entry: then that one, else NULL. */
static __always_inline struct flow *settled_forward(const struct packet *packet, const struct flow *flow, __u32 epoch)
{
	struct flow *forward = flow->translate == TRANSLATE_SOURCE ? forward_of(packet, flow) : NULL;

	return forward && replies_carry_on(epoch, flow, forward) ? forward : NULL;
}

#endif
