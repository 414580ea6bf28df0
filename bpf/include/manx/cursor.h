// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* cursor: walks a packet's headers with the bounds check in one place.
 *
 *	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, offset);
 *	struct iphdr *ip = CURSOR_TAKE(&cursor, struct iphdr);
 *	if (!ip)
 *		return drop(note, REASON_TRUNCATED_L3);
 *
 * A pointer it gives is stale after any helper that may change the packet: make a new cursor then.
 */
#ifndef MANX_CURSOR_H
#define MANX_CURSOR_H

#include <linux/types.h>
#include <bpf/bpf_helpers.h>

struct cursor {
	void *at;
	void *end;
};

enum {
	CURSOR_MAX_OFFSET = 1023,	/* a mask: the verifier needs a bound on a variable offset */
};

static __always_inline struct cursor cursor_at(void *data, void *data_end, __u32 offset)
{
	struct cursor cursor = { .at = data + (offset & CURSOR_MAX_OFFSET), .end = data_end };

	return cursor;
}

/* The next `bytes` bytes, and moves past them; NULL when the packet ends before. */
static __always_inline void *cursor_take(struct cursor *cursor, __u32 bytes)
{
	void *at = cursor->at;

	if (at + bytes > cursor->end)
		return NULL;
	/* So the caller's check is this one, and not a second. */
	__builtin_assume(at != NULL);
	cursor->at = at + bytes;
	return at;
}

#define CURSOR_TAKE(cursor, type) ((type *)cursor_take(cursor, sizeof(type)))

/* Moves past `bytes` more bytes, at most CURSOR_MAX_OFFSET. */
static __always_inline void cursor_skip(struct cursor *cursor, __u32 bytes)
{
	cursor->at += bytes & CURSOR_MAX_OFFSET;
}

#endif
