// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* fastpath: what parse, conntrack, nat and forward do with nearly all packets, in one program: plain ones of a settled flow.
 * Writes  the flow, note->lane; skb->mark, and of the packet what nat and forward write     Drops  REASON_REDIRECT_FAILED
 *
 * What a packet is asked, and what is done with it, is in their headers; here it is put together, with in registers what they
 * tell each other by the note. A packet that fails any question goes on as it came, to be asked by them: nothing of it or of
 * its flow has been touched by then. Manx has packets take this way only where those four are the very programs that it was
 * built with, and where no other stage would see the packets: see bnd.bnd.
 */
#include <conntrack/src/main/bpf/clock.h>
#include <manx/flow.h>
#include <manx/tc.h>
#include "handover.h"
#include "packet.h"
#include "settled.h"
#include "way.h"

static __always_inline struct flow *find4(const struct packet *packet, struct flow_key *key)
{
	const struct iphdr *ip = ip_of(packet);

	flow_key_put4(ip->saddr, ip->daddr, ports_of(packet), packet->protocol, key);
	return bpf_map_lookup_elem(&manx_flows4, &key->v4);
}

static __always_inline struct flow *find6(const struct packet *packet, struct flow_key *key)
{
	struct tuple ends;

	packet_addresses(packet, &ends.source, &ends.destination);
	flow_key_put6(&ends.source, &ends.destination, ports_of(packet), packet->protocol, key);
	return bpf_map_lookup_elem(&manx_flows6, &key->v6);
}

/* Whether the segment fits into its connection; then it is accounted for. */
static __always_inline bool segment_fits(const struct packet *packet, struct flow *flow, __u32 leg)
{
	struct note here;

	note_segment(&here, l4_of(packet), packet->octets);
	return tcp_plain(&here, flow, leg, true);
}

/* Whether the packet has taken its way, and then how it ended. Else it, its flow and the note are as they were. */
static __always_inline bool take_way(struct __sk_buff *skb, struct note *note, const struct packet *packet, struct flow *flow,
				     __u32 leg, enum verdict *verdict)
{
	const struct flow *own = flow_of_leg(flow, leg);
	__u64 now = clock_now_ns();
	struct flow *state = settled_state(packet, flow, leg, now);

	if (!state || !way_is_open(skb, packet, flow, own))
		return false;
	if (packet->protocol == IPPROTO_TCP && !segment_fits(packet, state, leg))
		return false;
	flow_touch(flow, leg, skb->len, now);
	note->lane = LANE_ESTABLISHED;
	if (flow->translate) {
		note->lane = LANE_TRANSLATED;
		translate(skb, packet, flow);
	}
	*verdict = go(skb, note, packet, own);
	return true;
}

/* Likewise; but what has been read of the packet is in the note. */
static __always_inline bool take_flow(struct __sk_buff *skb, struct note *note, const struct packet *packet,
				      enum verdict *verdict)
{
	struct flow_key key;
	struct flow *flow = packet->is_v4 ? find4(packet, &key) : find6(packet, &key);

	if (flow && take_way(skb, note, packet, flow, flow_leg_index(flow, &key), verdict))
		return true;
	hand_over(note, packet, flow);
	return false;
}

/* What comes after is made for each protocol of each version on its own, with these as constants. */
static __always_inline bool take_l4(struct __sk_buff *skb, struct note *note, struct plain *plain, struct packet *packet,
				    enum verdict *verdict)
{
	struct note here;

	if (plain->protocol == IPPROTO_TCP) {
		packet->protocol = IPPROTO_TCP;
		if (!plain_tcp(&here, plain) || !(here.flags & NOTE_PLAIN))
			return false;
		packet->octets = plain->bytes - ((struct tcphdr *)l4_of(packet))->doff * 4;
		return take_flow(skb, note, packet, verdict);
	}
	if (plain->protocol != IPPROTO_UDP || !plain_udp(&here, plain))
		return false;
	packet->protocol = IPPROTO_UDP;
	return take_flow(skb, note, packet, verdict);
}

static __always_inline bool take_any(struct __sk_buff *skb, struct note *note, enum verdict *verdict)
{
	const struct ethernet *eth = (void *)(long)skb->data;
	const void *end = (void *)(long)skb->data_end;
	struct packet packet = { .eth = (void *)eth };
	struct plain plain;
	struct note here;

	if ((void *)(eth + 1) > end || is_for_kernel(skb, note))
		return false;
	if (eth->ether_type == bpf_htons(ETH_P_IP)) {
		packet.is_v4 = true;
		return plain_ip4(skb, &here, eth + 1, end, &plain) && take_l4(skb, note, &plain, &packet, verdict);
	}
	packet.is_v4 = false;
	return eth->ether_type == bpf_htons(ETH_P_IPV6) && plain_ip6(skb, &here, eth + 1, end, &plain) &&
	       take_l4(skb, note, &plain, &packet, verdict);
}

STAGE(fastpath)
{
	enum verdict verdict;

	return take_any(skb, note, &verdict) ? verdict : VERDICT_NEXT;
}
