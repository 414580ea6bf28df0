// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* note: what stages tell each other about a packet.
 *
 * One per CPU: a packet's stages run to the end on one CPU, and no other packet comes between them.
 * The entry program fills the first 12 bytes and zeroes what must not be left over from the packet
 * before; a stage may only rely on a field that a stage before it has written ("by" below).
 *
 * The layout is a contract. Every object carries the BTF of the note it was built with; Manx refuses
 * one that does not fit, by the name of the field. A stage's own fields go in extension[], by field.h.
 */
#ifndef MANX_NOTE_H
#define MANX_NOTE_H

#include <manx/addr.h>
#include <manx/export.h>

enum note_abi {
	NOTE_ABI = 3,
};
EXPORT_ENUM(note_abi);

enum direction {
	DIRECTION_INGRESS,	/* came in by the interface */
	DIRECTION_EGRESS,	/* the host's stack sends it out by the interface */
};
EXPORT_ENUM(direction);

enum lane {
	LANE_FIRST,		/* every stage: the packet's flow is not yet decided */
	LANE_ESTABLISHED,	/* only stages that want every packet: there is nothing to rewrite */
	LANE_TRANSLATED,	/* those, and stages that want translated packets: nat rewrites it */
	LANES,
};
EXPORT_ENUM(lane);

enum note_flag {
	NOTE_FRAGMENT	= 1 << 0,	/* part of a fragmented datagram */
	NOTE_NO_PORTS	= 1 << 1,	/* a later fragment: no L4 header in this packet; the ports are its first fragment's */
	NOTE_ICMP_ERROR	= 1 << 2,	/* ICMP or ICMPv6 error: it belongs to the flow in its inner header */
	NOTE_REPLY	= 1 << 3,	/* from the flow's responder to its originator (by conntrack) */
	NOTE_KNOWN	= 1 << 4,	/* the flow is in the table (by conntrack) */
	NOTE_NO_COMMIT	= 1 << 5,	/* do not make a flow of it: a TCP RST, an ICMP error, a later fragment */
	NOTE_PLAIN	= 1 << 6,	/* a whole UDP datagram, or TCP segment with an ACK and neither SYN, FIN nor RST */
	NOTE_MISSED	= 1 << 7,	/* the table of confirmed flows has been looked into, and has none of it (by fastpath) */
};
EXPORT_ENUM(note_flag);

/* note->tcp_flags */
enum tcp_bit {
	TCP_BIT_FIN	= 1 << 0,
	TCP_BIT_SYN	= 1 << 1,
	TCP_BIT_RST	= 1 << 2,
	TCP_BIT_ACK	= 1 << 4,
};
EXPORT_ENUM(tcp_bit);

/* Which address of the packet nat rewrites, and which port with it. */
enum translate {
	TRANSLATE_NONE,
	TRANSLATE_DESTINATION,	/* to a service's backend */
	TRANSLATE_SOURCE,	/* a reply, back to the service's address */
};
EXPORT_ENUM(translate);

/* Where a packet goes once it is allowed. */
enum route_kind {
	ROUTE_UNKNOWN,		/* not looked up yet */
	ROUTE_STACK,		/* the kernel's stack decides: no route, or one it must act on itself */
	ROUTE_LOCAL,		/* an address of this host */
	ROUTE_NEIGHBOUR,	/* out by an interface, next hop by the kernel's neighbour table */
	ROUTE_WORKLOAD,		/* into a local workload, by the peer of its veth */
};
EXPORT_ENUM(route_kind);

struct route {
	struct addr gateway;	/* read where `via` says so */
	__u32 ifindex;
	__u16 mtu;		/* bytes, of that interface; 0: not known, do not check */
	__u8 kind;		/* enum route_kind */
	__u8 via;		/* 1: the next hop is the gateway; 0: the destination itself */
};

/* What a TCP segment's header says, by parse; sequence numbers in the host's order. */
struct note_tcp {
	__u32 seq;
	__u32 end;		/* one past its last octet; SYN and FIN count as one each (RFC 9293, 3.4) */
	__u32 ack;
	__u16 window;		/* as it is written, not scaled */
	__u8 scale;		/* a SYN's window scale option, by conntrack; NOTE_NO_SCALE: it has none */
	__u8 pad;
};

enum note_tcp_limit {
	NOTE_NO_SCALE = 0xff,
};
EXPORT_ENUM(note_tcp_limit);

struct note {
	/* by the entry program */
	__u32 ifindex;			/* the attach point's interface */
	__u16 attach;			/* the attach point's row in manx_ends */
	__u8 direction;			/* enum direction */
	__u8 lane;			/* enum lane; conntrack changes it, as the flow is translated or not */
	__u16 reason;			/* enum reason, set by drop() */
	__u8 phase;			/* which of each row's two programs this packet calls: see pipeline.h */
	__u8 zero;

	/* by parse */
	__u16 flags;			/* enum note_flag */
	__u8 version;			/* 4 or 6 */
	__u8 protocol;			/* of layer 4, IANA number */
	__u16 l3_offset;		/* bytes from the packet's start */
	__u16 l4_offset;
	__be16 source_port;		/* TCP, UDP; ICMP echo: the identifier, in both; else 0 */
	__be16 destination_port;
	__u8 tcp_flags;			/* the byte as on the wire: enum tcp_bit and others */
	__u8 icmp_type;
	__u8 icmp_code;

	/* by service for a new flow, by conntrack for a known one; nat acts on it, and never sees the established lane */
	__u8 translate;			/* enum translate */
	__be16 new_port;		/* 0: leave the port alone */
	__u16 pad;
	struct addr source;		/* by parse, as the packet carries it */
	struct addr destination;
	struct addr new_addr;		/* valid unless translate is TRANSLATE_NONE */

	/* by conntrack from the flow, else by routes (or by policy, that needs it sooner) */
	struct route route;

	/* by conntrack */
	__u32 epoch;			/* what the packet is judged under: manx_epoch before the judging */
	struct note_tcp tcp;		/* by parse, where the packet has a TCP header */

	/* fields that stages publish for stages after them: see field.h. Manx gives each its place, a multiple of 8
	 * or 4 bytes as its size is. */
	__u8 extension[64] __attribute__((aligned(8)));
};

/* Where the packet goes once nat has acted. */
static __always_inline const struct addr *note_final_destination(const struct note *note)
{
	return note->translate == TRANSLATE_DESTINATION ? &note->new_addr : &note->destination;
}

static __always_inline __be16 note_final_port(const struct note *note)
{
	return note->translate == TRANSLATE_DESTINATION && note->new_port ? note->new_port : note->destination_port;
}

#endif
