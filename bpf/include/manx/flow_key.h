// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* flow_key: the key under which a packet's flow is found.
 *
 * Both directions of a flow have one key: the lower end (address, port) is a, the other b.
 *
 *  0               4               8          10         12   13        16 bytes
 *  +---------------+---------------+----------+----------+----+----------+
 *  | addr_a (be32) | addr_b (be32) | port_a   | port_b   |prot| zero     |   IPv4
 *  +---------------+---------------+----------+----------+----+----------+
 *
 *  0               16              32         34         36   37        40 bytes
 *  +---------------+---------------+----------+----------+----+----------+
 *  | addr_a        | addr_b        | port_a   | port_b   |prot| zero     |   IPv6
 *  +---------------+---------------+----------+----------+----+----------+
 */
#ifndef MANX_FLOW_KEY_H
#define MANX_FLOW_KEY_H

#include <stddef.h>
#include <manx/addr.h>
#include <manx/likely.h>
#include <manx/note.h>

struct flow_key4 {
	__be32 addr_a;
	__be32 addr_b;
	__be16 port_a;
	__be16 port_b;
	__u8 protocol;
	__u8 zero[3];
};

struct flow_key6 {
	struct addr addr_a;
	struct addr addr_b;
	__be16 port_a;
	__be16 port_b;
	__u8 protocol;
	__u8 zero[3];
};

/* The two ends of a packet, as the packet carries them. */
struct tuple {
	struct addr source __attribute__((aligned(sizeof(addr_half))));
	struct addr destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 version;
	__u8 protocol;
};

static __always_inline void tuple_of(const struct note *note, struct tuple *tuple)
{
	tuple->source = note->source;
	tuple->destination = note->destination;
	tuple->source_port = note->source_port;
	tuple->destination_port = note->destination_port;
	tuple->version = note->version;
	tuple->protocol = note->protocol;
}

/* The same packet after nat: whom the responder answers, and as whom. */
static __always_inline void tuple_after_nat(const struct note *note, struct tuple *tuple)
{
	tuple_of(note, tuple);
	if (note->translate == TRANSLATE_DESTINATION) {
		tuple->destination = note->new_addr;
		if (note->new_port)
			tuple->destination_port = note->new_port;
	} else if (note->translate == TRANSLATE_SOURCE) {
		tuple->source = note->new_addr;
		if (note->new_port)
			tuple->source_port = note->new_port;
	}
}

/* A packet's key in the tables of its IP version. Written by whole words: the hash reads it in larger pieces than its members
 * have, and each such read of members that were written one by one would wait until the writes have left the CPU. */
struct flow_key {
	union {
		struct flow_key4 v4;
		struct flow_key6 v6;
		__u64 word[5];
	};
	__u8 version;
	__u8 source_is_b;	/* 1: the packet's source is the key's end b */
};

static __always_inline __u32 flow_key_ports(__be16 a, __be16 b)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return a | (__u32)b << 16;
#else
	return (__u32)a << 16 | b;
#endif
}

static __always_inline __u32 flow_key_protocol(__u8 protocol)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return protocol;
#else
	return (__u32)protocol << 24;
#endif
}

/* All ones where `from` is the higher one; both below 1 << 63. Without a branch, which would be as good as random; clang
 * would make one of a difference that it can see. */
static __always_inline __u32 flow_key_swap(__u64 from, __u64 to)
{
	__u64 difference = to - from;

	asm volatile("" : "+r"(difference));
	return (__s64)difference >> 63;
}

/* Which end is a is told by the addresses, and only where a host speaks to itself by the ports. */
static __always_inline __u32 flow_key_swap4(__be32 source, __be32 destination, __u32 ports, __u32 swapped)
{
	if (UNLIKELY(source == destination))
		return flow_key_swap(ports & 0xffff, swapped & 0xffff);
	return flow_key_swap(source, destination);
}

/* `ports`: as flow_key_ports(source's, destination's). */
static __always_inline void flow_key_put4(__be32 source, __be32 destination, __u32 ports, __u8 protocol, struct flow_key *key)
{
	__u32 swapped = ports << 16 | ports >> 16;
	__u32 swap = flow_key_swap4(source, destination, ports, swapped);
	__u32 change = (source ^ destination) & swap;

	key->word[0] = word_pair(source ^ change, destination ^ change);
	key->word[1] = word_pair(ports ^ ((ports ^ swapped) & swap), flow_key_protocol(protocol));
	key->source_is_b = swap & 1;
}

/* As flow_key_swap4, by an order that is the same for both directions; any will do. */
static __always_inline bool flow_key_swaps6(const addr_half *source, const addr_half *destination, __u32 ports, __u32 swapped)
{
	if (source[0] != destination[0])
		return destination[0] < source[0];
	if (LIKELY(source[1] != destination[1]))
		return destination[1] < source[1];
	return (swapped & 0xffff) < (ports & 0xffff);
}

static __always_inline void flow_key_ends6(const struct addr *a, const struct addr *b, __u64 *word)
{
	word[0] = ((const addr_half *)a)[0];
	word[1] = ((const addr_half *)a)[1];
	word[2] = ((const addr_half *)b)[0];
	word[3] = ((const addr_half *)b)[1];
}

/* The addresses on a multiple of 8, or in the packet. */
static __always_inline void flow_key_put6(const struct addr *source, const struct addr *destination, __u32 ports,
					  __u8 protocol, struct flow_key *key)
{
	__u32 swapped = ports << 16 | ports >> 16;
	bool swap = flow_key_swaps6((const addr_half *)source, (const addr_half *)destination, ports, swapped);

	key->source_is_b = swap;
	if (swap) {
		ports = swapped;
		flow_key_ends6(destination, source, key->word);
	} else {
		flow_key_ends6(source, destination, key->word);
	}
	key->word[4] = word_pair(ports, flow_key_protocol(protocol));
}

/* Which end is a is one order for both directions; any will do. */
static __always_inline void flow_key_of(const struct tuple *tuple, struct flow_key *key)
{
	__u32 ports = flow_key_ports(tuple->source_port, tuple->destination_port);

	key->version = tuple->version;
	if (tuple->version == 4)
		flow_key_put4(addr_v4(&tuple->source), addr_v4(&tuple->destination), ports, tuple->protocol, key);
	else
		flow_key_put6(&tuple->source, &tuple->destination, ports, tuple->protocol, key);
}

typedef __u32 __attribute__((may_alias)) note_ports_word;

_Static_assert(offsetof(struct note, source_port) % sizeof(note_ports_word) == 0 &&
	       offsetof(struct note, destination_port) == offsetof(struct note, source_port) + sizeof(__be16), "the ports' word");

/* As flow_key_ports of both. */
static __always_inline __u32 flow_key_ports_of(const struct note *note)
{
	return *(const note_ports_word *)&note->source_port;
}

/* As flow_key_of of tuple_of: reads no more of the note than its version has. */
static __always_inline void flow_key_of_note(const struct note *note, struct flow_key *key)
{
	__u32 ports = flow_key_ports_of(note);

	key->version = note->version;
	if (note->version == 4)
		flow_key_put4(addr_v4(&note->source), addr_v4(&note->destination), ports, note->protocol, key);
	else
		flow_key_put6(&note->source, &note->destination, ports, note->protocol, key);
}

#endif
