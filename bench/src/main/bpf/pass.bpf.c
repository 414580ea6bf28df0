// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* pass: a stage that does nothing: what a stage costs by being there. Loaded under many names (GrowthSuite). */
#include <manx/tc.h>

STAGE(pass00)
{
	return VERDICT_NEXT;
}
