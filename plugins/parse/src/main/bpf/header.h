// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* header: what is read of headers, and noted of them, on the short way as on the long one. */
#ifndef PARSE_HEADER_H
#define PARSE_HEADER_H

#include <stddef.h>
#include <linux/if_ether.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <manx/note.h>

/* As struct ethhdr, which is packed: clang would load the type byte by byte. */
struct ethernet {
	__u8 destination[ETH_ALEN];
	__u8 source[ETH_ALEN];
	__be16 ether_type;
};

enum ip4_fragment {
	IP4_MORE_FRAGMENTS = 0x2000,
	IP4_FRAGMENT_OFFSET = 0x1fff,
};

enum transport_offset {
	TCP_FLAGS_AT = 13,		/* the flags' byte in the TCP header */
};

/* Sets of the flags that enum tcp_bit names, a bit each: those with which a segment has a meaning (RFC 9293, section
 * 3.10.7). All but a SYN and an RST acknowledge something; a SYN does not end, nor does an RST or a SYN do both. */
enum tcp_flag_set {
	TCP_FLAGS_NAMED = TCP_BIT_FIN | TCP_BIT_SYN | TCP_BIT_RST | TCP_BIT_ACK,
	TCP_FLAGS_SENSIBLE = 1 << TCP_BIT_SYN | 1 << (TCP_BIT_SYN | TCP_BIT_ACK) | 1 << TCP_BIT_RST |
			     1 << (TCP_BIT_RST | TCP_BIT_ACK) | 1 << TCP_BIT_ACK | 1 << (TCP_BIT_FIN | TCP_BIT_ACK),
};

/* Members of the note that one store writes: both ports; and the flags, ICMP's type and code, and translate, which is
 * still what the entry program has made it. */
typedef __u32 __attribute__((may_alias)) note_word;

_Static_assert(offsetof(struct note, source_port) % sizeof(note_word) == 0 &&
	       offsetof(struct note, destination_port) == offsetof(struct note, source_port) + 2 &&
	       offsetof(struct note, tcp_flags) == offsetof(struct note, source_port) + 4 &&
	       offsetof(struct note, icmp_code) == offsetof(struct note, tcp_flags) + 2 &&
	       offsetof(struct note, translate) == offsetof(struct note, tcp_flags) + 3, "words of the note");

static __always_inline void note_ports(struct note *note, const void *header)
{
	*(note_word *)&note->source_port = *(const note_word *)header;
}

/* What a SYN and a FIN take of the sequence space. */
static __always_inline __u32 octets_of_flags(__u8 flags)
{
	return (flags & TCP_BIT_FIN) + !!(flags & TCP_BIT_SYN);
}

/* `octets`: of the sequence space that it fills. */
static __always_inline void note_segment(struct note *note, const struct tcphdr *tcp, __u32 octets)
{
	__u32 seq = bpf_ntohl(tcp->seq);

	note->tcp.seq = seq;
	note->tcp.end = seq + octets;
	note->tcp.ack = bpf_ntohl(tcp->ack_seq);
	note->tcp.window = bpf_ntohs(tcp->window);
}

#endif
