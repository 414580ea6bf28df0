// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* billing_wide: billing, for the field of the other type. */
#include <manx/field.h>
#include <manx/tc.h>

REQUIRES(__u64, tenant);

STAGE(billing)
{
	return FIELD(note, tenant) == 1ULL << 32 ? VERDICT_NEXT : drop(note, REASON_OWN);
}
