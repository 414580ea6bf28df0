// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* classify: publishes whose packet it is, by its mark, and a struct. */
#include <manx/field.h>
#include <manx/tc.h>

struct tag {
	__u64 id;
	struct addr owner;
};

PUBLISHES(__u16, tenant);
PUBLISHES(struct tag, tag);

STAGE(classify)
{
	FIELD(note, tenant) = 7;
	if (skb->mark) {
		FIELD(note, tag).id = skb->mark;
		FIELD(note, tag).owner = note->source;
	}
	return VERDICT_NEXT;
}
