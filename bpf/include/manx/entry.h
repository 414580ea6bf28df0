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

SETTING(__u64, manx_note_head, 0, "the note's first word: ifindex, attach and direction of the attach point, the first lane");
SETTING(__u32, manx_attach, 0, "the attach point's row in manx_ends");

/* Read once a packet: a change between two stages does not reach it. */
static __always_inline __u8 phase_now(void)
{
	return manx_phase_value & 1;
}

/* The note's first two words. The second goes from note->reason to note->protocol: its third byte is the phase and all others
 * are zero. */
typedef __u64 __attribute__((may_alias)) note_state;

_Static_assert(offsetof(struct note, ifindex) == 0 && offsetof(struct note, lane) == sizeof(note_state) - 1 && !LANE_FIRST &&
	       offsetof(struct note, reason) % sizeof(note_state) == 0 &&
	       offsetof(struct note, phase) == offsetof(struct note, reason) + 2 &&
	       offsetof(struct note, protocol) == offsetof(struct note, reason) + sizeof(note_state) - 1, "a word of the note");

static __always_inline note_state note_state_of(__u8 phase)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (note_state)phase << 16;
#else
	return (note_state)phase << 40;
#endif
}

/* Says where the packet is, and clears what stages may leave unset: the note is the last packet's. */
static __always_inline void note_begin(struct note *note, __u8 phase)
{
	*(note_state *)&note->ifindex = manx_note_head;
	*(note_state *)&note->reason = note_state_of(phase);
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
