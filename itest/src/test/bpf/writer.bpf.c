// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* writer: publishes a field of its own. */
#include <manx/field.h>
#include <manx/tc.h>

PUBLISHES(__u32, tenant);

STAGE(writer)
{
	FIELD(note, tenant) = 7;
	return VERDICT_NEXT;
}
