// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* goes_on_xdp: lets every packet go on, for the testkit's own test of replacing an xdp stage under traffic. */
#include <manx/xdp.h>

STAGE(goes_on_xdp)
{
	return VERDICT_NEXT;
}
