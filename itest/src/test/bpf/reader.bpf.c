// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* reader: drops what has not the value that writer gives. */
#include <manx/field.h>
#include <manx/tc.h>

REQUIRES(__u32, tenant);

STAGE(reader)
{
	return FIELD(note, tenant) == 7 ? VERDICT_NEXT : drop(note, REASON_OWN);
}
