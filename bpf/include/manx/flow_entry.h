// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* flow_entry: what is kept of a flow. */
#ifndef MANX_FLOW_ENTRY_H
#define MANX_FLOW_ENTRY_H

#include <manx/addr.h>
#include <manx/export.h>
#include <manx/note.h>

/* What one end of a flow has said, in flow->said[leg]. Each leg's packets write their own byte: the two may
 * run on two CPUs at once. */
enum flow_said {
	SAID_SOMETHING	= 1 << 0,
	SAID_GOES_ON	= 1 << 1,	/* originator: has spoken again after an answer; TCP: has acknowledged the SYN+ACK */
	SAID_SYN	= 1 << 2,
	SAID_FIN	= 1 << 3,	/* or SCTP's SHUTDOWN */
	SAID_RESET	= 1 << 4,	/* or SCTP's ABORT */
	SAID_ALL	= 1 << 5,	/* its plain packets (NOTE_PLAIN) have nothing to add: see conntrack's carried.h */
	SAID_REPLIES	= 1 << 6,	/* responder, TCP, in a forward entry: likewise, of those that find the reverse one */
};
EXPORT_ENUM(flow_said);

enum flow_flag {
	FLOW_MOVED	= 1 << 0,	/* young: the confirmed table has it now */
	FLOW_SYN	= 1 << 1,	/* TCP: began with a SYN, not picked up in its middle */
	FLOW_LIBERAL	= 1 << 2,	/* TCP: windows can't be known: picked up, in fragments, or opened from both ends */
	FLOW_SCALED	= 1 << 3,	/* TCP: both SYNs had a window scale option */
};
EXPORT_ENUM(flow_flag);

enum leg {
	LEG_ORIGINATOR,
	LEG_RESPONDER,
	LEGS,
};
EXPORT_ENUM(leg);

/* As an index that the verifier sees the bounds of, whatever the compiler knows of them. */
static __always_inline __u32 leg_index(enum leg leg)
{
	__u32 index = leg;

	if (!__builtin_constant_p(leg))
		asm volatile("" : "+r"(index));
	return index & (LEGS - 1);
}

/* How a leg's packets and bytes are counted: see flow_count.h.
 *
 *  63       56       48            34                       0
 *  +--------+--------+-------------+-----------------------+
 *  | wish   | owner  | packets     | bytes                 |   flow_leg.recent
 *  +--------+--------+-------------+-----------------------+
 */
enum flow_count {
	FLOW_COUNT_BYTES = 34,		/* bits */
	FLOW_COUNT_PACKETS = 14,	/* bits */
	FLOW_COUNT_OWNER = 48,		/* from which bit on: the number of the CPU that owns the leg, + 1; 0: none does */
	FLOW_COUNT_WISH = 56,		/* from which bit on: another CPU has wished to, WISH_MADE and when; 0: none has */
	FLOW_OWNERS = 255,		/* CPUs from here on own none */
};
EXPORT_ENUM(flow_count);

enum flow_stride {
	FLOW_LEG_STRIDE = 16,	/* bytes from what a flow has of one leg to what it has of the other */
};

/* One direction of a flow, as far as each of its packets needs it. The rest is where this leg's packets go, valid
 * under flow->epoch[leg]. */
struct flow_leg {
	__u64 recent;		/* enum flow_count; bytes from layer 2 on, as skb->len */
	__u32 ifindex;		/* from here on as in struct route */
	__u16 mtu;
	__u8 kind;
	__u8 via;		/* 1: flow->gateway[leg] is the next hop */
};

struct flow_rest {
	__u64 packets;
	__u64 bytes;
};

/* One end of a TCP connection, in sequence numbers as they are compared (RFC 9293, 3.4). */
struct tcp_end {
	__u32 end;		/* one past the last octet it has sent */
	__u32 most;		/* one past the last octet that the other end's window lets it send */
	__u32 window;		/* largest it has offered, scaled; 0: it has said nothing yet */
	__u32 acked;		/* what it has acknowledged */
};

/* What every packet of the established lane needs comes first: of an IPv4 flow it is in one cache line. With an IPv6 key
 * and the kernel's own 56 bytes an entry has 256: one more would cost 512. */
struct flow {
	__u64 last_ns;			/* of the last packet; coarse monotonic clock */
	__u8 said[LEGS];		/* enum flow_said */
	__u8 flags;			/* enum flow_flag */
	__u8 scales;			/* window scales: the originator's in the low half, the responder's in the high; 0: none */
	__u8 originator_is_b;		/* 1: the originator is the key's end b */
	__u8 translate;			/* enum translate: what nat does to the packets that find this entry */
	__be16 new_port;
	__u32 epoch[LEGS];		/* each leg judged and routed under; 0: never */
	struct flow_leg leg[LEGS];
	struct tcp_end tcp[LEGS];
	struct addr gateway[LEGS];	/* or the new address: flow_new_addr() */
	struct flow_rest rest[LEGS];
	__u64 begin_ns;			/* made at; coarse monotonic clock */
};

_Static_assert(sizeof(struct flow_leg) == FLOW_LEG_STRIDE && sizeof(struct tcp_end) == FLOW_LEG_STRIDE &&
	       sizeof(struct addr) == FLOW_LEG_STRIDE && sizeof(struct flow_rest) == FLOW_LEG_STRIDE, "one stride for all");

/* The flow as this leg sees it: what leg[], tcp[], gateway[] and rest[] have under 0 is its own. By an address that clang
 * does not make anew for each member of each, unless the leg is a constant. Of no use for anything else. */
static __always_inline struct flow *flow_of_leg(struct flow *flow, __u32 leg)
{
	void *at = (void *)flow + leg * FLOW_LEG_STRIDE;

	if (!__builtin_constant_p(leg))
		asm volatile("" : "+r"(at));
	return at;
}

/* What an entry does that translates this leg's packets. */
static __always_inline enum translate flow_translation(enum leg leg)
{
	return leg == LEG_ORIGINATOR ? TRANSLATE_DESTINATION : TRANSLATE_SOURCE;
}

/* A translated entry translates the packets of one leg, and keeps a gateway for those alone: in the other leg's place is the
 * new address. */
static __always_inline bool flow_has_gateway(const struct flow *flow, enum leg leg)
{
	return flow->translate != flow_translation(leg ^ 1);
}

/* Of an entry that translates this leg's packets. */
static __always_inline const struct addr *flow_new_addr_of(const struct flow *flow, enum leg leg)
{
	return &flow->gateway[leg_index(leg) ^ 1];
}

/* Valid unless translate is TRANSLATE_NONE. */
static __always_inline const struct addr *flow_new_addr(const struct flow *flow)
{
	return flow->translate == TRANSLATE_DESTINATION ? flow_new_addr_of(flow, LEG_ORIGINATOR)
							: flow_new_addr_of(flow, LEG_RESPONDER);
}

/* Before the entry is in a table. */
static __always_inline void flow_translate(struct flow *flow, enum translate translate, const struct addr *to, __be16 port)
{
	flow->translate = translate;
	flow->new_port = port;
	flow->gateway[translate == TRANSLATE_DESTINATION ? LEG_RESPONDER : LEG_ORIGINATOR] = *to;
}

#endif
