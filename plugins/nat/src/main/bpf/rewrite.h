// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* rewrite: the address and port that the note names, and the checksums over them, of the packet itself. */
#ifndef NAT_REWRITE_H
#define NAT_REWRITE_H

#include <stddef.h>
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <manx/csum_kind.h>
#include <manx/cursor.h>
#include <manx/tc.h>

/* The L4 header's first two fields, of TCP and UDP alike. */
struct ports {
	__be16 source;
	__be16 destination;
};

static __always_inline const struct addr *old_addr(const struct note *note)
{
	return note->translate == TRANSLATE_SOURCE ? &note->source : &note->destination;
}

static __always_inline __be16 old_port(const struct note *note)
{
	return note->translate == TRANSLATE_SOURCE ? note->source_port : note->destination_port;
}

static __always_inline bool has_ports(const struct note *note)
{
	return !(note->flags & NOTE_NO_PORTS) && (note->protocol == IPPROTO_TCP || note->protocol == IPPROTO_UDP);
}

static __always_inline bool port_changes(const struct note *note)
{
	return note->new_port && note->new_port != old_port(note) && has_ports(note);
}

/* Where in the L4 header the checksum over the pseudo header is; 0: there is none. */
static __always_inline __u32 checksum_at(const struct note *note)
{
	if (note->flags & NOTE_NO_PORTS)
		return 0;
	switch (note->protocol) {
	case IPPROTO_TCP:
		return offsetof(struct tcphdr, check);
	case IPPROTO_UDP:
		return offsetof(struct udphdr, check);
	case IPPROTO_ICMPV6:
		return note->version == 6 ? offsetof(struct icmp6hdr, icmp6_cksum) : 0;
	default:
		return 0;
	}
}

static __always_inline __u32 addr_difference(const struct note *note)
{
	return note->version == 4 ? csum_diff32(addr_v4(old_addr(note)), addr_v4(&note->new_addr))
				  : csum_diff_addr(old_addr(note), &note->new_addr);
}

static __always_inline __u32 port_difference(const struct note *note)
{
	return port_changes(note) ? csum_diff16(old_port(note), note->new_port) : 0;
}

/* By the kernel, which also changes what it holds of the packet's sum. */
static __always_inline bool rewrite_l4_checksum_summed(struct __sk_buff *skb, const struct note *note, __u32 offset)
{
	__u64 flags = (note->protocol == IPPROTO_UDP ? BPF_F_MARK_MANGLED_0 : 0) | (note->version == 6 ? CSUM_IPV6 : 0);

	if (l4_csum_addr(skb, offset, addr_difference(note), flags))
		return false;
	return !port_changes(note) || !l4_csum_port(skb, offset, port_difference(note), flags);
}

/* A UDP checksum of zero says that there is none, and stays; one that comes to zero is written as its other form. */
static __always_inline __u16 l4_check(__u16 check, enum csum_kind kind, __u32 addr, __u32 port, bool is_udp)
{
	__u16 changed;

	if (kind == CSUM_PARTIAL)
		return csum_fold(csum_add(check, addr));
	if (is_udp && !check)
		return check;
	changed = csum_apply(check, csum_add(addr, port));
	return is_udp && !changed ? CSUM_MANGLED_0 : changed;
}

static __always_inline bool rewrite_l4_checksum(struct __sk_buff *skb, const struct note *note)
{
	enum csum_kind kind = csum_kind_of(skb);
	__u32 at = checksum_at(note), offset = note->l4_offset + at;
	struct cursor cursor;
	__u16 *check;

	if (!at)
		return true;
	if (kind == CSUM_SUMMED)
		return rewrite_l4_checksum_summed(skb, note, offset);
	cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, offset);
	check = CURSOR_TAKE(&cursor, __u16);
	if (!check)
		return false;
	*check = l4_check(*check, kind, addr_difference(note), port_difference(note), note->protocol == IPPROTO_UDP);
	return true;
}

static __always_inline bool rewrite_port(struct __sk_buff *skb, const struct note *note)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, note->l4_offset);
	struct ports *ports;

	if (!port_changes(note))
		return true;
	ports = CURSOR_TAKE(&cursor, struct ports);
	if (!ports)
		return false;
	if (note->translate == TRANSLATE_SOURCE)
		ports->source = note->new_port;
	else
		ports->destination = note->new_port;
	return true;
}

static __always_inline bool rewrite_addr4(struct __sk_buff *skb, const struct note *note)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, note->l3_offset);
	struct iphdr *ip = CURSOR_TAKE(&cursor, struct iphdr);
	__be32 to = addr_v4(&note->new_addr);

	if (!ip)
		return false;
	ip->check = csum_apply(ip->check, csum_diff32(addr_v4(old_addr(note)), to));
	if (note->translate == TRANSLATE_SOURCE)
		ip->saddr = to;
	else
		ip->daddr = to;
	return true;
}

static __always_inline bool rewrite_addr6(struct __sk_buff *skb, const struct note *note)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, note->l3_offset);
	struct ipv6hdr *ip = CURSOR_TAKE(&cursor, struct ipv6hdr);
	struct addr *at;

	if (!ip)
		return false;
	at = (struct addr *)(note->translate == TRANSLATE_SOURCE ? &ip->saddr : &ip->daddr);
	*at = note->new_addr;
	return true;
}

static __always_inline bool rewrite_addr(struct __sk_buff *skb, const struct note *note)
{
	return note->version == 4 ? rewrite_addr4(skb, note) : rewrite_addr6(skb, note);
}

static __always_inline bool is_plain4(const struct note *note)
{
	return note->version == 4 && has_ports(note);
}

/* These three give a packet, of which the whole header is there, its new address and port, and give the differences that its
 * L4 checksum is then to be changed by. `to` 0: the port stays. */
static __always_inline __u32 rewrite_ip4(struct iphdr *ip, bool source, __be32 to)
{
	__u32 difference = csum_diff32(source ? ip->saddr : ip->daddr, to);

	ip->check = csum_apply(ip->check, difference);
	if (source)
		ip->saddr = to;
	else
		ip->daddr = to;
	return difference;
}

static __always_inline __u32 rewrite_ip6(struct ipv6hdr *ip, bool source, const struct addr *to)
{
	struct addr *at = (struct addr *)(source ? &ip->saddr : &ip->daddr);
	__u32 difference = csum_diff_addr(at, to);

	*at = *to;
	return difference;
}

static __always_inline __u32 rewrite_ports(struct ports *ports, bool source, __be16 to)
{
	__be16 *at = source ? &ports->source : &ports->destination;
	__u32 difference;

	if (!to)
		return 0;
	difference = csum_diff16(*at, to);
	*at = to;
	return difference;
}

/* `l4`: a whole TCP or UDP header. */
static __always_inline void rewrite_check(void *l4, bool is_udp, enum csum_kind kind, __u32 addr, __u32 port)
{
	if (is_udp) {
		struct udphdr *udp = l4;

		udp->check = l4_check(udp->check, kind, addr, port, true);
	} else {
		struct tcphdr *tcp = l4;

		tcp->check = l4_check(tcp->check, kind, addr, port, false);
	}
}

/* All at once, of what nearly all translated packets are: TCP or UDP over IPv4, with the kernel holding no sum of them. */
static __always_inline bool rewrite_plain4(struct __sk_buff *skb, const struct note *note, enum csum_kind kind)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct cursor l3 = cursor_at(data, end, note->l3_offset), l4 = cursor_at(data, end, note->l4_offset);
	bool is_udp = note->protocol == IPPROTO_UDP, source = note->translate == TRANSLATE_SOURCE;
	struct iphdr *ip = CURSOR_TAKE(&l3, struct iphdr);
	void *header = cursor_take(&l4, is_udp ? sizeof(struct udphdr) : sizeof(struct tcphdr));
	__u32 addr, port;

	if (!ip || !header)
		return false;
	port = rewrite_ports(header, source, note->new_port);
	addr = rewrite_ip4(ip, source, addr_v4(&note->new_addr));
	rewrite_check(header, is_udp, kind, addr, port);
	return true;
}

static __always_inline bool rewrite(struct __sk_buff *skb, const struct note *note)
{
	enum csum_kind kind = csum_kind_of(skb);

	if (is_plain4(note) && kind != CSUM_SUMMED)
		return rewrite_plain4(skb, note, kind);
	/* The checksum first of all: where the kernel changes it, the packet may move. */
	return rewrite_l4_checksum(skb, note) && rewrite_port(skb, note) && rewrite_addr(skb, note);
}

#endif
