// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* segment: reads what few packets have beyond what parse notes: a SYN's window scale, the type of an SCTP packet. */
#ifndef CONNTRACK_SEGMENT_H
#define CONNTRACK_SEGMENT_H

#include <linux/tcp.h>
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
};

/* A SYN's window scale, or NOTE_NO_SCALE; `header`: where TCP's begins, bytes from the packet's start. Not inlined: see
 * apart.h. */
__noinline int segment_scale(struct __sk_buff *skb, __u32 header)
{
	__u32 at = header + sizeof(struct tcphdr), end;
	__u8 length;		/* of the header, in words of 4 bytes, in the upper half */

	if (bpf_skb_load_bytes(skb, header + SEGMENT_LENGTH_AT, &length, sizeof(length)))
		return NOTE_NO_SCALE;
	end = header + (length >> 4) * 4;
	#pragma clang loop unroll(disable)
	for (int i = 0; i < OPTIONS_MOST; i++) {
		__u8 option[OPTION_SCALE_BYTES];	/* kind, length, value */

		if (at + sizeof(option) > end || bpf_skb_load_bytes(skb, at, option, sizeof(option)))
			break;
		if (option[0] == OPTION_SCALE && option[1] == OPTION_SCALE_BYTES)
			return option[2] < OPTION_SCALE_MOST ? option[2] : OPTION_SCALE_MOST;
		if (option[0] == OPTION_END || (option[0] != OPTION_NOP && option[1] < 2))
			break;
		at += option[0] == OPTION_NOP ? 1 : option[1];
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
