// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* xdp: passes every packet. */
#include <manx/xdp.h>

SEC("xdp") int pass(struct xdp_md *xdp)
{
	return xdp->data < xdp->data_end ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
