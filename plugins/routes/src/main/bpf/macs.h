// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* macs: the Ethernet addresses of the two ends of a workload's veth.
 *
 * An array, since a hash costs every packet 31-39 ns. The row is the interface's index modulo the rows; of two
 * interfaces with one row the later has it, and the other's packets keep the addresses they came with. They are
 * delivered all the same: a packet handed to a veth's peer is already known to be for this host.
 */
#ifndef ROUTES_MACS_H
#define ROUTES_MACS_H

#include <linux/if_ether.h>
#include <manx/map.h>

enum macs_limit {
	MACS_ROWS = 4096,
};

struct macs {
	__u32 ifindex;		/* whose row it is; 0: nobody's */
	__u8 peer[ETH_ALEN];	/* the workload's own end */
	__u8 own[ETH_ALEN];	/* the host's end */
};

MAP(manx_workload_macs, BPF_MAP_TYPE_ARRAY, __u32, struct macs, MACS_ROWS);

/* NULL: not known. */
static __always_inline const struct macs *macs_of(__u32 ifindex)
{
	__u32 row = ifindex % MACS_ROWS;
	const struct macs *macs = bpf_map_lookup_elem(&manx_workload_macs, &row);

	return macs && macs->ifindex == ifindex ? macs : NULL;
}

/* Gives a packet into the workload the addresses that its veth would; where they are not known, it keeps its own. */
static __always_inline void macs_write(void *eth, __u32 ifindex)
{
	const struct macs *macs = macs_of(ifindex);
	struct ethhdr *header = eth;

	if (!macs)
		return;
	__builtin_memcpy(header->h_dest, macs->peer, ETH_ALEN);
	__builtin_memcpy(header->h_source, macs->own, ETH_ALEN);
}

#endif
