// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* classify_xdp: classify on the xdp hook, by the frame's first byte. */
#include <manx/field.h>
#include <manx/xdp.h>

PUBLISHES(__u8, colour);

STAGE(classify_xdp)
{
	__u8 *first = (void *)(long)xdp->data;

	if ((void *)(first + 1) <= (void *)(long)xdp->data_end && *first)
		FIELD(note, colour) = *first;
	return VERDICT_NEXT;
}
