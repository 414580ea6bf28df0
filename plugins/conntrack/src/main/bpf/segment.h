// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* segment: reads what few packets have beyond what parse notes: a SYN's window scale, the type of an SCTP packet. */
#ifndef CONNTRACK_SEGMENT_H
#define CONNTRACK_SEGMENT_H

#include <linux/tcp.h>
#include <manx/cursor.h>
#include <manx/tc.h>

enum segment_offset {
	SEGMENT_LENGTH_AT = 12,		/* the byte of the TCP header that has its length (RFC 9293, 3.1) */
};

enum segment_option {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_SCALE = 3,
	OPTION_SCALE_BYTES = 3,
	OPTION_SCALE_MOST = 14,		/* RFC 7323, 2.3: what is above counts as this */
	OPTIONS_MOST = 20,		/* more of them than any stack sends */
	OPTIONS_BYTES = 40,		/* that fit into the longest header */
	OPTIONS_ROOM = 64,		/* a power of two: the verifier needs a bound on where one is */
};

/* Bytes of TCP's options, 0 to OPTIONS_BYTES; `header`: where TCP's begins, bytes from the packet's start. */
static __always_inline __u32 segment_option_bytes(struct __sk_buff *skb, __u32 header)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, header + SEGMENT_LENGTH_AT);
	const __u8 *at = CURSOR_TAKE(&cursor, __u8);
	__u8 length;		/* of the header, in words of 4 bytes, in the upper half */

	if (at)
		length = *at;
	else if (bpf_skb_load_bytes(skb, header + SEGMENT_LENGTH_AT, &length, sizeof(length)))
		return 0;
	return (length >> 4) * 4 - sizeof(struct tcphdr);
}

static __always_inline __u8 option_at(const __u8 *options, __u32 at)
{
	return options[at & (OPTIONS_ROOM - 1)];
}

/* A SYN's window scale, or NOTE_NO_SCALE. Not inlined: see apart.h. */
__noinline int segment_scale(struct __sk_buff *skb, __u32 header)
{
	__u32 bytes = segment_option_bytes(skb, header), at = 0;
	__u8 options[OPTIONS_ROOM] = {};

	if (!bytes)
		return NOTE_NO_SCALE;
	/* The verifier is to see both bounds of one and the same value. */
	asm volatile("" : "+r"(bytes));
	if (bytes > OPTIONS_BYTES || bpf_skb_load_bytes(skb, header + sizeof(struct tcphdr), options, bytes))
		return NOTE_NO_SCALE;
	#pragma clang loop unroll(disable)
	for (int i = 0; i < OPTIONS_MOST; i++) {
		__u8 kind = option_at(options, at), length = option_at(options, at + 1);

		if (at + OPTION_SCALE_BYTES > bytes)
			break;
		if (kind == OPTION_SCALE && length == OPTION_SCALE_BYTES) {
			__u8 scale = option_at(options, at + 2);

			return scale < OPTION_SCALE_MOST ? scale : OPTION_SCALE_MOST;
		}
		if (kind == OPTION_END || (kind != OPTION_NOP && length < 2))
			break;
		at += kind == OPTION_NOP ? 1 : length;
	}
	return NOTE_NO_SCALE;
}

enum sctp {
	SCTP_CHUNK_AT = 12,		/* behind the common header (RFC 9260, 3) */
	SCTP_INIT = 1,
	SCTP_ABORT = 6,
	SCTP_SHUTDOWN = 7,
	SCTP_SHUTDOWN_ACK = 8,
	SCTP_SHUTDOWN_COMPLETE = 14,
	SCTP_NO_CHUNK = -1,
};

/* The type of the first chunk, or SCTP_NO_CHUNK. */
static __always_inline int segment_sctp(struct __sk_buff *skb, const struct note *note)
{
	__u8 type;

	return bpf_skb_load_bytes(skb, note->l4_offset + SCTP_CHUNK_AT, &type, sizeof(type)) ? SCTP_NO_CHUNK : type;
}

#endif
