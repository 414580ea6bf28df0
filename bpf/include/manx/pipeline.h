// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* pipeline: what every program of a pipeline shares, tc or xdp: the prog array, the note, the counters.
 *
 * Slot = successor. The rows of a slot hold the program that runs after the stage that owns the slot, in each of
 * the three lanes, and each of them twice:
 *
 *	row	6 * slot	+ 1	+ 2		+ 3		+ 4		+ 5
 *	lane	first		first	established	established	translated	translated
 *	phase	0		1	0		1		0		1
 *
 * One phase is live: a packet takes it along from the entry on (note->phase), and calls no row of the other.
 * A change is made in the other phase, row by row, while no packet reads it; one write of manx_phase then makes
 * it the live one, on all interfaces at once. A stage knows its slot from frozen .rodata, so the JIT turns its
 * tail calls into direct jumps. Rows of the other lanes than the first hold something only where packets can read
 * them: from a stage that SPLITS_LANES on.
 *
 * A packet is counted once, where it leaves the pipeline (manx_ends); what each stage saw is the sum
 * over the stages from it to the lane's end.
 */
#ifndef MANX_PIPELINE_H
#define MANX_PIPELINE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <manx/export.h>
#include <manx/likely.h>
#include <manx/map.h>
#include <manx/note.h>
#include <manx/reason.h>
#include <manx/setting.h>
#include <manx/verdict.h>

enum slot {
	SLOT_ENTRY = 0,		/* counted under; what an entry calls is in the root array, see entry.h */
	SLOT_EXIT = 31,		/* counted under, never called through */
	SLOTS = 32,		/* the kernel allows 33 tail calls */
	PHASES = 2,
	ROWS = SLOTS * LANES * PHASES,
	ATTACH_POINTS = 1024,
	DROP_ROWS = 16384,
};
EXPORT_ENUM(slot);

/* Bits of skb->mark that say: Manx has judged this packet at its ingress. Cleared at the egress. */
enum mark {
	MARK_MASK = 0x0f000000,
	MARK_JUDGED = 0x0d000000,
};
EXPORT_ENUM(mark);

/* Packets that left the pipeline at one slot, this CPU. */
struct end {
	__u64 packets;		/* passed, redirected or dropped */
	__u64 bytes;
	__u64 drops;		/* of those packets */
	__u64 drop_bytes;
};

struct ends {
	struct end at[LANES][SLOTS];
};

struct drop_key {
	__u16 attach;
	__u16 slot;
	__u32 reason;		/* enum reason, or the stage's enum stage_reason */
};

struct drop_count {
	__u64 packets;		/* this CPU */
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, ROWS);
} manx_stages SEC(".maps");

/* Each CPU's note, in cache lines of its own. Not a per-CPU map: to find its value costs every program twice as much. */
enum note_place {
	NOTE_CPUS = 1024,	/* that there may be */
	NOTE_STRIDE = 256,	/* bytes */
};
EXPORT_ENUM(note_place);

_Static_assert(sizeof(struct note) <= NOTE_STRIDE, "room for a note");

struct notes {
	union {
		struct note first;
		__u8 bytes[NOTE_CPUS * NOTE_STRIDE];
	};
};

VARIABLE(manx_notes, struct notes);
MAP(manx_ends, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct ends, ATTACH_POINTS);
MAP(manx_drops, BPF_MAP_TYPE_PERCPU_HASH, struct drop_key, struct drop_count, DROP_ROWS);

SETTING(__u32, manx_slot, SLOT_EXIT, "the slot of this stage, given by Manx");

static __always_inline struct note *note_of_this_cpu(void)
{
	__u32 cpu = bpf_get_smp_processor_id() & (NOTE_CPUS - 1);

	return (struct note *)&manx_notes_value.bytes[cpu * NOTE_STRIDE];
}

static __always_inline void count_drop(const struct note *note, __u32 bytes)
{
	struct drop_key key = { .attach = note->attach, .slot = manx_slot, .reason = note->reason };
	struct drop_count *count = bpf_map_lookup_elem(&manx_drops, &key);

	if (count) {
		count->packets++;
		count->bytes += bytes;
	} else {
		struct drop_count first = { .packets = 1, .bytes = bytes };

		bpf_map_update_elem(&manx_drops, &key, &first, BPF_ANY);
	}
}

/* One that is none counts as the first, which is where CALL_NEXT sends it. */
static __always_inline __u32 lane_of(const struct note *note)
{
	__u32 lane = note->lane;

	return lane < LANES ? lane : LANE_FIRST;
}

static __always_inline void count_end(const struct note *note, __u32 bytes, bool dropped)
{
	__u32 attach = note->attach;
	struct ends *ends = bpf_map_lookup_elem(&manx_ends, &attach);
	struct end *end;

	if (UNLIKELY(!ends))
		return;
	end = &ends->at[lane_of(note)][manx_slot & (SLOTS - 1)];
	end->packets++;
	end->bytes += bytes;
	if (dropped) {
		end->drops++;
		end->drop_bytes += bytes;
		count_drop(note, bytes);
	}
}

/* Drops the packet: return drop(note, REASON_X); */
static __always_inline enum verdict drop(struct note *note, __u32 reason)
{
	note->reason = reason;
	return VERDICT_DROP;
}

/* To be written once in the object of a stage that sets note->lane: SPLITS_LANES; Manx fills no row but the first
 * lane's before it, and packets that took one there would be dropped as in an empty slot. */
enum splits { STAGE_SPLITS_LANES = 1 };
#define SPLITS_LANES EXPORT_ENUM(splits)

#define __unused __attribute__((unused))

/* What a program does before its stage's function: nothing, unless the stage includes field.h. */
#define STAGE_BEGIN(note)

/* The counter keeps clang from merging two calls into one with a variable index, which the JIT can't
 * make a direct jump. */
#define ROW(slot, lane, phase) (((slot) * LANES + (lane)) * PHASES + (phase))

#define TAIL_CALL(ctx, row) \
	do { \
		bpf_tail_call(ctx, &manx_stages, row); \
		asm volatile("" :: "i"(__COUNTER__)); \
	} while (0)

#define CALL_IN_LANE(ctx, note, lane) \
	do { \
		if ((note)->phase) \
			TAIL_CALL(ctx, ROW(manx_slot, lane, 1)); \
		else \
			TAIL_CALL(ctx, ROW(manx_slot, lane, 0)); \
	} while (0)

/* The lane of most packets is asked for first, and alone: clang would ask for another before it. */
#define CALL_NEXT(ctx, note) \
	do { \
		__u32 lane_ = (note)->lane; \
		\
		if (lane_ == LANE_ESTABLISHED) { \
			CALL_IN_LANE(ctx, note, LANE_ESTABLISHED); \
			break; \
		} \
		asm volatile("" : "+r"(lane_)); \
		if (lane_ == LANE_TRANSLATED) \
			CALL_IN_LANE(ctx, note, LANE_TRANSLATED); \
		else \
			CALL_IN_LANE(ctx, note, LANE_FIRST); \
	} while (0)

#endif
