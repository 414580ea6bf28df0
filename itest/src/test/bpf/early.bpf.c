// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* early: stands before late, and lets every packet on. */
#include <manx/tc.h>

STAGE(early)
{
	return VERDICT_NEXT;
}
