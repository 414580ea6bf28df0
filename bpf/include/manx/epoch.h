// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* epoch: the number of the configuration that is in force.
 *
 * A flow remembers under which epoch it was judged. When policies, services or routes change, the
 * control plane raises the number, and each flow's next packet takes the first lane once more.
 */
#ifndef MANX_EPOCH_H
#define MANX_EPOCH_H

#include <manx/map.h>

VARIABLE(manx_epoch, __u32);

static __always_inline __u32 epoch_now(void)
{
	return manx_epoch_value;
}

#endif
