// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* epoch: the number of the configuration that is in force.
 *
 * A flow remembers under which epoch it was judged. When policies, services or routes change, the
 * control plane raises the number, and each flow's next packet takes the first lane once more.
 */
#ifndef MANX_EPOCH_H
#define MANX_EPOCH_H

#include <manx/map.h>

MAP(manx_epoch, BPF_MAP_TYPE_ARRAY, __u32, __u32, 1);

static __always_inline __u32 epoch_now(void)
{
	__u32 zero = 0;
	__u32 *epoch = bpf_map_lookup_elem(&manx_epoch, &zero);

	return epoch ? *epoch : 0;
}

#endif
