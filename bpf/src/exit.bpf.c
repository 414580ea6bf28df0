// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* exit: what the last stage's slot holds. The packet goes on to the kernel's own stack. */
#include <manx/tc.h>

STAGE(exit)
{
	return VERDICT_PASS;
}
