// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* plain: the short way of nearly all packets: TCP or UDP, right behind an IP header without options or extension headers,
 * right behind an Ethernet header without tags, whole, and with nothing odd about its addresses and flags. What fails any
 * question here takes the long way, which tells why: this one drops nothing.
 */
#ifndef PARSE_PLAIN_H
#define PARSE_PLAIN_H

#include <stddef.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <manx/likely.h>
#include <manx/tc.h>
#include "header.h"
#include "odd.h"

enum plain_first_byte {
	PLAIN_IP4 = 0x45,	/* version 4, a header of five words */
	PLAIN_IP6 = 0x60,	/* version 6, in the high half */
	PLAIN_VERSION = 0xf0,
};

/* All that a segment with a meaning may have but a RST. */
enum plain_flag_set {
	PLAIN_TCP_FLAGS = TCP_FLAGS_SENSIBLE & ~(1 << TCP_BIT_RST | 1 << (TCP_BIT_RST | TCP_BIT_ACK)),
};

/* Neighbours in the note, which one store each writes. */
struct plain_kind {
	__u16 flags;
	__u8 version;
	__u8 protocol;
};

struct plain_offsets {
	__u16 l3;
	__u16 l4;
};

struct plain_type {
	__u8 tcp_flags;
	__u8 icmp_type;
	__u8 icmp_code;
	__u8 translate;		/* still what the entry program has made it */
};

_Static_assert(offsetof(struct note, flags) % sizeof(struct plain_kind) == 0 &&
	       offsetof(struct note, version) == offsetof(struct note, flags) + offsetof(struct plain_kind, version) &&
	       offsetof(struct note, protocol) == offsetof(struct note, flags) + offsetof(struct plain_kind, protocol) &&
	       offsetof(struct note, l3_offset) % sizeof(struct plain_offsets) == 0 &&
	       offsetof(struct note, l4_offset) == offsetof(struct note, l3_offset) + offsetof(struct plain_offsets, l4) &&
	       offsetof(struct note, source) % sizeof(addr_half) == 0 &&
	       offsetof(struct note, destination) % sizeof(addr_half) == 0, "words of the note");

/* A packet of the short way, as far as its IP header tells. */
struct plain {
	const void *l4;
	const void *end;	/* of the linear part */
	__s32 bytes;		/* from layer 4 on */
	__u16 l4_offset;
	__u8 version;
	__u8 protocol;
};

static __always_inline void plain_note(struct note *note, const struct plain *plain, __u16 flags, __u8 tcp_flags)
{
	struct plain_kind kind = { .flags = flags, .version = plain->version, .protocol = plain->protocol };
	struct plain_offsets offsets = { .l3 = ETH_HLEN, .l4 = plain->l4_offset };
	struct plain_type type = { .tcp_flags = tcp_flags };

	__builtin_memcpy(&note->flags, &kind, sizeof(kind));
	__builtin_memcpy(&note->l3_offset, &offsets, sizeof(offsets));
	__builtin_memcpy(&note->tcp_flags, &type, sizeof(type));
	note_ports(note, plain->l4);
}

static __always_inline bool plain_tcp(struct note *note, const struct plain *plain)
{
	const struct tcphdr *tcp = plain->l4;
	__s32 header;
	__u8 flags;

	if (UNLIKELY((void *)(tcp + 1) > plain->end))
		return false;
	header = tcp->doff * 4;
	if (UNLIKELY(header < (__s32)sizeof(*tcp) || header > plain->bytes))
		return false;
	flags = ((__u8 *)tcp)[TCP_FLAGS_AT];
	if (LIKELY((flags & TCP_FLAGS_NAMED) == TCP_BIT_ACK)) {
		plain_note(note, plain, NOTE_PLAIN, flags);
		note_segment(note, tcp, plain->bytes - header);
		return true;
	}
	if (!(PLAIN_TCP_FLAGS >> (flags & TCP_FLAGS_NAMED) & 1))
		return false;
	plain_note(note, plain, 0, flags);
	note_segment(note, tcp, plain->bytes - header + octets_of_flags(flags));
	return true;
}

static __always_inline bool plain_udp(struct note *note, const struct plain *plain)
{
	const struct udphdr *udp = plain->l4;
	__s32 length;

	if (UNLIKELY((void *)(udp + 1) > plain->end))
		return false;
	length = bpf_ntohs(udp->len);
	if (UNLIKELY(length < (__s32)sizeof(*udp) || length > plain->bytes))
		return false;
	plain_note(note, plain, NOTE_PLAIN, 0);
	return true;
}

static __always_inline void plain_addr4(struct addr *to, __be32 from)
{
	addr_half *half = (addr_half *)to;

	half[0] = 0;
	half[1] = word_pair(bpf_htonl(0xffff), from);
}

/* What the IP header tells, but of addresses; likewise plain_ip6. */
static __always_inline bool plain_ip4(struct __sk_buff *skb, const void *header, const void *end, struct plain *plain)
{
	const struct iphdr *ip = header;
	__u32 total;

	plain->l4 = ip + 1;
	plain->end = end;
	plain->l4_offset = ETH_HLEN + sizeof(*ip);
	plain->version = 4;
	if (UNLIKELY(plain->l4 > end || *(const __u8 *)ip != PLAIN_IP4 ||
		     ip->frag_off & bpf_htons(IP4_MORE_FRAGMENTS | IP4_FRAGMENT_OFFSET)))
		return false;
	total = bpf_ntohs(ip->tot_len);
	if (UNLIKELY(ETH_HLEN + total > skb->len))
		return false;
	plain->bytes = total - sizeof(*ip);
	plain->protocol = ip->protocol;
	return true;
}

static __always_inline bool plain_ip6(struct __sk_buff *skb, const void *header, const void *end, struct plain *plain)
{
	const struct ipv6hdr *ip = header;

	plain->l4 = ip + 1;
	plain->end = end;
	plain->l4_offset = ETH_HLEN + sizeof(*ip);
	plain->version = 6;
	if (UNLIKELY(plain->l4 > end || (*(const __u8 *)ip & PLAIN_VERSION) != PLAIN_IP6))
		return false;
	plain->bytes = bpf_ntohs(ip->payload_len);
	if (UNLIKELY(ETH_HLEN + sizeof(*ip) + plain->bytes > skb->len))
		return false;
	plain->protocol = ip->nexthdr;
	return true;
}

/* Both addresses, unless something is odd about them; likewise plain_addrs6. */
static __always_inline bool plain_addrs4(struct note *note, const struct iphdr *ip)
{
	if (ip4_is_odd(ip))
		return false;
	plain_addr4(&note->source, ip->saddr);
	plain_addr4(&note->destination, ip->daddr);
	return true;
}

/* They follow each other in the header. */
static __always_inline bool plain_addrs6(struct note *note, const struct ipv6hdr *ip)
{
	const addr_half *from = (const addr_half *)&ip->saddr;
	addr_half source[2] = { from[0], from[1] }, destination[2] = { from[2], from[3] };

	if (ip6_is_odd(source, destination))
		return false;
	((addr_half *)&note->source)[0] = source[0];
	((addr_half *)&note->source)[1] = source[1];
	((addr_half *)&note->destination)[0] = destination[0];
	((addr_half *)&note->destination)[1] = destination[1];
	return true;
}

/* The protocol is a constant in each. */
static __always_inline bool plain_l4(struct note *note, struct plain *plain)
{
	if (plain->protocol == IPPROTO_TCP) {
		plain->protocol = IPPROTO_TCP;
		return plain_tcp(note, plain);
	}
	if (plain->protocol == IPPROTO_UDP) {
		plain->protocol = IPPROTO_UDP;
		return plain_udp(note, plain);
	}
	return false;
}

static __always_inline bool plain4(struct __sk_buff *skb, struct note *note, const void *header, const void *end)
{
	struct plain plain;

	return plain_ip4(skb, header, end, &plain) && plain_addrs4(note, header) && plain_l4(note, &plain);
}

static __always_inline bool plain6(struct __sk_buff *skb, struct note *note, const void *header, const void *end)
{
	struct plain plain;

	return plain_ip6(skb, header, end, &plain) && plain_addrs6(note, header) && plain_l4(note, &plain);
}

/* Whether it was such a packet: then the note says all that parse says. Else what it says is for the long way to write. */
static __always_inline bool parse_plain(struct __sk_buff *skb, struct note *note)
{
	const void *end = (void *)(long)skb->data_end;
	const struct ethernet *eth = (void *)(long)skb->data;

	if ((void *)(eth + 1) > end)
		return false;
	if (eth->ether_type == bpf_htons(ETH_P_IP))
		return plain4(skb, note, eth + 1, end);
	return eth->ether_type == bpf_htons(ETH_P_IPV6) && plain6(skb, note, eth + 1, end);
}

#endif
