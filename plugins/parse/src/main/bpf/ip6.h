// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* ip6: the IPv6 header and its extension headers (RFC 8200, section 4). */
#ifndef PARSE_IP6_H
#define PARSE_IP6_H

#include <linux/in6.h>
#include <linux/ipv6.h>
#include <manx/tc.h>
#include "parsed.h"

enum ip6_limit {
	IP6_EXTENSIONS = 8,
	IP6_HOP_LIMIT_ON_LINK = 255,	/* no router has touched the packet (RFC 4861, section 3.1) */
};

enum ip6_fragment {
	IP6_MORE_FRAGMENTS = 0x0001,
	IP6_FRAGMENT_OFFSET = 0xfff8,
};

/* The protocols of extension headers that linux/in6.h lacks. */
enum ip6_extension {
	IP6_AUTHENTICATION = 51,
	IP6_MOBILITY = 135,
	IP6_HOST_IDENTITY = 139,
	IP6_SHIM = 140,
};

struct extension {
	__u8 next;
	__u8 length;		/* in 8 bytes beyond the first 8; authentication: in 4 bytes beyond the first 8 */
	__be16 fragment;	/* fragment headers: offset and flags */
};

enum ip6_extension_bytes {
	EXTENSION_BYTES = 8,	/* the shortest */
};

static __always_inline bool is_extension(__u8 protocol)
{
	switch (protocol) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_FRAGMENT:
	case IPPROTO_DSTOPTS:
	case IP6_AUTHENTICATION:
	case IP6_MOBILITY:
	case IP6_HOST_IDENTITY:
	case IP6_SHIM:
		return true;
	default:
		return false;
	}
}

static __always_inline __u32 extension_bytes(__u8 protocol, const struct extension *extension)
{
	if (protocol == IPPROTO_FRAGMENT)
		return EXTENSION_BYTES;
	return EXTENSION_BYTES + extension->length * (protocol == IP6_AUTHENTICATION ? 4 : 8);
}

/* An atomic fragment (RFC 6946) is a whole datagram: nothing to note. */
static __always_inline void ip6_fragment(struct note *note, __be16 fragment)
{
	if (!(fragment & bpf_htons(IP6_MORE_FRAGMENTS | IP6_FRAGMENT_OFFSET)))
		return;
	note->flags |= NOTE_FRAGMENT;
	if (fragment & bpf_htons(IP6_FRAGMENT_OFFSET))
		note->flags |= NOTE_NO_PORTS;
}

/* One extension header, of note->protocol and at note->l4_offset; both then tell what comes after it. */
static __always_inline int parse_extension(struct __sk_buff *skb, struct note *note, const struct parsing *parsing)
{
	struct extension extension;
	__u32 end = note->l4_offset;

	if (bpf_skb_load_bytes(skb, end, &extension, sizeof(extension)))
		return REASON_TRUNCATED_L3;
	end += extension_bytes(note->protocol, &extension);
	if (end > parsing->end || end > CURSOR_MAX_OFFSET)
		return REASON_BAD_IP_OPTIONS;
	if (note->protocol == IPPROTO_FRAGMENT)
		ip6_fragment(note, extension.fragment);
	note->protocol = extension.next;
	note->l4_offset = end;
	return PARSED;
}

/* Extension headers are rare, so the walk is made for the verifier: where it stands is in the note, whose
 * values the verifier does not follow. By cursor it would follow each of the headers' lengths: 790,000
 * instructions instead of 20,000. What comes after the fragment header of a later fragment is in the first. */
static __always_inline int parse_extensions(struct __sk_buff *skb, struct note *note, struct parsing *parsing)
{
	note->l4_offset = parsing->offset;
	#pragma clang loop unroll(disable)
	for (int count = 0; count < IP6_EXTENSIONS; count++) {
		int wrong;

		barrier();
		wrong = parse_extension(skb, note, parsing);
		if (wrong)
			return wrong;
		barrier();
		if (is_extension(note->protocol) && !(note->flags & NOTE_NO_PORTS))
			continue;
		parsing_move(skb, parsing, note->l4_offset);
		return PARSED;
	}
	return REASON_BAD_IP_OPTIONS;
}

static __always_inline int ip6_end(struct __sk_buff *skb, const struct ipv6hdr *ip, struct parsing *parsing)
{
	__u32 payload = bpf_ntohs(ip->payload_len);

	/* Segments the kernel merged to more than the field can say. */
	if (payload == 0 && skb->gso_size)
		return PARSED;
	if (parsing->offset + payload > parsing->end)
		return REASON_TRUNCATED_L3;
	parsing->end = parsing->offset + payload;
	return PARSED;
}

static __always_inline int parse_ip6(struct __sk_buff *skb, struct note *note, struct parsing *parsing)
{
	struct ipv6hdr *ip = PARSING_TAKE(parsing, struct ipv6hdr);
	int wrong;

	if (!ip)
		return REASON_TRUNCATED_L3;
	if (ip->version != 6)
		return REASON_BAD_IP_VERSION;
	wrong = ip6_end(skb, ip, parsing);
	if (wrong)
		return wrong;
	note->version = 6;
	note->protocol = ip->nexthdr;
	__builtin_memcpy(&note->source, &ip->saddr, sizeof(note->source));
	__builtin_memcpy(&note->destination, &ip->daddr, sizeof(note->destination));
	parsing->on_link = ip->hop_limit == IP6_HOP_LIMIT_ON_LINK;
	return is_extension(note->protocol) ? parse_extensions(skb, note, parsing) : PARSED;
}

#endif
