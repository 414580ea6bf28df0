// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* policy: lets a new flow through, or not, by the rules of the endpoints at both its ends.
 * Reads  note->direction, ifindex, 5-tuple   Writes  note->route    Drops  REASON_POLICY_DENY, POLICY_DEFAULT
 */
#include <linux/if_packet.h>
#include <linux/in.h>
#include <manx/reason.h>
#include <manx/routes.h>
#include <manx/tc.h>
#include "policy.h"

enum {
	DIMENSIONS = 4,
};

struct search {
	struct policy_row row[DIMENSIONS];
	__u64 candidates;	/* bit n: block n may hold a rule that matches */
	__u32 allow;		/* as in struct policy_program */
	__u32 reason;		/* enum reason */
};

static __always_inline const struct policy_block *block_at(__u32 index)
{
	return bpf_map_lookup_elem(&policy_blocks, &index);
}

/* The stored block of a row that its summary's `bit` stands for. */
static __always_inline const struct policy_block *block_of(const struct policy_row *row, __u64 bit)
{
	return block_at(row->first + __builtin_popcountll(row->summary & (bit - 1)));
}

/* Looks for a match in the first block that is still a candidate. 1 ends the search. */
static long search_block(__u32 round __unused, struct search *search)
{
	__u64 bit = search->candidates & -search->candidates;
	const struct policy_block *a = block_of(&search->row[0], bit);
	const struct policy_block *b = block_of(&search->row[1], bit);
	const struct policy_block *c = block_of(&search->row[2], bit);
	const struct policy_block *d = block_of(&search->row[3], bit);
	const struct policy_block *allow = block_at(search->allow + __builtin_popcountll(bit - 1));

	if (!a || !b || !c || !d || !allow)
		return 1;
	for (int i = 0; i < POLICY_BLOCK_WORDS; i++) {
		__u64 match = a->word[i] & b->word[i] & c->word[i] & d->word[i];

		if (match) {
			search->reason = allow->word[i] & match & -match ? REASON_NONE : REASON_POLICY_DENY;
			return 1;
		}
	}
	search->candidates &= ~bit;
	return !search->candidates;
}

/* Narrows the search to the rules that this dimension's value may match. */
static __always_inline void narrow(struct search *search, int i, const struct policy_dimension *dimension,
				   const struct addr *value)
{
	const struct policy_row *row = NULL;

	if (dimension->table) {
		struct policy_prefix key = {
			.prefix_length = 8 * (sizeof(key.table) + sizeof(key.value)),
			.table = bpf_htonl(dimension->table),
			.value = *value,
		};

		row = bpf_map_lookup_elem(&policy_prefixes, &key);
	}
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

/* REASON_NONE, or why the packet must be dropped at this point. */
static __noinline enum reason judge(const struct note *note, const struct policy_choice *choice)
{
	__u32 id = note->version == 4 ? choice->program4 : choice->program6;
	const struct policy_program *program = id ? bpf_map_lookup_elem(&policy_programs, &id) : NULL;
	struct search search = { .candidates = -1, .reason = REASON_POLICY_DEFAULT };
	struct addr value;

	if (!program)
		return REASON_NONE;
	search.allow = program->allow;
	value = port_value(note, note_final_port(note));
	narrow(&search, 0, &program->destination_port, &value);
	value = port_value(note, note->source_port);
	narrow(&search, 1, &program->source_port, &value);
	narrow(&search, 2, &program->source, &note->source);
	narrow(&search, 3, &program->destination, note_final_destination(note));
	if (search.candidates)
		bpf_loop(POLICY_ROW_BLOCKS, search_block, &search, 0);
	return search.reason;
}

static __always_inline const struct policy_endpoint *endpoint_of(__u32 ifindex)
{
	return bpf_map_lookup_elem(&policy_endpoints, &ifindex);
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
	const struct policy_endpoint *in = endpoint_of(note->ifindex);
	const struct policy_endpoint *out;
	bool local = for_this_host(skb, note, route);
	enum reason reason = REASON_NONE;

	if (in)
		reason = judge(note, local ? &in->in_local : &in->in_forward);
	if (reason || local || !leaves_host(route))
		return reason;
	out = endpoint_of(route->ifindex);
	return out ? judge(note, &out->out_forward) : REASON_NONE;
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
	const struct policy_endpoint *out = endpoint_of(way_out(note));

	if (!out)
		return REASON_NONE;
	return judge(note, skb->ingress_ifindex ? &out->out_forward : &out->out_local);
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
