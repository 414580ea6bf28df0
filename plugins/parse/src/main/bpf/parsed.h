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

static __always_inline void parsing_skip(struct parsing *parsing, __u32 bytes)
{
	parsing->offset += bytes;
	cursor_skip(&parsing->cursor, bytes);
}

#endif
