// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* packet: the headers of a plain packet, in the packet. */
#ifndef FASTPATH_PACKET_H
#define FASTPATH_PACKET_H

#include <parse/src/main/bpf/plain.h>
#include <manx/flow_key.h>

/* Its headers have been found to be there: no helper may come between that and the last of their changes. */
struct packet {
	void *eth;
	__u32 octets;		/* of TCP: of the sequence space */
	bool is_v4;
	__u8 protocol;		/* TCP or UDP */
};

/* The same, by a pointer that clang takes for another: it would work out this one's places beforehand, for all packets. */
static __always_inline struct packet packet_here(const struct packet *packet)
{
	struct packet here = *packet;

	asm volatile("" : "+r"(here.eth));
	return here;
}

static __always_inline void *ip_of(const struct packet *packet)
{
	return packet->eth + ETH_HLEN;
}

static __always_inline void *l4_of(const struct packet *packet)
{
	return ip_of(packet) + (packet->is_v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr));
}

static __always_inline __u32 ports_of(const struct packet *packet)
{
	return *(const note_word *)l4_of(packet);
}

/* As the note has them. */
static __always_inline void packet_addresses(const struct packet *packet, struct addr *source, struct addr *destination)
{
	if (packet->is_v4) {
		const struct iphdr *ip = ip_of(packet);

		plain_addr4(source, ip->saddr);
		plain_addr4(destination, ip->daddr);
	} else {
		const struct ipv6hdr *ip = ip_of(packet);

		__builtin_memcpy(source, &ip->saddr, sizeof(*source));
		__builtin_memcpy(destination, &ip->daddr, sizeof(*destination));
	}
}

#endif
