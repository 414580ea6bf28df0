// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* goes_on: lets every packet go on, for the testkit's own test of replacing a stage under traffic. */
#include <manx/tc.h>

STAGE(goes_on)
{
	return VERDICT_NEXT;
}
