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
#include <manx/likely.h>
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
	const struct ipv6hdr *ip = ip_of(packet);

	flow_key_put6((const struct addr *)&ip->saddr, (const struct addr *)&ip->daddr, ports_of(packet), packet->protocol, key);
	return bpf_map_lookup_elem(&manx_flows6, &key->v6);
}

/* Whether the segment fits into its connection; then it is accounted for. */
static __always_inline bool segment_fits(const struct packet *packet, struct flow *flow, __u32 leg)
{
	struct note here;

	note_segment(&here, l4_of(packet), packet->octets);
	return tcp_plain(&here, flow, leg, true);
}

/* How the packet's way ends; VERDICT_NEXT: it has not taken it, and it, its flow and the note are as they were. `state`: the
 * entry that holds the connection's state. */
static __always_inline enum verdict take_way(struct __sk_buff *skb, struct note *note, const struct packet *packet,
					     struct flow *flow, struct flow *state, __u32 leg, __u64 now)
{
	struct flow *own = flow_of_leg(flow, leg);
	enum csum_kind kind = flow->translate ? csum_kind_of(skb) : CSUM_WHOLE;

	if (UNLIKELY(!way_is_open(skb, packet, own) || (flow->translate && !is_translatable(flow, leg, kind))))
		return VERDICT_NEXT;
	if (packet->protocol == IPPROTO_TCP && UNLIKELY(!segment_fits(packet, state, leg)))
		return VERDICT_NEXT;
	flow_touch(flow, leg, skb->len, now);
	note->lane = LANE_ESTABLISHED;
	if (flow->translate) {
		note->lane = LANE_TRANSLATED;
		translate(packet, flow, leg, kind);
	}
	return go(skb, note, packet, own);
}

/* Likewise, of a flow that need not be settled. */
static __always_inline enum verdict take_leg(struct __sk_buff *skb, struct note *note, const struct packet *packet,
					     struct flow *flow, __u32 leg)
{
	__u64 now = clock_now_ns();
	__u32 epoch = epoch_now();
	struct flow *forward;

	if (UNLIKELY(!is_awake(flow, now)))
		return VERDICT_NEXT;
	if (LIKELY(carries_on(epoch, flow, leg)))
		return take_way(skb, note, packet, flow, flow, leg, now);
	if (packet->protocol != IPPROTO_TCP || leg != LEG_RESPONDER)
		return VERDICT_NEXT;
	forward = settled_forward(packet, flow, epoch);
	return forward ? take_way(skb, note, packet, flow, forward, leg, now) : VERDICT_NEXT;
}

/* Made for each leg on its own, with that as a constant. */
static __always_inline enum verdict take_flow(struct __sk_buff *skb, struct note *note, const struct packet *packet,
					      struct flow *flow, const struct flow_key *key)
{
	return (flow->originator_is_b ^ key->source_is_b) & 1 ? take_leg(skb, note, packet, flow, LEG_RESPONDER)
							      : take_leg(skb, note, packet, flow, LEG_ORIGINATOR);
}

/* VERDICT_NEXT: what has been read of the packet is in the note. */
static __always_inline enum verdict take_packet(struct __sk_buff *skb, struct note *note, struct packet *packet)
{
	enum verdict verdict = VERDICT_NEXT;
	struct flow_key key;
	struct flow *flow;

	/* The one pointer to the packet that is kept: clang would keep those to its headers too, of few registers. */
	asm volatile("" : "+r"(packet->eth));
	flow = packet->is_v4 ? find4(packet, &key) : find6(packet, &key);
	if (LIKELY(flow))
		verdict = take_flow(skb, note, packet, flow, &key);
	if (LIKELY(verdict != VERDICT_NEXT))
		return verdict;
	/* To be asked here alone, and not by all packets beforehand. */
	asm volatile("" : "+r"(flow));
	hand_over(note, packet, flow);
	return VERDICT_NEXT;
}

/* What comes after is made for each protocol of each version on its own, with these as constants. */
static __always_inline enum verdict take_l4(struct __sk_buff *skb, struct note *note, struct plain *plain, struct packet *packet)
{
	struct note here;

	if (plain->protocol == IPPROTO_TCP) {
		packet->protocol = IPPROTO_TCP;
		if (UNLIKELY(!plain_tcp(&here, plain) || !(here.flags & NOTE_PLAIN)))
			return VERDICT_NEXT;
		packet->octets = here.tcp.end - here.tcp.seq;
		return take_packet(skb, note, packet);
	}
	if (UNLIKELY(plain->protocol != IPPROTO_UDP || !plain_udp(&here, plain)))
		return VERDICT_NEXT;
	packet->protocol = IPPROTO_UDP;
	return take_packet(skb, note, packet);
}

STAGE(fastpath)
{
	struct ethernet *eth = (void *)(long)skb->data;
	const void *end = (void *)(long)skb->data_end;
	struct packet packet = { .eth = eth };
	struct plain plain;

	if (UNLIKELY((void *)(eth + 1) > end || is_for_kernel(skb, note)))
		return VERDICT_NEXT;
	if (eth->ether_type == bpf_htons(ETH_P_IP)) {
		packet.is_v4 = true;
		return LIKELY(plain_ip4(skb, eth + 1, end, &plain)) ? take_l4(skb, note, &plain, &packet) : VERDICT_NEXT;
	}
	packet.is_v4 = false;
	if (eth->ether_type != bpf_htons(ETH_P_IPV6) || UNLIKELY(!plain_ip6(skb, eth + 1, end, &plain)))
		return VERDICT_NEXT;
	return take_l4(skb, note, &plain, &packet);
}
