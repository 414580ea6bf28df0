// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* entry: how an attach point's own program begins a packet, tc or xdp.
 *
 * What an entry has for manx_stages is the hook's root array: two rows an attach point, one a phase, each with the
 * first stage of the pipeline that the attach point is to have. So an entry is loaded once, whatever changes after it.
 */
#ifndef MANX_ENTRY_H
#define MANX_ENTRY_H

#include <stddef.h>
#include <manx/pipeline.h>

enum root_row {
	ROOT_ROWS = ATTACH_POINTS * PHASES,
};
EXPORT_ENUM(root_row);

/* Which phase is live, 0 or 1, on tc and xdp alike: where a change leaves a hook as it was, its two phases are equal. */
VARIABLE(manx_phase, __u32);

SETTING(__u32, manx_ifindex, 0, "the interface");
SETTING(__u32, manx_attach, 0, "the attach point's row in manx_ends");

/* Read once a packet: a change between two stages does not reach it. */
static __always_inline __u8 phase_now(void)
{
	return manx_phase_value & 1;
}

/* Neighbours in the note, which one store writes. */
struct note_state {
	__u16 reason;
	__u8 phase;
	__u8 zero;
	__u16 flags;
	__u8 version;
	__u8 protocol;
};

_Static_assert(offsetof(struct note, reason) % sizeof(struct note_state) == 0 &&
	       offsetof(struct note, phase) == offsetof(struct note, reason) + offsetof(struct note_state, phase) &&
	       offsetof(struct note, protocol) == offsetof(struct note, reason) + offsetof(struct note_state, protocol),
	       "a word of the note");

/* Says where the packet is, and clears what stages may leave unset: the note is the last packet's. */
static __always_inline void note_begin(struct note *note, __u8 direction, __u8 phase)
{
	struct note_state state = { .phase = phase };

	note->ifindex = manx_ifindex;
	note->attach = manx_attach;
	note->direction = direction;
	note->lane = LANE_FIRST;
	__builtin_memcpy(&note->reason, &state, sizeof(state));
	note->translate = TRANSLATE_NONE;
	note->route.kind = ROUTE_UNKNOWN;
}

#define CALL_FIRST(ctx, phase) \
	do { \
		if (phase) \
			TAIL_CALL(ctx, manx_attach * PHASES + 1); \
		else \
			TAIL_CALL(ctx, manx_attach * PHASES); \
	} while (0)

#endif
