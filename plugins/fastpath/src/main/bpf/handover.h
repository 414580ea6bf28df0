// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* handover: notes what parse would find in a plain packet, so that it need not look, and whether conntrack need. */
#ifndef FASTPATH_HANDOVER_H
#define FASTPATH_HANDOVER_H

#include <manx/note.h>
#include "packet.h"

/* False: they are odd, and parse is to look at them. */
static __always_inline bool note_addresses(struct note *note, const struct packet *packet)
{
	return packet->is_v4 ? plain_addrs4(note, ip_of(packet)) : plain_addrs6(note, ip_of(packet));
}

/* `flow`: the confirmed one; NULL: there is none. */
static __always_inline void hand_over(struct note *note, const struct packet *packet, const struct flow *flow)
{
	const __u16 header = packet->is_v4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	const struct plain plain = {
		.l4 = l4_of(packet),
		.l4_offset = ETH_HLEN + header,
		.version = packet->is_v4 ? 4 : 6,
		.protocol = packet->protocol,
	};
	__u16 flags = flow ? NOTE_PLAIN : NOTE_PLAIN | NOTE_MISSED;

	if (!note_addresses(note, packet))
		return;
	if (packet->protocol == IPPROTO_TCP) {
		plain_note(note, &plain, flags, ((const __u8 *)plain.l4)[TCP_FLAGS_AT]);
		note_segment(note, plain.l4, packet->octets);
	} else {
		plain_note(note, &plain, flags, 0);
	}
}

#endif
