// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* told: has a stage's source tell where it redirects to, which a test run does not. */
#ifndef FASTPATH_TOLD_H
#define FASTPATH_TOLD_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <manx/map.h>

struct told {
	__u32 helpers;		/* that were called */
	__u32 ifindex;
	__u32 family;		/* of the next hop; 0: into a veth's peer */
	__u32 hop[4];
	__u32 flags;
};

MAP(manx_told, BPF_MAP_TYPE_ARRAY, __u32, struct told, 1);

static __always_inline long told_neigh(__u32 ifindex, struct bpf_redir_neigh *next, int bytes, __u64 flags)
{
	__u32 zero = 0;
	struct told *told = bpf_map_lookup_elem(&manx_told, &zero);

	if (told) {
		told->helpers++;
		told->ifindex = ifindex;
		told->family = next->nh_family;
		for (int i = 0; i < 4; i++)
			told->hop[i] = next->ipv6_nh[i];
		told->flags = flags;
	}
	return bpf_redirect_neigh(ifindex, next, bytes, flags);
}

static __always_inline long told_peer(__u32 ifindex, __u64 flags)
{
	__u32 zero = 0;
	struct told *told = bpf_map_lookup_elem(&manx_told, &zero);

	if (told) {
		told->helpers++;
		told->ifindex = ifindex;
		told->flags = flags;
	}
	return bpf_redirect_peer(ifindex, flags);
}

#define bpf_redirect_neigh told_neigh
#define bpf_redirect_peer told_peer

#endif
