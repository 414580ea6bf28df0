// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* policy: the rules of the endpoints, in a form that is looked up and not walked.
 *
 * An endpoint names, for each point where it is asked, a program: an ordered list of rules. Each of the four
 * dimensions of a packet (source, destination, source port, destination port with protocol) is looked up once,
 * in a longest-prefix table, and gives a row: the set of the program's rules that this dimension allows to
 * match. The first rule that is in all four sets decides. (Bit vectors with an aggregate level: Lakshman and
 * Stiliadis, SIGCOMM 1998; Baboescu and Varghese, SIGCOMM 2001.)
 *
 * A row's set is cut into blocks of 512 rules; `summary` says which blocks are not empty, and only those are
 * stored, one after the other from `first`:
 *
 *   summary  0 0 1 0 0 1 1 0 ...          block 2 is at first, block 5 at first + 1, block 6 at first + 2
 *
 * So a lookup costs four summaries, and a handful of words for each block that all four have: nearly the same
 * for ten rules as for ten thousand.
 */
#ifndef MANX_POLICY_H
#define MANX_POLICY_H

#include <manx/addr.h>
#include <manx/map.h>

enum policy_limit {
	POLICY_ENDPOINTS = 4096,
	POLICY_PROGRAMS = 4096,
	POLICY_PREFIXES = 262144,
	POLICY_BLOCKS = 131072,
	POLICY_BLOCK_WORDS = 8,		/* a cache line */
	POLICY_ROW_BLOCKS = 64,		/* bits of a summary */
};

/* Rules by IP version: a row of policy_programs, or 0 where no policy applies and all is allowed. */
struct policy_choice {
	__u32 program4;
	__u32 program6;
};

/* An interface, by ifindex. One write changes all of it. */
struct policy_endpoint {
	struct policy_choice in_local;		/* came in by it, to this host */
	struct policy_choice in_forward;	/* came in by it, goes on */
	struct policy_choice out_forward;	/* goes out by it, came in by another */
	struct policy_choice out_local;		/* goes out by it, from this host */
};

/* A set of rules. */
struct policy_row {
	__u64 summary;		/* bit n: block n is stored */
	__u32 first;		/* the first stored block, a row of policy_blocks */
	__u32 pad;
};

struct policy_dimension {
	struct policy_row otherwise;	/* for a value that no prefix of the table holds */
	__u32 table;			/* in policy_prefixes; 0: none, all values are alike */
	__u32 pad;
};

/* Never changed while an endpoint names it. */
struct policy_program {
	struct policy_dimension source;
	struct policy_dimension destination;
	struct policy_dimension source_port;
	struct policy_dimension destination_port;
	__u32 rules;
	__u32 allow;			/* first of the blocks that say which rules allow, all of them stored */
	__u32 first;			/* first block of the program, and how many: the control plane's */
	__u32 blocks;
	__u8 digest[32];		/* SHA-256 of what it says: equal programs are loaded once */
};

/* A value is an address, or for the ports' dimensions a number in word[0]:
 *
 *  0          1          2                     4 bytes
 *  +----------+----------+---------------------+
 *  | protocol | portless | port (be16)         |   portless: 1 when the packet has no ports
 *  +----------+----------+---------------------+
 */
struct policy_prefix {
	__u32 prefix_length;		/* bits of table and value */
	__be32 table;
	struct addr value;
};

struct policy_block {
	__u64 word[POLICY_BLOCK_WORDS];	/* rule n of the block: bit n % 64 of word n / 64 */
};

MAP(policy_endpoints, BPF_MAP_TYPE_HASH, __u32, struct policy_endpoint, POLICY_ENDPOINTS);
MAP(policy_programs, BPF_MAP_TYPE_ARRAY, __u32, struct policy_program, POLICY_PROGRAMS);
MAP(policy_blocks, BPF_MAP_TYPE_ARRAY, __u32, struct policy_block, POLICY_BLOCKS);
MAP_FLAGS(policy_prefixes, BPF_MAP_TYPE_LPM_TRIE, struct policy_prefix, struct policy_row, POLICY_PREFIXES,
	  BPF_F_NO_PREALLOC);

#endif
