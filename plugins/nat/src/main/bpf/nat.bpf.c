// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* nat: rewrites the address and port that the note names, and the checksums over them.
 * Writes  the packet; note->source and note->destination stay as the packet came    Drops  REASON_NAT_FAILED
 *
 * A later fragment has no L4 header: should its flow be known, its address alone is rewritten. Of an ICMP error
 * the packet that it quotes is rewritten too.
 */
#include <stddef.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <manx/csum_kind.h>
#include <manx/cursor.h>
#include <manx/flow.h>
#include <manx/tc.h>
#include "inner.h"
#include "service.h"

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

/* Whether an error's own address is the one that its flow's translation hides: see inner.h. Read before the
 * quoted packet changes, whose other end it is compared with. */
static __always_inline bool error_comes_from_backend(struct __sk_buff *skb, const struct note *note)
{
	__u32 l3 = note->l4_offset + sizeof(struct icmp6hdr);
	struct addr quoted = {};
	__be32 quoted4;

	if (note->version == 6)
		return !bpf_skb_load_bytes(skb, l3 + offsetof(struct ipv6hdr, daddr), &quoted, sizeof(quoted)) &&
		       addr_equal(&quoted, &note->source);
	return !bpf_skb_load_bytes(skb, l3 + offsetof(struct iphdr, daddr), &quoted4, sizeof(quoted4)) &&
	       quoted4 == addr_v4(&note->source);
}

static __always_inline bool rewrite_error(struct __sk_buff *skb, const struct note *note)
{
	bool outer = note->translate == TRANSLATE_DESTINATION || error_comes_from_backend(skb, note);

	if (!inner_rewrite(skb, note))
		return false;
	return !outer || (rewrite_l4_checksum(skb, note) && rewrite_addr(skb, note));
}

static __always_inline bool is_plain4(const struct note *note)
{
	return note->version == 4 && has_ports(note);
}

/* All at once, of what nearly all translated packets are: TCP or UDP over IPv4, with the kernel holding no sum of them. */
static __always_inline bool rewrite_plain4(struct __sk_buff *skb, const struct note *note, enum csum_kind kind)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct cursor l3 = cursor_at(data, end, note->l3_offset), l4 = cursor_at(data, end, note->l4_offset);
	struct iphdr *ip = CURSOR_TAKE(&l3, struct iphdr);
	bool is_udp = note->protocol == IPPROTO_UDP, from_source = note->translate == TRANSLATE_SOURCE;
	struct ports *ports = cursor_take(&l4, is_udp ? sizeof(struct udphdr) : sizeof(struct tcphdr));
	__be32 to = addr_v4(&note->new_addr);
	__u32 addr, port = 0;
	__u16 *check;

	if (!ip || !ports)
		return false;
	check = is_udp ? &((struct udphdr *)ports)->check : &((struct tcphdr *)ports)->check;
	addr = csum_diff32(from_source ? ip->saddr : ip->daddr, to);
	if (note->new_port) {
		__be16 *at = from_source ? &ports->source : &ports->destination;

		port = csum_diff16(*at, note->new_port);
		*at = note->new_port;
	}
	*check = l4_check(*check, kind, addr, port, is_udp);
	ip->check = csum_apply(ip->check, addr);
	if (from_source)
		ip->saddr = to;
	else
		ip->daddr = to;
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

STAGE(nat)
{
	bool done;

	if (note->translate == TRANSLATE_NONE)
		return VERDICT_NEXT;
	done = note->flags & NOTE_ICMP_ERROR ? rewrite_error(skb, note) : rewrite(skb, note);
	return done ? VERDICT_NEXT : drop(note, REASON_NAT_FAILED);
}
