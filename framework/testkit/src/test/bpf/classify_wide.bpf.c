// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* classify_wide: classify, with a field of another type. */
#include <manx/field.h>
#include <manx/tc.h>

PUBLISHES(__u64, tenant);

STAGE(classify)
{
	FIELD(note, tenant) = 1ULL << 32;
	return VERDICT_NEXT;
}
