// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* keeps: holds every packet, as parse does with fragments that come too early. */
#include <manx/tc.h>

STAGE(keeps)
{
	return VERDICT_KEPT;
}
