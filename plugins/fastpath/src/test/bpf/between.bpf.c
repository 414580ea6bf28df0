// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* between: what another CPU may do to a packet's flow once fastpath has asked for it, and before conntrack asks. */
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <manx/cursor.h>
#include <manx/flow.h>
#include <manx/tc.h>

enum between {
	BETWEEN_NOTHING,
	BETWEEN_CONFIRMS,	/* the young entry becomes a confirmed one */
	BETWEEN_DELETES,	/* the flow goes from both tables */
};
EXPORT_ENUM(between);

MAP(between_does, BPF_MAP_TYPE_ARRAY, __u32, __u32, 1);

/* From the packet: nobody has noted anything yet where fastpath is not there. */
static __always_inline bool key_of(struct __sk_buff *skb, struct flow_key *key)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, ETH_HLEN);
	struct tuple tuple = {};
	__be16 *ports;

	if (skb->protocol == bpf_htons(ETH_P_IP)) {
		struct iphdr *ip = CURSOR_TAKE(&cursor, struct iphdr);

		if (!ip)
			return false;
		tuple.version = 4;
		tuple.protocol = ip->protocol;
		addr_set_v4(&tuple.source, ip->saddr);
		addr_set_v4(&tuple.destination, ip->daddr);
	} else {
		struct ipv6hdr *ip = CURSOR_TAKE(&cursor, struct ipv6hdr);

		if (!ip)
			return false;
		tuple.version = 6;
		tuple.protocol = ip->nexthdr;
		__builtin_memcpy(&tuple.source, &ip->saddr, sizeof(tuple.source));
		__builtin_memcpy(&tuple.destination, &ip->daddr, sizeof(tuple.destination));
	}
	ports = cursor_take(&cursor, 2 * sizeof(*ports));
	if (!ports)
		return false;
	tuple.source_port = ports[0];
	tuple.destination_port = ports[1];
	flow_key_of(&tuple, key);
	return true;
}

static __always_inline void confirm(const struct flow_key *key)
{
	struct flow *young = flow_young(key);

	if (!young)
		return;
	if (key->version == 4)
		bpf_map_update_elem(&manx_flows4, &key->v4, young, BPF_NOEXIST);
	else
		bpf_map_update_elem(&manx_flows6, &key->v6, young, BPF_NOEXIST);
	young->flags |= FLOW_MOVED;
}

STAGE(between)
{
	__u32 zero = 0;
	const __u32 *does = bpf_map_lookup_elem(&between_does, &zero);
	struct flow_key key;

	if (!does || !*does || !key_of(skb, &key))
		return VERDICT_NEXT;
	if (*does == BETWEEN_CONFIRMS)
		confirm(&key);
	else
		flow_delete(&key);
	return VERDICT_NEXT;
}
