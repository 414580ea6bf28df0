// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* xdp-drop-icmp: drops echo requests before the kernel makes an skb of them.   Drops  REASON_PING
 *
 * No stage has filled the note on this hook, so it reads the headers itself. Neighbour discovery is ICMPv6 too:
 * that must pass.
 */
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <manx/cursor.h>
#include <manx/xdp.h>

enum stage_reason { REASON_PING = REASON_OWN };
EXPORT_ENUM(stage_reason);

/* The first byte of ICMP and ICMPv6. Their uapi headers want a C library's, which a BPF object has not. */
enum echo_request {
	ECHO_REQUEST4 = 8,
	ECHO_REQUEST6 = 128,
};

static __always_inline bool is_ping4(struct cursor *cursor)
{
	struct iphdr *ip = CURSOR_TAKE(cursor, struct iphdr);
	__u8 *type;

	/* A later fragment has no ICMP header. */
	if (!ip || ip->protocol != IPPROTO_ICMP || ip->ihl < 5 || ip->frag_off & bpf_htons(0x1fff))
		return false;
	cursor_skip(cursor, ip->ihl * 4 - sizeof(*ip));
	type = CURSOR_TAKE(cursor, __u8);
	return type && *type == ECHO_REQUEST4;
}

static __always_inline bool is_ping6(struct cursor *cursor)
{
	struct ipv6hdr *ip = CURSOR_TAKE(cursor, struct ipv6hdr);
	__u8 *type;

	if (!ip || ip->nexthdr != IPPROTO_ICMPV6)
		return false;
	type = CURSOR_TAKE(cursor, __u8);
	return type && *type == ECHO_REQUEST6;
}

STAGE(xdp_drop_icmp)
{
	struct cursor cursor = cursor_at((void *)(long)xdp->data, (void *)(long)xdp->data_end, 0);
	struct ethhdr *eth = CURSOR_TAKE(&cursor, struct ethhdr);
	bool ping = false;

	if (eth && eth->h_proto == bpf_htons(ETH_P_IP))
		ping = is_ping4(&cursor);
	else if (eth && eth->h_proto == bpf_htons(ETH_P_IPV6))
		ping = is_ping6(&cursor);
	return ping ? drop(note, REASON_PING) : VERDICT_NEXT;
}
