// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* ip6: the IPv6 header and its extension headers (RFC 8200, section 4). */
#ifndef PARSE_IP6_H
#define PARSE_IP6_H

#include <linux/in6.h>
#include <linux/ipv6.h>
#include <manx/tc.h>
#include "addresses.h"
#include "parsed.h"

enum ip6_limit {
	IP6_EXTENSIONS = 8,
	IP6_HOP_LIMIT_ON_LINK = 255,	/* no router has touched the packet (RFC 4861, section 3.1) */
};

/* The protocols of extension headers that linux/in6.h lacks. */
enum ip6_extension {
	IP6_MOBILITY = 135,
	IP6_HOST_IDENTITY = 139,
	IP6_SHIM = 140,
};

struct extension {
	__u8 next;
	__u8 length;		/* in 8 bytes beyond the first 8; a fragment header has none */
	union {
		__be16 fragment;	/* where it belongs, and whether others follow: as enum fragment_field */
		__u8 routing_type;
	};
	__be32 id;		/* fragment headers */
};

enum ip6_extension_limit {
	EXTENSION_BYTES = 8,	/* the shortest */
	ROUTING_TYPE_0 = 0,	/* sends a packet to and fro between two hosts (RFC 5095) */
};

static __always_inline bool is_extension(__u8 protocol)
{
	switch (protocol) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_FRAGMENT:
	case IPPROTO_DSTOPTS:
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
	return EXTENSION_BYTES + extension->length * 8;
}

/* An atomic fragment (RFC 6946) is a whole datagram: the flags stay as they are. */
static __always_inline int ip6_fragment(struct note *note, const struct extension *extension, struct fragment *fragment,
					__u32 start, __u32 end)
{
	/* A fragment of a fragment: whoever judges by one of the headers is deceived by the other. */
	if (fragment->start)
		return REASON_BAD_IP_OPTIONS;
	fragment->id = extension->id;
	fragment->start = start;
	fragment->end = end;
	fragment->before = start - EXTENSION_BYTES - sizeof(struct ipv6hdr) - note->l3_offset;
	fragment->field = bpf_ntohs(extension->fragment) & (FRAGMENT_OFFSET | FRAGMENT_MORE);
	note_fragment(note, fragment->field);
	return PARSED;
}

/* One extension header, of note->protocol and at note->l4_offset; both then tell what comes after it. */
static __always_inline int parse_extension(struct __sk_buff *skb, struct note *note, struct fragment *fragment,
					   __u32 packet_end, int count)
{
	struct extension extension;
	__u32 end = note->l4_offset;
	int wrong = PARSED;

	if (end + sizeof(extension) > packet_end || bpf_skb_load_bytes(skb, end, &extension, sizeof(extension)))
		return REASON_TRUNCATED_L3;
	end += extension_bytes(note->protocol, &extension);
	if (end > packet_end)
		return note->flags & NOTE_FRAGMENT ? REASON_FRAGMENT_TINY : REASON_BAD_IP_OPTIONS;
	if (end > CURSOR_MAX_OFFSET)
		return REASON_BAD_IP_OPTIONS;
	if (note->protocol == IPPROTO_FRAGMENT)
		wrong = ip6_fragment(note, &extension, fragment, end, packet_end);
	else if (note->protocol == IPPROTO_ROUTING && extension.routing_type == ROUTING_TYPE_0)
		wrong = REASON_ROUTING_TYPE_0;
	/* It has a place of its own (RFC 8200, section 4.1), where every router looks for it. */
	else if (note->protocol == IPPROTO_HOPOPTS && count)
		wrong = REASON_BAD_IP_OPTIONS;
	if (wrong)
		return wrong;
	note->protocol = extension.next;
	note->l4_offset = end;
	return PARSED;
}

/* From note->l4_offset to `end`. The walk is made for the verifier: where it stands is in the note, whose values the
 * verifier does not follow. By cursor it would follow each of the headers' lengths: 790,000 instructions instead of
 * 20,000. What comes after the fragment header of a later fragment is in the first. */
RARE int parse_extensions(struct __sk_buff *skb, struct note *note, __u32 end)
{
	struct fragment *fragment = fragment_of_this_cpu();

	if (!note || !fragment)
		return REASON_TRUNCATED_L3;
	fragment->start = 0;
	#pragma clang loop unroll(disable)
	for (int count = 0; count < IP6_EXTENSIONS; count++) {
		int wrong;

		barrier();
		wrong = parse_extension(skb, note, fragment, end, count);
		if (wrong)
			return wrong;
		barrier();
		if (!is_extension(note->protocol) || note->flags & NOTE_NO_PORTS)
			return PARSED;
	}
	return REASON_BAD_IP_OPTIONS;
}

static __always_inline int ip6_extensions(struct __sk_buff *skb, struct note *note, struct parsing *parsing)
{
	int wrong;

	note->l4_offset = parsing->offset;
	wrong = parse_extensions(skb, note, parsing->end);
	parsing_move(skb, parsing, note->l4_offset);
	return wrong;
}

static __always_inline int ip6_end(struct __sk_buff *skb, const struct ipv6hdr *ip, struct parsing *parsing)
{
	__u32 payload = bpf_ntohs(ip->payload_len);

	/* Segments the kernel merged to more than the field can say. */
	if (payload == 0 && skb->gso_size)
		return PARSED;
	if (parsing->offset + payload > parsing->end)
		return REASON_IP_LENGTH_BEYOND;
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
	if (ip6_is_odd((const addr_half *)&note->source, (const addr_half *)&note->destination)) {
		wrong = ip6_judge_addresses(note);
		if (wrong)
			return wrong;
	}
	return is_extension(note->protocol) ? ip6_extensions(skb, note, parsing) : PARSED;
}

#endif
