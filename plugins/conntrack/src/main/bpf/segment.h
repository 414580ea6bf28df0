// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* segment: reads what a TCP header says of sequence numbers and windows, and the type of an SCTP packet. */
#ifndef CONNTRACK_SEGMENT_H
#define CONNTRACK_SEGMENT_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <manx/cursor.h>
#include <manx/tc.h>

enum segment_option {
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_SCALE = 3,
	OPTION_SCALE_BYTES = 3,
	OPTION_SCALE_MOST = 14,		/* RFC 7323, 2.3: what is above counts as this */
	OPTIONS_MOST = 20,		/* more of them than any stack sends */
};

/* Of the IP packet, from layer 3 on; skb->len may have Ethernet's padding in it. */
static __always_inline __u32 segment_ip_bytes(struct __sk_buff *skb, const struct note *note)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, note->l3_offset);
	__u32 bytes = 0;

	if (note->version == 4) {
		struct iphdr *ip = CURSOR_TAKE(&cursor, struct iphdr);

		if (ip)
			bytes = bpf_ntohs(ip->tot_len);
	} else {
		struct ipv6hdr *ip = CURSOR_TAKE(&cursor, struct ipv6hdr);

		if (ip && ip->payload_len)
			bytes = sizeof(*ip) + bpf_ntohs(ip->payload_len);
	}
	/* 0: of more than 64 KiB, put together by the kernel. */
	return bytes ? bytes : skb->len - note->l3_offset;
}

/* `at`: of the options, bytes from the packet's start; `end`: of the header. Not inlined: see apart.h. */
__noinline int segment_scale(struct __sk_buff *skb, __u32 at, __u32 end)
{
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

/* Fills note->tcp; false: the header is not there. */
static __always_inline bool segment_read(struct __sk_buff *skb, struct note *note)
{
	struct cursor cursor = cursor_at((void *)(long)skb->data, (void *)(long)skb->data_end, note->l4_offset);
	struct tcphdr *tcp = CURSOR_TAKE(&cursor, struct tcphdr);
	__u32 header, payload;

	if (!tcp)
		return false;
	header = tcp->doff * 4;
	note->tcp.seq = bpf_ntohl(tcp->seq);
	note->tcp.ack = bpf_ntohl(tcp->ack_seq);
	note->tcp.window = bpf_ntohs(tcp->window);
	payload = note->l3_offset + segment_ip_bytes(skb, note) - note->l4_offset - header;
	note->tcp.end = note->tcp.seq + payload + !!(note->tcp_flags & TCP_BIT_SYN) + !!(note->tcp_flags & TCP_BIT_FIN);
	note->tcp.scale = note->tcp_flags & TCP_BIT_SYN ? segment_scale(skb, note->l4_offset + sizeof(*tcp), note->l4_offset + header)
							 : NOTE_NO_SCALE;
	return true;
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
