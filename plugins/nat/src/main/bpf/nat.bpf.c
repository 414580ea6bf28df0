// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* nat: rewrites the address and port that the note names, and the checksums over them.
 * Writes  the packet; note->source and note->destination stay as the packet came    Drops  REASON_NAT_FAILED
 *
 * A later fragment has no L4 header: should its flow be known, its address alone is rewritten. Of an ICMP error
 * the packet that it quotes is rewritten too.
 */
#include <stddef.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <manx/flow.h>
#include <manx/tc.h>
#include "inner.h"
#include "rewrite.h"
#include "service.h"

/* Whether an error's own address is the one that its flow's translation hides: see inner.h. Read before the
 * quoted packet changes, whose other end it is compared with. */
static __always_inline bool error_comes_from_backend(struct __sk_buff *skb, const struct note *note)
{
	__u32 l3 = note->l4_offset + sizeof(struct icmp6hdr);
	struct addr quoted = {};
	__be32 quoted4;

	if (note->version == 6)
		return !bpf_skb_load_bytes(skb, l3 + offsetof(struct ipv6hdr, daddr), &quoted, sizeof(quoted)) &&
		       addr_equal(&quoted, &note->source);
	return !bpf_skb_load_bytes(skb, l3 + offsetof(struct iphdr, daddr), &quoted4, sizeof(quoted4)) &&
	       quoted4 == addr_v4(&note->source);
}

static __always_inline bool rewrite_error(struct __sk_buff *skb, const struct note *note)
{
	bool outer = note->translate == TRANSLATE_DESTINATION || error_comes_from_backend(skb, note);

	if (!inner_rewrite(skb, note))
		return false;
	return !outer || (rewrite_l4_checksum(skb, note) && rewrite_addr(skb, note));
}

STAGE(nat)
{
	bool done;

	if (note->translate == TRANSLATE_NONE)
		return VERDICT_NEXT;
	done = note->flags & NOTE_ICMP_ERROR ? rewrite_error(skb, note) : rewrite(skb, note);
	return done ? VERDICT_NEXT : drop(note, REASON_NAT_FAILED);
}
