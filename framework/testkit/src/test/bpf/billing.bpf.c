// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* billing: drops what belongs to nobody. */
#include <manx/field.h>
#include <manx/tc.h>

enum stage_reason {
	REASON_NO_TENANT = REASON_OWN,
};
EXPORT_ENUM(stage_reason);

REQUIRES(__u16, tenant);

STAGE(billing)
{
	return FIELD(note, tenant) == 7 ? VERDICT_NEXT : drop(note, REASON_NO_TENANT);
}
