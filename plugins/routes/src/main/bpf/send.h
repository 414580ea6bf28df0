// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* send: sends an allowed packet where its route says. */
#ifndef ROUTES_SEND_H
#define ROUTES_SEND_H

#include <manx/tc.h>
#include "hop.h"
#include "macs.h"

#define AF_INET 2
#define AF_INET6 10

/* The egress of the interface the packet leaves by is to let it go. */
static __always_inline void mark_judged(struct __sk_buff *skb)
{
	skb->mark = (skb->mark & ~MARK_MASK) | MARK_JUDGED;
}

/* The kernel's stack forwards it, or tells the sender why not. */
static __always_inline enum verdict by_kernel(struct __sk_buff *skb)
{
	mark_judged(skb);
	return VERDICT_PASS;
}

static __always_inline bool addr_is_v4(const struct addr *addr)
{
	return !(addr->word[0] | addr->word[1]) && addr->word[2] == bpf_htonl(0xffff);
}

/* False: an IPv4-mapped address in an IPv6 packet, which has no business on the wire (RFC 4291, 2.5.5.2). An IPv4 route may
 * have an IPv6 gateway (RFC 8950). `via`: the hop is a gateway. */
static __always_inline bool next_hop(const struct addr *hop, bool via, bool is_v4, struct bpf_redir_neigh *next)
{
	if (is_v4 ? via && !addr_is_v4(hop) : !addr_is_v4(hop)) {
		next->nh_family = AF_INET6;
		next->ipv6_nh[0] = hop->word[0];
		next->ipv6_nh[1] = hop->word[1];
		next->ipv6_nh[2] = hop->word[2];
		next->ipv6_nh[3] = hop->word[3];
		return true;
	}
	next->nh_family = AF_INET;
	next->ipv4_nh = addr_v4(hop);
	return is_v4;
}

/* The next hop is given to the helper, which else looks it up in the FIB once more. */
static __always_inline enum verdict redirect_to(struct __sk_buff *skb, struct note *note, __u32 ifindex,
						struct bpf_redir_neigh *next)
{
	mark_judged(skb);
	return redirected(note, bpf_redirect_neigh(ifindex, next, sizeof(*next), 0));
}

static __always_inline enum verdict to_neighbour(struct __sk_buff *skb, struct note *note)
{
	const struct addr *hop = note->route.via ? &note->route.gateway : note_final_destination(note);
	struct bpf_redir_neigh next = {};

	if (!next_hop(hop, note->route.via, note->version == 4, &next))
		return VERDICT_PASS;
	return redirect_to(skb, note, note->route.ifindex, &next);
}

/* Not marked: the mark would follow the packet into the workload's namespace, and no egress is on the way. */
static __always_inline enum verdict to_workload(struct __sk_buff *skb, struct note *note)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, 0);
	struct ethhdr *eth = CURSOR_TAKE(&cursor, struct ethhdr);

	if (eth)
		macs_write(eth, note->route.ifindex);
	return redirected(note, bpf_redirect_peer(note->route.ifindex, 0));
}

static __always_inline enum verdict onwards(struct __sk_buff *skb, struct note *note)
{
	if (hop_too_big(skb, note))
		return by_kernel(skb);
	switch (hop_take(skb, note)) {
	case HOP_TAKEN:
		break;
	case HOP_KERNEL:
		return by_kernel(skb);
	case HOP_TRUNCATED:
		return drop(note, REASON_TRUNCATED_L3);
	}
	return note->route.kind == ROUTE_WORKLOAD ? to_workload(skb, note) : to_neighbour(skb, note);
}

static __always_inline bool leaves_host(const struct note *note)
{
	return note->route.kind == ROUTE_NEIGHBOUR || note->route.kind == ROUTE_WORKLOAD;
}

/* The stack routed the packet by the address it had before nat: only a changed destination goes another way. */
static __always_inline enum verdict from_host(struct __sk_buff *skb, struct note *note)
{
	return note->translate == TRANSLATE_DESTINATION && leaves_host(note) ? to_neighbour(skb, note) : VERDICT_PASS;
}

static __always_inline enum verdict send(struct __sk_buff *skb, struct note *note)
{
	if (note->direction == DIRECTION_EGRESS)
		return from_host(skb, note);
	return leaves_host(note) ? onwards(skb, note) : VERDICT_PASS;
}

#endif
