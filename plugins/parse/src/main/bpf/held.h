// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* held: fragments that came before their datagram's first, byte by byte, until that comes.
 *
 * A ring of cells: the next fragment takes the next cell, whoever has it. A cell's owner says whose fragment is in it,
 * and changes hands by one atomic operation; who got it has the cell to itself while it is HELD_BUSY. Whose fragment
 * is thrown out, be it for want of cells or because its first fragment has not come in time, is counted as dropped.
 */
#ifndef PARSE_HELD_H
#define PARSE_HELD_H

#include "datagram.h"

enum held_limit {
	HELD_CELLS = 512,
	HELD_BYTES = 9232,	/* the longest frame that is held: Ethernet's header and 9216 bytes */
};
EXPORT_ENUM(held_limit);

enum held_owner {
	HELD_FREE = 0,
	HELD_BUSY = 1,		/* being written or read; all other numbers are datagrams' */
};

struct held {
	__u64 owner;		/* number of a datagram, or enum held_owner */
	__u64 since_ns;		/* monotonic clock */
	__u32 bytes;
	__u16 attach;		/* where it came in */
	__u16 pad;
	__u8 data[HELD_BYTES];
};

struct held_ring {
	__u64 next;		/* the cell that is taken next, modulo HELD_CELLS */
};

MAP(held, BPF_MAP_TYPE_ARRAY, __u32, struct held, HELD_CELLS);
MAP(held_ring, BPF_MAP_TYPE_ARRAY, __u32, struct held_ring, 1);

static __always_inline struct held *held_at(__u32 index)
{
	return bpf_map_lookup_elem(&held, &index);
}

/* Counts a held fragment that is lost, where it came in. Also called outside of a packet's way: without the note. */
static __always_inline void count_unjoined(__u32 attach, __u32 bytes)
{
	struct drop_key key = { .attach = attach, .slot = manx_slot, .reason = REASON_FRAGMENT_UNJOINED };
	struct drop_count *count = bpf_map_lookup_elem(&manx_drops, &key);
	struct ends *ends = bpf_map_lookup_elem(&manx_ends, &attach);

	if (count) {
		__sync_fetch_and_add(&count->packets, 1);
		__sync_fetch_and_add(&count->bytes, bytes);
	} else {
		struct drop_count first = { .packets = 1, .bytes = bytes };

		bpf_map_update_elem(&manx_drops, &key, &first, BPF_ANY);
	}
	if (ends) {
		struct end *end = &ends->at[LANE_FIRST][manx_slot & (SLOTS - 1)];

		__sync_fetch_and_add(&end->packets, 1);
		__sync_fetch_and_add(&end->bytes, bytes);
		__sync_fetch_and_add(&end->drops, 1);
		__sync_fetch_and_add(&end->drop_bytes, bytes);
	}
}

/* The next cell of the ring, HELD_BUSY; NULL: another CPU has it right now. */
static __always_inline struct held *held_take(__u32 *index)
{
	__u32 zero = 0;
	struct held_ring *ring = bpf_map_lookup_elem(&held_ring, &zero);
	struct held *cell;
	__u64 owner;

	if (!ring)
		return NULL;
	*index = __sync_fetch_and_add(&ring->next, 1) & (HELD_CELLS - 1);
	cell = held_at(*index);
	if (!cell)
		return NULL;
	owner = cell->owner;
	if (owner == HELD_BUSY || __sync_val_compare_and_swap(&cell->owner, owner, HELD_BUSY) != owner)
		return NULL;
	if (owner != HELD_FREE)
		count_unjoined(cell->attach, cell->bytes);
	return cell;
}

/* Copies the packet; whether it is held now. */
static __always_inline bool held_put(struct __sk_buff *skb, const struct note *note, struct datagram *datagram,
				     struct held *cell, __u32 index, __u64 now)
{
	__u32 bytes = skb->len;
	__u64 nth;

	if (bytes == 0 || bytes > HELD_BYTES || bpf_skb_load_bytes(skb, 0, cell->data, bytes))
		goto free;
	nth = __sync_fetch_and_add(&datagram->held, 1);
	if (nth >= DATAGRAM_HELD)
		goto free;
	cell->bytes = bytes;
	cell->since_ns = now;
	cell->attach = note->attach;
	datagram->cell[nth] = index;
	barrier();
	cell->owner = datagram->number;
	return true;
free:
	cell->owner = HELD_FREE;
	return false;
}

static long expire_cell(__u32 index, const __u64 *now)
{
	struct held *cell = held_at(index);
	__u64 owner;

	if (!cell)
		return 1;
	owner = cell->owner;
	if (owner == HELD_FREE || owner == HELD_BUSY || (__s64)(*now - cell->since_ns) < (__s64)DATAGRAM_LIFE_NS)
		return 0;
	if (__sync_val_compare_and_swap(&cell->owner, owner, HELD_BUSY) != owner)
		return 0;
	count_unjoined(cell->attach, cell->bytes);
	cell->owner = HELD_FREE;
	return 0;
}

/* Run by the control from time to time, for those that no later fragment throws out. */
SEC("syscall") int parse_expire(void *context __unused)
{
	__u64 now = bpf_ktime_get_ns();

	bpf_loop(HELD_CELLS, expire_cell, &now, 0);
	return 0;
}

#endif
