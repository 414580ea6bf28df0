// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* trunk: takes the tags of a VLAN off frames and puts them on, as a VLAN device does. Not every kernel has those
 * (CONFIG_VLAN_8021Q); what these programs use is in each. They classify: an action after them sends the frame on.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* As Tags.java has them. */
enum vlan {
	ALONE = 7,
	OUTER = 8,
	INNER = 9,
	VLAN_ID = 0xfff,
};

enum classified {
	OTHERS = 0,
	OURS = -1,
};

static __always_inline int has_tag(struct __sk_buff *skb, __u16 protocol, __u32 id)
{
	return skb->vlan_present && skb->vlan_proto == bpf_htons(protocol) && (skb->vlan_tci & VLAN_ID) == id;
}

SEC("off") int take_off(struct __sk_buff *skb)
{
	if (has_tag(skb, ETH_P_8021Q, ALONE))
		return bpf_skb_vlan_pop(skb) ? OTHERS : OURS;
	if (!has_tag(skb, ETH_P_8021AD, OUTER) || bpf_skb_vlan_pop(skb))
		return OTHERS;
	return !has_tag(skb, ETH_P_8021Q, INNER) || bpf_skb_vlan_pop(skb) ? OTHERS : OURS;
}

SEC("on_VLAN") int put_on(struct __sk_buff *skb)
{
	return bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), ALONE) ? OTHERS : OURS;
}

SEC("on_VLAN_TWICE") int put_on_twice(struct __sk_buff *skb)
{
	if (bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), INNER))
		return OTHERS;
	return bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021AD), OUTER) ? OTHERS : OURS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
