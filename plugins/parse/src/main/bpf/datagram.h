// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* datagram: what is remembered of a datagram while its fragments go by.
 *
 * The first fragment's ports, which are the whole datagram's, and which of its bytes have come: a bit for each unit
 * of 8 bytes, set atomically, so that of two fragments with the same bytes one alone is new, whichever CPU has it.
 *
 * Senders use their numbers (id) again, so a record must not outlive its datagram: see datagram_is_over.
 */
#ifndef PARSE_DATAGRAM_H
#define PARSE_DATAGRAM_H

#include <manx/export.h>
#include <manx/tc.h>
#include "parsed.h"

enum datagram_limit {
	DATAGRAMS = 4096,		/* under way at one time, at most; the one that was silent for longest gives way */
	DATAGRAM_BYTES = 65535,
	DATAGRAM_HELD = 48,		/* fragments held at most: 45 of 1500 bytes make the longest datagram */
	UNIT_BYTES = 8,
	UNIT_WORDS = 128,		/* of 64 units each */
};
EXPORT_ENUM(datagram_limit);

static const __u64 DATAGRAM_LIFE_NS = 30000000000ull;	/* as long as the kernel waits for the rest of one */
static const __u64 DATAGRAM_SILENCE_NS = 100000000ull;	/* duplicates made by a network come sooner */

struct datagram_key {
	struct addr source;
	struct addr destination;
	__be32 id;
	__u32 ifindex;		/* the same fragment may pass several attach points of a host */
	__u16 vlan;		/* tag held by the kernel, 0: none */
	__u8 direction;
	__u8 version;
	__u8 protocol;		/* IPv6: 0, since only the first fragment knows (RFC 8200, section 4.5) */
	__u8 zero[3];
};

enum datagram_state {
	DATAGRAM_JOINED = 1 << 0,	/* its first fragment has come: the ports are valid */
	DATAGRAM_BROKEN = 1 << 1,	/* fragments overlap: none of the others passes */
};

struct datagram {
	__u64 number;		/* no other datagram has it */
	__u64 begun_ns;		/* monotonic clock */
	__u64 last_ns;		/* of the last fragment that passed */
	__u64 state;		/* enum datagram_state */
	__u64 bytes;		/* that have come */
	__u64 held;		/* fragments in cell[] */
	__u32 reach;		/* the furthest end of a fragment so far */
	__u32 total;		/* bytes; 0 until the last fragment has come */
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	__u8 icmp_type;
	__u8 icmp_code;
	__u8 pad;
	__u16 cell[DATAGRAM_HELD];
	__u64 unit[UNIT_WORDS];
};

MAP(datagrams, BPF_MAP_TYPE_LRU_HASH, struct datagram_key, struct datagram, DATAGRAMS);
/* A record is too large for the stack. */
MAP(datagram_new, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct datagram, 1);

static __always_inline __u32 fragment_at(const struct fragment *fragment)
{
	return fragment->field & FRAGMENT_OFFSET;
}

static __always_inline __u32 fragment_bytes(const struct fragment *fragment)
{
	return fragment->end - fragment->start;
}

/* A first fragment of a datagram that is complete begins another at once; what else looks like more of a complete one is
 * a duplicate, unless it comes late. So is a first fragment that has come before. */
static __always_inline bool datagram_is_over(const struct datagram *datagram, bool first, __u64 now)
{
	bool complete = datagram->total && datagram->bytes >= datagram->total;
	__s64 silent = now - datagram->last_ns, age = now - datagram->begun_ns;

	if (age > (__s64)DATAGRAM_LIFE_NS || (complete && first))
		return true;
	return silent > (__s64)DATAGRAM_SILENCE_NS && (complete || (first && datagram->state));
}

static __always_inline struct datagram *datagram_begin(const struct datagram_key *key, __u64 now)
{
	__u32 zero = 0;
	struct datagram *datagram = bpf_map_lookup_elem(&datagram_new, &zero);

	if (!datagram)
		return NULL;
	/* All else in it is zero for ever. */
	datagram->number = now << 8 | (bpf_get_smp_processor_id() & 0xff);
	datagram->begun_ns = datagram->last_ns = now;
	/* Another CPU may have been faster: its record serves. */
	bpf_map_update_elem(&datagrams, key, datagram, BPF_NOEXIST);
	return bpf_map_lookup_elem(&datagrams, key);
}

/* The record of the fragment's datagram, NULL: there is no room for one. */
static __always_inline struct datagram *datagram_of(struct __sk_buff *skb, const struct note *note,
						    const struct fragment *fragment, __u64 now)
{
	struct datagram_key key = {
		.source = note->source,
		.destination = note->destination,
		.id = fragment->id,
		.ifindex = note->ifindex,
		.vlan = skb->vlan_present ? skb->vlan_tci & 0xfff : 0,
		.direction = note->direction,
		.version = note->version,
		.protocol = note->version == 4 ? note->protocol : 0,
	};
	struct datagram *datagram = bpf_map_lookup_elem(&datagrams, &key);

	if (datagram && !datagram_is_over(datagram, !fragment_at(fragment), now))
		return datagram;
	if (datagram)
		bpf_map_delete_elem(&datagrams, &key);
	return datagram_begin(&key, now);
}

/* The units of one fragment, and which of them had come before. */
struct units {
	struct datagram *datagram;
	__u32 first;
	__u32 last;
	__u64 seen;		/* nonzero: some of them */
	__u64 unseen;		/* nonzero: not all of them */
};

static long add_word(__u32 nth, struct units *units)
{
	__u32 first = units->first, last = units->last, word = first / 64 + nth;
	__u64 mask = -1ull, old;

	if (word == first / 64)
		mask &= -1ull << (first & 63);
	if (word == last / 64)
		mask &= -1ull >> (63 - (last & 63));
	old = __sync_fetch_and_or(&units->datagram->unit[word & (UNIT_WORDS - 1)], mask);
	units->seen |= mask & old;
	units->unseen |= mask & ~old;
	return 0;
}

/* Sets the fragment's units. REASON_NONE: all of them are new. */
static __always_inline int datagram_add_units(struct datagram *datagram, __u32 first, __u32 last)
{
	struct units units = { .datagram = datagram, .first = first, .last = last };

	bpf_loop(last / 64 - first / 64 + 1, add_word, &units, 0);
	if (!units.seen)
		return REASON_NONE;
	return units.unseen ? REASON_FRAGMENT_OVERLAP : REASON_FRAGMENT_DUPLICATE;
}

/* Whether the fragment's end fits what others say about the datagram's. */
static __always_inline bool datagram_ends_there(struct datagram *datagram, const struct fragment *fragment, __u32 end)
{
	bool more = fragment->field & FRAGMENT_MORE;

	if (datagram->total)
		return more ? end < datagram->total : end == datagram->total;
	if (!more) {
		if (datagram->reach >= end)
			return false;
		datagram->total = end;
	}
	if (end > datagram->reach)
		datagram->reach = end;
	return true;
}

/* REASON_NONE: the fragment's bytes are new, and it may pass. */
static __always_inline int datagram_add(struct datagram *datagram, const struct fragment *fragment, __u64 now)
{
	__u32 at = fragment_at(fragment), end = at + fragment_bytes(fragment);
	int wrong = REASON_FRAGMENT_END;

	if (datagram_ends_there(datagram, fragment, end))
		wrong = datagram_add_units(datagram, at / UNIT_BYTES, (end - 1) / UNIT_BYTES);
	if (wrong) {
		if (wrong != REASON_FRAGMENT_DUPLICATE)
			__sync_fetch_and_or(&datagram->state, DATAGRAM_BROKEN);
		return wrong;
	}
	__sync_fetch_and_add(&datagram->bytes, end - at);
	datagram->last_ns = now;
	return REASON_NONE;
}

static __always_inline void datagram_learn(struct datagram *datagram, const struct note *note)
{
	datagram->source_port = note->source_port;
	datagram->destination_port = note->destination_port;
	datagram->protocol = note->protocol;
	datagram->icmp_type = note->icmp_type;
	datagram->icmp_code = note->icmp_code;
	barrier();
	__sync_fetch_and_or(&datagram->state, DATAGRAM_JOINED);
}

static __always_inline void datagram_tell(const struct datagram *datagram, struct note *note)
{
	note->source_port = datagram->source_port;
	note->destination_port = datagram->destination_port;
	note->protocol = datagram->protocol;
	note->icmp_type = datagram->icmp_type;
	note->icmp_code = datagram->icmp_code;
}

#endif
