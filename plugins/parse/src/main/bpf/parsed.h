// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* parsed: where parsing stands between two headers, and how it may end. */
#ifndef PARSE_PARSED_H
#define PARSE_PARSED_H

#include <manx/cursor.h>
#include <manx/tc.h>

/* What each header's function returns, beside an enum reason to drop the packet for. */
enum parsed {
	PARSED = REASON_NONE,	/* go on with the next header */
	PARSED_STACK = -1,	/* nothing to judge: the kernel's own stack has it */
};

/* What a packet says about the datagram that it is a part of. */
struct fragment {
	__be32 id;
	__u32 start;		/* of the datagram's bytes, from the packet's start; 0: there is no fragment header */
	__u32 end;		/* of them */
	__u32 before;		/* bytes that are in front of them in every fragment and count towards the 65535 */
	__u16 field;		/* where in the datagram they belong, in bytes, and FRAGMENT_MORE */
	__u16 pad;
};

/* Of the packet at hand. Not in struct parsing: that is in registers as long as nobody takes a pointer to it. */
MAP(fragment_now, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct fragment, 1);

static __always_inline struct fragment *fragment_of_this_cpu(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&fragment_now, &zero);
}

enum fragment_field {
	FRAGMENT_MORE = 1,
	FRAGMENT_OFFSET = 0xfff8,
};

/* A function that few packets need. Not static, so that the verifier looks at it once and not anew for each way that
 * leads to its call; it must then check pointers that it takes. */
#define RARE __attribute__((noinline))

struct parsing {
	struct cursor cursor;	/* at the next header */
	__u32 offset;		/* of the next header, bytes from the packet's start */
	__u32 end;		/* of what the headers so far say is the packet: the padding comes after it */
	__be16 ether_type;
	bool on_link;		/* IPv6: the hop limit says that no router has touched the packet */
};

/* The next header, and moves past it; NULL: not wholly in the linear part, or not in the packet. */
static __always_inline void *parsing_take(struct parsing *parsing, __u32 bytes)
{
	parsing->offset += bytes;
	return cursor_take(&parsing->cursor, bytes);
}

#define PARSING_TAKE(parsing, type) ((type *)parsing_take(parsing, sizeof(type)))

/* The next header is at `offset`, at most CURSOR_MAX_OFFSET. */
static __always_inline void parsing_move(struct __sk_buff *skb, struct parsing *parsing, __u32 offset)
{
	parsing->cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, offset);
	parsing->offset = offset;
}

static __always_inline void note_fragment(struct note *note, __u16 field)
{
	if (!field)
		return;
	note->flags |= NOTE_FRAGMENT;
	if (field & FRAGMENT_OFFSET)
		note->flags |= NOTE_NO_PORTS | NOTE_NO_COMMIT;
}

static __always_inline void parsing_skip(struct parsing *parsing, __u32 bytes)
{
	parsing->offset += bytes;
	cursor_skip(&parsing->cursor, bytes);
}

#endif
