// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* stamp-right: one of the two stages of stamp.h. Drops  REASON_MIXED_CHAIN */
#include "stamp.h"

STAGE(stamp_right)
{
	return stamp(note);
}
