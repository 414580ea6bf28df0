// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* release: sends held fragments through the pipeline, behind the first of their datagram.
 *
 * A program can't make a packet, but it can send a clone of the one it has. So the packet at hand, which is the first
 * fragment, becomes one after another of those that are held, and a clone of each comes in once more:
 *
 *   ingress  clones wait in the CPU's queue until this packet is through. So: keep the first's bytes aside, clone the
 *            held ones, write the first's bytes back, and the first goes on. Nothing can overtake it.
 *   egress   a clone runs through the whole pipeline before the helper returns, and leaves its note. So: clone the
 *            first, then the held ones, and touch the note no more. Likewise at an ingress where the first is too long.
 */
#ifndef PARSE_RELEASE_H
#define PARSE_RELEASE_H

#include "held.h"

struct aside {
	__u8 data[HELD_BYTES];
};

MAP(aside, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct aside, 1);

struct release {
	struct __sk_buff *skb;
	struct datagram *datagram;
	__u32 ifindex;
	__u32 flags;		/* of bpf_clone_redirect */
};

/* Makes the packet be those bytes. 0 or -errno. */
static __always_inline long become(struct __sk_buff *skb, const void *data, __u32 bytes)
{
	long err;

	if (bytes == 0 || bytes > HELD_BYTES)
		return -1;
	err = bpf_skb_change_tail(skb, bytes, 0);
	return err ? err : bpf_skb_store_bytes(skb, 0, data, bytes, BPF_F_RECOMPUTE_CSUM);
}

static long release_one(__u32 nth, struct release *release)
{
	__u64 number = release->datagram->number;
	struct held *cell;

	if (nth >= DATAGRAM_HELD)
		return 1;
	cell = held_at(release->datagram->cell[nth]);
	if (!cell || __sync_val_compare_and_swap(&cell->owner, number, HELD_BUSY) != number)
		return 0;
	if (become(release->skb, cell->data, cell->bytes) ||
	    bpf_clone_redirect(release->skb, release->ifindex, release->flags))
		count_unjoined(cell->attach, cell->bytes);
	cell->owner = HELD_FREE;
	return 0;
}

static __always_inline void release_all(struct release *release, __u32 held)
{
	bpf_loop(held < DATAGRAM_HELD ? held : DATAGRAM_HELD, release_one, release, 0);
}

/* Whether the first fragment must itself go as a clone, ahead of the others. */
static __always_inline bool release_clones_first(const struct __sk_buff *skb, const struct note *note)
{
	return note->direction == DIRECTION_EGRESS || skb->len > HELD_BYTES;
}

/* The first and all that were held go as clones. */
static __always_inline enum verdict release_as_clones(struct __sk_buff *skb, struct note *note, struct datagram *datagram)
{
	struct release release = {
		.skb = skb,
		.datagram = datagram,
		.ifindex = note->ifindex,
		.flags = note->direction == DIRECTION_INGRESS ? BPF_F_INGRESS : 0,
	};
	__u32 held = __sync_lock_test_and_set(&datagram->held, 0);

	if (bpf_clone_redirect(skb, release.ifindex, release.flags))
		return drop(note, REASON_FRAGMENT_UNJOINED);
	release_all(&release, held);
	return VERDICT_KEPT;
}

/* Those that were held go as clones, behind this packet, which is afterwards what it was. */
static __always_inline enum verdict release_behind(struct __sk_buff *skb, struct note *note, struct datagram *datagram)
{
	struct release release = {
		.skb = skb,
		.datagram = datagram,
		.ifindex = note->ifindex,
		.flags = BPF_F_INGRESS,
	};
	__u32 zero = 0, bytes = skb->len;
	struct aside *first = bpf_map_lookup_elem(&aside, &zero);
	__u32 held = __sync_lock_test_and_set(&datagram->held, 0);

	if (!first || bytes == 0 || bytes > HELD_BYTES || bpf_skb_load_bytes(skb, 0, first->data, bytes))
		return drop(note, REASON_FRAGMENT_UNJOINED);
	release_all(&release, held);
	return become(skb, first->data, bytes) ? drop(note, REASON_FRAGMENT_UNJOINED) : VERDICT_NEXT;
}

#endif
