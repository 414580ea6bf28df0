// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* entry: how an attach point's own program begins a packet, tc or xdp. */
#ifndef MANX_ENTRY_H
#define MANX_ENTRY_H

#include <manx/pipeline.h>

SETTING(__u32, manx_ifindex, 0, "the interface");
SETTING(__u32, manx_attach, 0, "the attach point's row in manx_ends");

/* Says where the packet is, and clears what stages may leave unset: the note is the last packet's. */
static __always_inline void note_begin(struct note *note, __u8 direction)
{
	note->ifindex = manx_ifindex;
	note->attach = manx_attach;
	note->direction = direction;
	note->lane = LANE_FIRST;
	note->reason = REASON_NONE;
	note->flags = 0;
	note->version = 0;
	note->translate = TRANSLATE_NONE;
	note->route.kind = ROUTE_UNKNOWN;
}

#endif
