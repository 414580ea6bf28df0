// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* parse: finds a packet's headers.
 * Writes  note->flags, version, protocol, l3_offset, l4_offset, the ports, tcp_flags, icmp_type, icmp_code,
 *         source, destination, tcp but its scale
 * Drops   what reason.h lists for it: see docs/parse.md
 *
 * ARP, neighbour discovery and whatever is no IP pass to the kernel's stack.
 */
#include <manx/tc.h>
#include "ethernet.h"
#include "fragment.h"
#include "ip4.h"
#include "ip6.h"
#include "parsed.h"
#include "plain.h"
#include "transport.h"

static __always_inline int parse_ip(struct __sk_buff *skb, struct note *note, struct parsing *parsing)
{
	note->flags = 0;
	note->l3_offset = parsing->offset;
	switch (parsing->ether_type) {
	case bpf_htons(ETH_P_IP):
		return parse_ip4(skb, note, parsing);
	case bpf_htons(ETH_P_IPV6):
		return parse_ip6(skb, note, parsing);
	default:
		return PARSED_STACK;
	}
}

static __always_inline int parse(struct __sk_buff *skb, struct note *note)
{
	struct parsing parsing = {
		.cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, 0),
		.end = skb->len,
	};
	int end = parse_ethernet(skb, &parsing);

	if (!end)
		end = parse_ip(skb, note, &parsing);
	return end ? end : parse_transport(skb, note, &parsing);
}

static __always_inline bool is_truncated(int end)
{
	return end == REASON_TRUNCATED_L2 || end == REASON_TRUNCATED_L3 || end == REASON_TRUNCATED_L4;
}

/* Brings what headers there may be into the linear part; whether that added anything to it. */
static __always_inline bool pull_headers(struct __sk_buff *skb)
{
	__u32 linear = skb->data_end - skb->data;
	__u32 wanted = skb->len < CURSOR_MAX_OFFSET ? skb->len : CURSOR_MAX_OFFSET;

	return linear < wanted && !bpf_skb_pull_data(skb, wanted);
}

/* RFC 1858 and RFC 7112: a first fragment holds all headers, up to the whole of layer 4's. */
static __always_inline enum verdict drop_wrong(struct note *note, int reason)
{
	return drop(note, note->flags & NOTE_FRAGMENT && is_truncated(reason) ? REASON_FRAGMENT_TINY : reason);
}

/* TCP and UDP that took the long way only for what stands before them. */
static __always_inline enum verdict whole_verdict(struct note *note)
{
	if (note->protocol == IPPROTO_UDP ||
	    (note->protocol == IPPROTO_TCP && (note->tcp_flags & TCP_FLAGS_NAMED) == TCP_BIT_ACK))
		note->flags |= NOTE_PLAIN;
	return VERDICT_NEXT;
}

STAGE(parse)
{
	int end = PARSED;

	/* By fastpath, or here. */
	if (note->flags & NOTE_PLAIN || parse_plain(skb, note))
		return VERDICT_NEXT;
	/* Not unrolled: the second attempt is for few packets, and would double the program. */
	#pragma clang loop unroll(disable)
	for (int attempt = 0; attempt < 2; attempt++) {
		end = parse(skb, note);
		if (!is_truncated(end) || !pull_headers(skb))
			break;
	}
	if (end == PARSED)
		return note->flags & NOTE_FRAGMENT ? fragment_verdict(skb, note) : whole_verdict(note);
	return end == PARSED_STACK ? VERDICT_PASS : drop_wrong(note, end);
}
