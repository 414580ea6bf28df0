// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* translate: nat alone at an interface, told by a map what to do with which address.
 *
 * It takes parse's and conntrack's place for TCP and UDP without options or fragments.
 */
#include <linux/if_ether.h>
#include "../../main/bpf/nat.bpf.c"

struct translation {
	struct addr addr;
	__be16 port;
	__u8 translate;
	__u8 zero;
};

MAP(translations, BPF_MAP_TYPE_HASH, struct addr, struct translation, 16);

enum {
	HEADERS = ETH_HLEN + sizeof(struct ipv6hdr) + sizeof(struct ports),
};

static __always_inline bool read_ports(struct note *note, struct cursor *cursor)
{
	struct ports *ports = CURSOR_TAKE(cursor, struct ports);

	if (!ports || (note->protocol != IPPROTO_TCP && note->protocol != IPPROTO_UDP))
		return false;
	note->source_port = ports->source;
	note->destination_port = ports->destination;
	return true;
}

static __always_inline bool read_packet(struct __sk_buff *skb, struct note *note)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, ETH_HLEN);

	note->l3_offset = ETH_HLEN;
	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = CURSOR_TAKE(&cursor, struct iphdr);

		if (!ip)
			return false;
		note->version = 4;
		note->protocol = ip->protocol;
		note->l4_offset = ETH_HLEN + sizeof(*ip);
		addr_set_v4(&note->source, ip->saddr);
		addr_set_v4(&note->destination, ip->daddr);
	} else if (skb->protocol == bpf_htons(ETH_P_IPV6)) {
		struct ipv6hdr *ip = CURSOR_TAKE(&cursor, struct ipv6hdr);

		if (!ip)
			return false;
		note->version = 6;
		note->protocol = ip->nexthdr;
		note->l4_offset = ETH_HLEN + sizeof(*ip);
		note->source = *(struct addr *)&ip->saddr;
		note->destination = *(struct addr *)&ip->daddr;
	} else {
		return false;
	}
	return read_ports(note, &cursor);
}

static __always_inline int translate(struct __sk_buff *skb, enum translate how)
{
	struct note *note = note_of_this_cpu();
	const struct translation *to;

	__builtin_memset(note, 0, sizeof(*note));
	bpf_skb_pull_data(skb, skb->len < HEADERS ? skb->len : HEADERS);
	if (!read_packet(skb, note))
		return TC_ACT_OK;
	to = bpf_map_lookup_elem(&translations, how == TRANSLATE_SOURCE ? &note->source : &note->destination);
	if (!to || to->translate != how)
		return TC_ACT_OK;
	note->translate = how;
	note->new_addr = to->addr;
	note->new_port = to->port;
	return stage_nat(skb, note) == VERDICT_NEXT ? TC_ACT_OK : TC_ACT_SHOT;
}

SEC("tc") int translate_in(struct __sk_buff *skb)
{
	return translate(skb, TRANSLATE_DESTINATION);
}

SEC("tc") int translate_out(struct __sk_buff *skb)
{
	return translate(skb, TRANSLATE_SOURCE);
}
