// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* start: what stands before a test's chain of stages: makes of the test run's packet one as an interface would give it. */
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <manx/entry.h>
#include <manx/tc.h>

struct start {
	__u32 direction;	/* enum direction */
	__u32 ifindex;
	__u32 pkt_type;		/* as skb->pkt_type; PACKET_HOST: as it comes */
	__u32 vlan;		/* a tag that the kernel holds; 0: none */
	__u32 bytes;		/* that the packet is to have, where it is run on with more; 0: as it is */
	__u32 verified;		/* 1: its L4 checksum is known to be right */
	__u32 reached;		/* 1: the packet has come into the chain */
	__u32 cpu;		/* that it ran on: whose note it wrote */
};

MAP(chain_start, BPF_MAP_TYPE_ARRAY, __u32, struct start, 1);

static __always_inline long change(struct __sk_buff *skb, const struct start *start)
{
	long err = 0;

	if (start->bytes)
		err = bpf_skb_change_tail(skb, start->bytes, 0);
	if (!err && start->vlan)
		err = bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), start->vlan);
	if (!err && start->pkt_type != PACKET_HOST)
		err = bpf_skb_change_type(skb, start->pkt_type);
	if (!err && start->verified)
		err = bpf_csum_level(skb, BPF_CSUM_LEVEL_INC);
	return err;
}

SEC("tc") int chain_entry(struct __sk_buff *skb)
{
	struct note *note = note_of_this_cpu();
	__u32 zero = 0;
	struct start *start = bpf_map_lookup_elem(&chain_start, &zero);

	if (!start || change(skb, start))
		return TC_ACT_SHOT;
	/* So that what is in it afterwards is of this packet. */
	__builtin_memset(note, 0, sizeof(*note));
	note_begin(note, 0);
	note->direction = start->direction;
	note->ifindex = start->ifindex;
	start->reached = 1;
	start->cpu = bpf_get_smp_processor_id();
	TAIL_CALL(skb, ROW(SLOT_ENTRY, LANE_FIRST, 0));
	start->reached = 0;
	return TC_ACT_SHOT;
}

char _license[] SEC("license") = "Dual BSD/GPL";
