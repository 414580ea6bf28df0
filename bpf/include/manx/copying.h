// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* copying: whether maps have just been copied, to others of another size or layout.
 *
 * Between the last look at an old map and the one after packets have left it, what a stage finds in the new one may be behind
 * what the version before it has written. It is right again, or the new version's own, once this is over.
 */
#ifndef MANX_COPYING_H
#define MANX_COPYING_H

#include <stdbool.h>
#include <manx/map.h>

VARIABLE(manx_copying, __u32);

static __always_inline bool copies_may_be_behind(void)
{
	return manx_copying_value;
}

#endif
