// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* late: must follow early, and lets every packet on. */
#include <manx/tc.h>

STAGE(late)
{
	return VERDICT_NEXT;
}
