// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* fragment: gives each fragment its whole datagram's treatment.
 *
 * The first has the L4 header, is judged like any packet, and leaves its ports. Later ones take them, and so find the
 * flow. One that comes before its first is held, and follows it.
 */
#ifndef PARSE_FRAGMENT_H
#define PARSE_FRAGMENT_H

#include <linux/in.h>
#include <linux/tcp.h>
#include "release.h"

/* What can be told from one fragment alone. */
static __always_inline int fragment_judge_alone(const struct note *note, const struct fragment *fragment)
{
	__u32 at = fragment_at(fragment), bytes = fragment_bytes(fragment);

	if (!bytes || (fragment->field & FRAGMENT_MORE && bytes % UNIT_BYTES))
		return REASON_FRAGMENT_LENGTH;
	if (fragment->before + at + bytes > DATAGRAM_BYTES)
		return REASON_FRAGMENT_BEYOND;
	/* RFC 1858, section 3.2: no first fragment with a whole TCP header ends there. */
	if (note->protocol == IPPROTO_TCP && at && at < sizeof(struct tcphdr))
		return REASON_FRAGMENT_TINY;
	return REASON_NONE;
}

static __always_inline enum verdict fragment_pass(struct note *note, struct datagram *datagram,
						  const struct fragment *fragment, __u64 now)
{
	int wrong = datagram_add(datagram, fragment, now);

	if (wrong)
		return drop(note, wrong);
	datagram_tell(datagram, note);
	return VERDICT_NEXT;
}

static __always_inline enum verdict fragment_hold(struct __sk_buff *skb, struct note *note, struct datagram *datagram,
						  const struct fragment *fragment, __u64 now)
{
	__u32 index = 0;
	struct held *cell = held_take(&index);

	if (!cell || !held_put(skb, note, datagram, cell, index, now))
		return drop(note, REASON_FRAGMENT_EARLY);
	/* Had the first come meanwhile on another CPU, it may have missed this one. */
	if (!(datagram->state & DATAGRAM_JOINED))
		return VERDICT_KEPT;
	if (__sync_val_compare_and_swap(&cell->owner, datagram->number, HELD_FREE) != datagram->number)
		return VERDICT_KEPT;
	return fragment_pass(note, datagram, fragment, now);
}

static __always_inline enum verdict fragment_first(struct __sk_buff *skb, struct note *note, struct datagram *datagram,
						   const struct fragment *fragment, __u64 now)
{
	int wrong;

	if (datagram->held && release_clones_first(skb, note))
		return release_as_clones(skb, note, datagram);
	wrong = datagram_add(datagram, fragment, now);
	if (wrong)
		return drop(note, wrong);
	datagram_learn(datagram, note);
	return datagram->held ? release_behind(skb, note, datagram) : VERDICT_NEXT;
}

/* enum verdict */
RARE int fragment_verdict(struct __sk_buff *skb, struct note *note)
{
	const struct fragment *fragment = fragment_of_this_cpu();
	__u64 now = bpf_ktime_get_ns();
	struct datagram *datagram;
	int wrong;

	if (!note || !fragment)
		return VERDICT_DROP;
	wrong = fragment_judge_alone(note, fragment);
	if (wrong)
		return drop(note, wrong);
	datagram = datagram_of(skb, note, fragment, now);
	if (!datagram)
		return drop(note, REASON_FRAGMENT_UNTRACKED);
	if (datagram->state & DATAGRAM_BROKEN)
		return drop(note, REASON_FRAGMENT_OVERLAP);
	if (!fragment_at(fragment))
		return fragment_first(skb, note, datagram, fragment, now);
	if (datagram->state & DATAGRAM_JOINED)
		return fragment_pass(note, datagram, fragment, now);
	return fragment_hold(skb, note, datagram, fragment, now);
}

#endif
