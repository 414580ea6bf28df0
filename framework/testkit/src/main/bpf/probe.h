// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* probe: what stands before and behind a stage in a test, and tells where the packet went. */
#ifndef MANX_PROBE_H
#define MANX_PROBE_H

#include <manx/pipeline.h>

/* How far the packet of the last run came. */
enum probe_reached {
	PROBE_STAGE,			/* into the stage, and not out of it by its slot */
	PROBE_NEXT_FIRST,		/* to the successor, in the first lane */
	PROBE_NEXT_ESTABLISHED,
	PROBE_NEXT_TRANSLATED,
	PROBE_NOTHING,			/* not into the stage */
};
EXPORT_ENUM(probe_reached);

struct probe {
	__u32 cpu;		/* that the stage ran on: whose note it wrote */
	__u32 reached;		/* enum probe_reached */
	__u32 bytes;		/* that the packet is to have, where it is run on with more; 0: as it is */
	__u32 pad;
	struct note note;	/* as it is to be before the stage; as it was after it */
};

MAP(probe_record, BPF_MAP_TYPE_ARRAY, __u32, struct probe, 1);

static __always_inline struct note *note_of(__u32 cpu)
{
	return (struct note *)&manx_notes_value.bytes[(cpu & (NOTE_CPUS - 1)) * NOTE_STRIDE];
}

/* The note of the packet that is about to run. */
static __always_inline void probe_begin(void)
{
	__u32 zero = 0;
	const struct probe *probe = bpf_map_lookup_elem(&probe_record, &zero);

	if (probe)
		*note_of_this_cpu() = probe->note;
}

/* Of the last run, whichever CPU this is. */
static __always_inline void probe_end(void)
{
	__u32 zero = 0;
	struct probe *probe = bpf_map_lookup_elem(&probe_record, &zero);

	if (probe)
		probe->note = *note_of(probe->cpu);
}

static __always_inline void probe_reach(enum probe_reached reached)
{
	__u32 zero = 0;
	struct probe *probe = bpf_map_lookup_elem(&probe_record, &zero);

	if (!probe)
		return;
	probe->cpu = bpf_get_smp_processor_id();
	probe->reached = reached;
}

#endif
