// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* awake: for how long any flow may be silent before it may have ended. conntrack's control sets it. */
#ifndef MANX_AWAKE_H
#define MANX_AWAKE_H

#include <manx/map.h>

VARIABLE(manx_awake, __u64);

/* Nanoseconds; 0: not known, or about to change. */
static __always_inline __u64 awake_ns(void)
{
	return manx_awake_value;
}

#endif
