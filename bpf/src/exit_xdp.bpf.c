// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* exit_xdp: what the last xdp stage's slot holds. The packet goes on to tc and the kernel's stack. */
#include <manx/xdp.h>

STAGE(exit)
{
	return VERDICT_PASS;
}
