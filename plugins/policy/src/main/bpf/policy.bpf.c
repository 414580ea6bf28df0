// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* policy: lets a new flow through, or not, by the rules of the endpoints at both its ends.
 * Reads  note->direction, ifindex, 5-tuple   Writes  note->route    Drops  REASON_POLICY_DENY, POLICY_DEFAULT
 */
#include <linux/if_packet.h>
#include <linux/in.h>
#include <manx/reason.h>
#include <manx/routes.h>
#include <manx/tc.h>
#include "endpoints.h"
#include "policy.h"

enum {
	DIMENSIONS = 4,
};

/* Rows and not pointers to them: the verifier would follow what comes after once for each map that each may be in. */
struct search {
	struct policy_row row[DIMENSIONS];
	struct policy_row allow;
	__u64 candidates;	/* bit n: rule n may match, or one of block n */
	__u32 reason;		/* enum reason */
};

static __always_inline enum reason reason_of(__u64 allow, __u64 match)
{
	return allow & match & -match ? REASON_NONE : REASON_POLICY_DENY;
}

/* The stored block of a row that its summary's `bit` stands for. */
static __always_inline const struct policy_block *block_of(const struct policy_row *row, __u64 bit)
{
	__u32 index = row->first + __builtin_popcountll(row->summary & (bit - 1));

	return bpf_map_lookup_elem(&blocks, &index);
}

/* Looks for a match in the first block that is still a candidate. 1 ends the search. */
static long search_block(__u32 round __unused, struct search *search)
{
	__u64 bit = search->candidates & -search->candidates;
	const struct policy_block *a = block_of(&search->row[0], bit);
	const struct policy_block *b = block_of(&search->row[1], bit);
	const struct policy_block *c = block_of(&search->row[2], bit);
	const struct policy_block *d = block_of(&search->row[3], bit);
	const struct policy_block *allow = block_of(&search->allow, bit);

	if (!a || !b || !c || !d || !allow)
		return 1;
	for (int i = 0; i < POLICY_BLOCK_WORDS; i++) {
		__u64 match = a->word[i] & b->word[i] & c->word[i] & d->word[i];

		if (match) {
			search->reason = reason_of(allow->word[i], match);
			return 1;
		}
	}
	search->candidates &= ~bit;
	return !search->candidates;
}

/* The first `length` bits of a word that has `before` bits before it. */
static __always_inline __be32 first_bits(__be32 word, __u32 length, __u32 before)
{
	if (length >= before + 32)
		return word;
	return length <= before ? 0 : word & bpf_htonl(-1U << (before + 32 - length));
}

static __always_inline const struct policy_row *row_of(const struct policy_dimension *dimension,
							const struct addr *value)
{
	if (dimension->length) {
		struct policy_value key = { .table = dimension->table };

		for (int i = 0; i < 4; i++)
			key.value.word[i] = first_bits(value->word[i], dimension->length, 32 * i);
		return bpf_map_lookup_elem(&values, &key);
	} else {
		struct policy_prefix key = {
			.prefix_length = 8 * (sizeof(key.table) + sizeof(key.value)),
			.table = bpf_htonl(dimension->table),
			.value = *value,
		};

		return bpf_map_lookup_elem(&prefixes, &key);
	}
}

/* Narrows the search to the rules that this dimension's value may match. */
static __always_inline void narrow(struct search *search, int i, const struct policy_dimension *dimension,
				   const struct addr *value)
{
	const struct policy_row *row = NULL;

	if (search->candidates & dimension->asking)
		row = row_of(dimension, value);
	search->row[i] = row ? *row : dimension->otherwise;
	search->candidates &= search->row[i].summary;
}

static __always_inline bool has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP || protocol == IPPROTO_UDPLITE;
}

/* Those of a later fragment are its first one's. */
static __always_inline struct addr port_value(const struct note *note, __be16 port)
{
	bool ports = has_ports(note->protocol);
	struct addr value = {};

	value.word[0] = ports ? bpf_htonl((__u32)note->protocol << 24 | bpf_ntohs(port))
			      : bpf_htonl((__u32)note->protocol << 24 | 1 << 16);
	return value;
}

/* REASON_NONE, or why the packet must be dropped by this program's rules: enum reason. Not static: the verifier looks at it once, and not
 * for each call. */
__noinline int judge(const struct note *note, __u32 id)
{
	const struct policy_program *program = bpf_map_lookup_elem(&programs, &id);
	struct search search = { .candidates = -1, .reason = REASON_POLICY_DEFAULT };
	struct addr value;

	if (!program || !note)
		return REASON_NONE;
	value = port_value(note, note_final_port(note));
	narrow(&search, 0, &program->destination_port, &value);
	value = port_value(note, note->source_port);
	narrow(&search, 1, &program->source_port, &value);
	narrow(&search, 2, &program->source, &note->source);
	narrow(&search, 3, &program->destination, note_final_destination(note));
	if (!search.candidates)
		return REASON_POLICY_DEFAULT;
	if (program->rules <= POLICY_FEW_RULES)
		return reason_of(program->allow.summary, search.candidates);
	search.allow = program->allow;
	bpf_loop(POLICY_ROW_BLOCKS, search_block, &search, 0);
	return search.reason;
}

/* REASON_NONE, or why the packet must be dropped at this point of the interface. */
static __always_inline enum reason judge_at(__u32 ifindex, enum policy_point point, const struct note *note)
{
	__u32 program = program_at(ifindex, point + (note->version != 4));

	return program ? judge(note, program) : REASON_NONE;
}

static __always_inline bool leaves_host(const struct route *route)
{
	return route->kind == ROUTE_NEIGHBOUR || route->kind == ROUTE_WORKLOAD;
}

static __always_inline bool multicast_or_broadcast(const struct note *note)
{
	const __be32 *word = note->destination.word;

	return note->version == 4 ? bpf_ntohl(word[3]) >> 28 == 0xe || word[3] == bpf_htonl(INADDR_BROADCAST)
				  : bpf_ntohl(word[0]) >> 24 == 0xff;
}

/* What was sent to many is never forwarded by the kernel: if anyone takes it, then this host. */
static __always_inline bool for_this_host(const struct __sk_buff *skb, const struct note *note,
					  const struct route *route)
{
	return route->kind == ROUTE_LOCAL || skb->pkt_type != PACKET_HOST || multicast_or_broadcast(note);
}

/* A packet that the kernel's stack decides about meets the rules of its way out at its egress. */
static __always_inline enum reason judge_ingress(const struct __sk_buff *skb, struct note *note)
{
	const struct route *route = route_of(note);
	bool local = for_this_host(skb, note, route);
	enum reason reason = judge_at(note->ifindex, local ? POLICY_IN_LOCAL : POLICY_IN_FORWARD, note);

	if (reason || local || !leaves_host(route))
		return reason;
	return judge_at(route->ifindex, POLICY_OUT_FORWARD, note);
}

/* The stack chose the interface by the address before nat: forward sends it on by the backend's. */
static __always_inline __u32 way_out(struct note *note)
{
	const struct route *route;

	if (note->translate != TRANSLATE_DESTINATION)
		return note->ifindex;
	route = route_of(note);
	return leaves_host(route) ? route->ifindex : note->ifindex;
}

static __always_inline enum reason judge_egress(const struct __sk_buff *skb, struct note *note)
{
	return judge_at(way_out(note), skb->ingress_ifindex ? POLICY_OUT_FORWARD : POLICY_OUT_LOCAL, note);
}

/* Replies, and errors about a flow that was allowed, need no rule of their own. */
static __always_inline bool belongs_to_allowed_flow(const struct note *note)
{
	return note->flags & NOTE_KNOWN && note->flags & (NOTE_REPLY | NOTE_ICMP_ERROR);
}

STAGE(policy)
{
	enum reason reason;

	if (belongs_to_allowed_flow(note))
		return VERDICT_NEXT;
	reason = note->direction == DIRECTION_INGRESS ? judge_ingress(skb, note) : judge_egress(skb, note);
	return reason ? drop(note, reason) : VERDICT_NEXT;
}
