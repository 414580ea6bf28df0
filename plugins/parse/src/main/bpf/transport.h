// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* transport: the TCP, UDP, ICMP and ICMPv6 headers. */
#ifndef PARSE_TRANSPORT_H
#define PARSE_TRANSPORT_H

#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <manx/icmp.h>
#include <manx/tc.h>
#include "header.h"
#include "other.h"
#include "parsed.h"
#include "settings.h"

enum icmp6_type {
	ICMP6_FIRST_INFORMATION = 128,	/* below: errors (RFC 4443, section 2.1) */
	ICMP6_ECHO = 128,
	ICMP6_ECHO_REPLY = 129,
	ICMP6_FIRST_DISCOVERY = 133,	/* router solicitation (RFC 4861) */
	ICMP6_LAST_DISCOVERY = 137,	/* redirect */
};

/* ICMP's first 8 bytes, of either version. */
struct icmp {
	__u8 type;
	__u8 code;
	__u16 checksum;
	__be16 identifier;	/* echo and echo reply */
	__be16 sequence;
};

static __always_inline bool beyond_end(const struct parsing *parsing)
{
	return parsing->offset > parsing->end;
}

static __always_inline int judge_tcp_flags(__u8 flags)
{
	const struct parse_settings *settings;

	if (TCP_FLAGS_SENSIBLE >> (flags & TCP_FLAGS_NAMED) & 1)
		return PARSED;
	settings = settings_now();
	return settings && settings->pass_tcp_flag_nonsense ? PARSED : REASON_BAD_TCP_FLAGS;
}

static __always_inline int parse_tcp(struct note *note, struct parsing *parsing)
{
	struct tcphdr *tcp = PARSING_TAKE(parsing, struct tcphdr);
	__u32 header;
	__u8 flags;

	if (!tcp || beyond_end(parsing))
		return REASON_TRUNCATED_L4;
	header = tcp->doff * 4;
	if (header < sizeof(*tcp))
		return REASON_BAD_TCP_OFFSET;
	if (note->l4_offset + header > parsing->end)
		return note->flags & NOTE_FRAGMENT ? REASON_FRAGMENT_TINY : REASON_BAD_TCP_OFFSET;
	note_ports(note, tcp);
	note->tcp_flags = flags = ((__u8 *)tcp)[TCP_FLAGS_AT];
	note_segment(note, tcp, parsing->end - note->l4_offset - header + octets_of_flags(flags));
	/* Nearly all segments are of this kind. */
	if ((flags & TCP_FLAGS_NAMED) == TCP_BIT_ACK)
		return PARSED;
	if (flags & TCP_BIT_RST)
		note->flags |= NOTE_NO_COMMIT;
	return judge_tcp_flags(flags);
}

static __always_inline int parse_udp(struct note *note, struct parsing *parsing)
{
	struct udphdr *udp = PARSING_TAKE(parsing, struct udphdr);
	__u32 length;

	if (!udp || beyond_end(parsing))
		return REASON_TRUNCATED_L4;
	length = bpf_ntohs(udp->len);
	/* The first fragment has but a part of the datagram that it gives the length of. */
	if (length < sizeof(*udp) || (note->l4_offset + length > parsing->end && !(note->flags & NOTE_FRAGMENT)))
		return REASON_BAD_UDP_LENGTH;
	note_ports(note, udp);
	return PARSED;
}

static __always_inline struct icmp *take_icmp(struct note *note, struct parsing *parsing)
{
	struct icmp *icmp = PARSING_TAKE(parsing, struct icmp);

	if (!icmp || beyond_end(parsing))
		return NULL;
	note->icmp_type = icmp->type;
	note->icmp_code = icmp->code;
	return icmp;
}

static __always_inline void note_echo(struct note *note, const struct icmp *icmp)
{
	note->source_port = icmp->identifier;
	note->destination_port = icmp->identifier;
}

/* RFC 6980: neighbour discovery has none, be it one of a whole datagram. */
static __always_inline bool has_fragment_header(const struct note *note)
{
	const struct fragment *fragment = fragment_of_this_cpu();

	return note->l4_offset != note->l3_offset + sizeof(struct ipv6hdr) && fragment && fragment->start;
}

/* It is short enough not to be cut (RFC 792; RFC 4443, section 2.4), and what it tells must be read as a whole. */
static __always_inline int note_error(struct note *note)
{
	note->flags |= NOTE_ICMP_ERROR | NOTE_NO_COMMIT;
	return note->flags & NOTE_FRAGMENT ? REASON_FRAGMENTED_CONTROL : PARSED;
}

static __always_inline int parse_icmp4(struct note *note, struct parsing *parsing)
{
	struct icmp *icmp = take_icmp(note, parsing);

	if (!icmp)
		return REASON_TRUNCATED_L4;
	switch (icmp->type) {
	case ICMP4_ECHO:
	case ICMP4_ECHO_REPLY:
		note_echo(note, icmp);
		break;
	case ICMP4_UNREACHABLE:
	case ICMP4_SOURCE_QUENCH:
	case ICMP4_REDIRECT:
	case ICMP4_TIME_EXCEEDED:
	case ICMP4_PARAMETER_PROBLEM:
		return note_error(note);
	}
	return PARSED;
}

/* Neighbour discovery of this link; what a router has touched only looks like it, and is judged. */
static __always_inline bool is_discovery(__u8 type, const struct parsing *parsing)
{
	return type >= ICMP6_FIRST_DISCOVERY && type <= ICMP6_LAST_DISCOVERY && parsing->on_link;
}

static __always_inline int parse_icmp6(struct note *note, struct parsing *parsing)
{
	struct icmp *icmp = take_icmp(note, parsing);

	if (!icmp)
		return REASON_TRUNCATED_L4;
	if (is_discovery(icmp->type, parsing))
		return has_fragment_header(note) ? REASON_FRAGMENTED_CONTROL : PARSED_STACK;
	if (icmp->type == ICMP6_ECHO || icmp->type == ICMP6_ECHO_REPLY)
		note_echo(note, icmp);
	else if (icmp->type < ICMP6_FIRST_INFORMATION)
		return note_error(note);
	return PARSED;
}

static __always_inline int parse_transport(struct __sk_buff *skb, struct note *note, struct parsing *parsing)
{
	note->l4_offset = parsing->offset;
	*(note_word *)&note->source_port = 0;
	*(note_word *)&note->tcp_flags = 0;
	if (note->flags & NOTE_NO_PORTS)
		return PARSED;
	switch (note->protocol) {
	case IPPROTO_TCP:
		return parse_tcp(note, parsing);
	case IPPROTO_UDP:
		return parse_udp(note, parsing);
	case IPPROTO_ICMP:
		return note->version == 4 ? parse_icmp4(note, parsing) : PARSED;
	case IPPROTO_ICMPV6:
		return note->version == 6 ? parse_icmp6(note, parsing) : PARSED;
	default:
		return parse_other(skb, note, parsing->end);
	}
}

#endif
