// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* too_much: publishes more than the note has room for. */
#include <manx/field.h>
#include <manx/tc.h>

struct much {
	__u64 word[9];
};

PUBLISHES(struct much, much);

STAGE(too_much)
{
	return VERDICT_NEXT;
}
