// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* first_last: at an interface's egress, sends each datagram's first fragment behind all the others. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/pkt_cls.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <manx/map.h>

enum { FRAME_BYTES = 1514, SENT_ALREADY = 1 };

struct frame {
	__u32 bytes;
	__u8 data[FRAME_BYTES];
};

struct piece {
	__u32 id;
	bool begins;
	bool ends;
};

MAP(firsts, BPF_MAP_TYPE_LRU_HASH, __u32, struct frame, 256);
MAP(scratch, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct frame, 1);

static __always_inline bool look4(struct __sk_buff *skb, struct piece *piece)
{
	struct iphdr ip;

	if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)))
		return false;
	piece->id = ip.id;
	piece->begins = !(ip.frag_off & bpf_htons(0x1fff));
	piece->ends = !(ip.frag_off & bpf_htons(0x2000));
	return piece->begins != piece->ends;
}

static __always_inline bool look6(struct __sk_buff *skb, struct piece *piece)
{
	struct ipv6hdr ip;
	struct { __u8 next, zero; __be16 field; __be32 id; } fragment;

	if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)) || ip.nexthdr != IPPROTO_FRAGMENT)
		return false;
	if (bpf_skb_load_bytes(skb, ETH_HLEN + sizeof(ip), &fragment, sizeof(fragment)))
		return false;
	piece->id = fragment.id;
	piece->begins = !(fragment.field & bpf_htons(0xfff8));
	piece->ends = !(fragment.field & bpf_htons(1));
	return piece->begins != piece->ends;
}

static __always_inline int keep(struct __sk_buff *skb, __u32 id)
{
	__u32 zero = 0, bytes = skb->len;
	struct frame *frame = bpf_map_lookup_elem(&scratch, &zero);

	if (!frame || bytes < ETH_HLEN || bytes > FRAME_BYTES || bpf_skb_load_bytes(skb, 0, frame->data, bytes))
		return TC_ACT_OK;
	frame->bytes = bytes;
	bpf_map_update_elem(&firsts, &id, frame, BPF_ANY);
	/* Of one that is dropped the stack hears, and sends no further fragments. */
	return TC_ACT_STOLEN;
}

/* The last fragment goes as a clone, then this packet becomes the first. */
static __always_inline int swap(struct __sk_buff *skb, __u32 id)
{
	struct frame *frame = bpf_map_lookup_elem(&firsts, &id);
	__u32 bytes;

	if (!frame)
		return TC_ACT_OK;
	bytes = frame->bytes;
	if (bytes < ETH_HLEN || bytes > FRAME_BYTES)
		return TC_ACT_SHOT;
	skb->mark = SENT_ALREADY;
	if (bpf_clone_redirect(skb, skb->ifindex, 0) || bpf_skb_change_tail(skb, bytes, 0) ||
	    bpf_skb_store_bytes(skb, 0, frame->data, bytes, 0))
		return TC_ACT_SHOT;
	bpf_map_delete_elem(&firsts, &id);
	return TC_ACT_OK;
}

SEC("tc") int first_last(struct __sk_buff *skb)
{
	struct piece piece;

	if (skb->mark == SENT_ALREADY)
		return TC_ACT_OK;
	if (skb->protocol == bpf_htons(ETH_P_IP) ? !look4(skb, &piece)
	    : skb->protocol == bpf_htons(ETH_P_IPV6) ? !look6(skb, &piece) : true)
		return TC_ACT_OK;
	return piece.begins ? keep(skb, piece.id) : swap(skb, piece.id);
}

char _license[] SEC("license") = "GPL";
