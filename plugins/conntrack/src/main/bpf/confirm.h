// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* confirm: takes a flow out of the kernel's reach to evict it, once both its ends mean it. */
#ifndef CONNTRACK_CONFIRM_H
#define CONNTRACK_CONFIRM_H

#include <linux/errno.h>
#include <manx/flow.h>
#include "counts.h"

enum confirm_limit {
	ANSWERS_OF_A_STREAM = 4,	/* so many to one question: the originator need not go on */
};

static __always_inline long confirm_entry(const struct flow_key *key, struct flow *young)
{
	long err = key->version == 4 ? bpf_map_update_elem(&manx_flows4, &key->v4, young, BPF_NOEXIST)
				     : bpf_map_update_elem(&manx_flows6, &key->v6, young, BPF_NOEXIST);

	/* Another CPU was first. */
	if (err && err != -EEXIST)
		return err;
	young->flags |= FLOW_MOVED;
	return 0;
}

static __always_inline void confirm_undo(const struct flow_key *key, struct flow *young)
{
	young->flags &= ~FLOW_MOVED;
	if (key->version == 4)
		bpf_map_delete_elem(&manx_flows4, &key->v4);
	else
		bpf_map_delete_elem(&manx_flows6, &key->v6);
}

/* Both entries of a translated flow, or neither. */
static __always_inline long confirm_translated(const struct tuple *packet, const struct flow_key *key,
					       struct flow *young)
{
	struct flow_key other;
	struct found peer = flow_find_peer(young, packet, &other);
	long err;

	if (!peer.flow)
		return 0;
	err = peer.young ? confirm_entry(&other, peer.flow) : 0;
	if (err)
		return err;
	err = confirm_entry(key, young);
	if (err && peer.young)
		confirm_undo(&other, peer.flow);
	return err;
}

/* `packet` found the young entry on the leg that is translated. */
static __always_inline void confirm(const struct tuple *packet, const struct flow_key *key, struct flow *young)
{
	long err = young->translate ? confirm_translated(packet, key, young) : confirm_entry(key, young);

	if (!err)
		count_event(COUNT_CONFIRMED);
	else
		count_event(key->version == 4 ? COUNT_TABLE_FULL4 : COUNT_TABLE_FULL6);
}

/* TCP's responder never confirms: its originator must prove that it is where it says. */
static __always_inline bool is_confirmed_by(const struct flow *flow, enum leg leg, __u8 protocol)
{
	if (leg == LEG_ORIGINATOR)
		return flow->said[LEG_ORIGINATOR] & SAID_GOES_ON;
	return protocol != IPPROTO_TCP && flow_packets(flow, LEG_RESPONDER) >= ANSWERS_OF_A_STREAM;
}

#endif
