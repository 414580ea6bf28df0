// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* policy: the rules of the endpoints, in a form that is looked up and not walked.
 *
 * An endpoint names, for each point where it is asked, a program (endpoints.h): an ordered list of rules. Each of the four
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
 * for ten rules as for ten thousand. A program of 64 rules or fewer has no blocks: bit n is rule n.
 *
 * A dimension that no rule which may still match asks anything of is not looked up (`asking`).
 */
#ifndef MANX_POLICY_H
#define MANX_POLICY_H

#include <manx/addr.h>
#include <manx/map.h>

enum policy_limit {
	POLICY_PROGRAMS = 4096,
	POLICY_PREFIXES = 262144,
	POLICY_BLOCKS = 131072,
	POLICY_BLOCK_WORDS = 8,		/* a cache line */
	POLICY_ROW_BLOCKS = 64,		/* bits of a summary */
	POLICY_FEW_RULES = 64,		/* no more than that: a summary is of rules */
};

/* A set of rules. */
struct policy_row {
	__u64 summary;		/* bit n: block n is stored; of few rules: rule n */
	__u32 first;		/* the first stored block, a row of `blocks` */
	__u32 pad;
};

struct policy_dimension {
	struct policy_row otherwise;	/* for a value that no prefix of the table holds */
	__u64 asking;			/* bit n: rule n, or one of block n, asks something of this dimension */
	__u32 table;
	__u32 length;			/* bits of all of the table's prefixes, which are in `values`; 0: they differ, and are in `prefixes` */
};

/* Never changed while an endpoint names it. */
struct policy_program {
	struct policy_dimension source;
	struct policy_dimension destination;
	struct policy_dimension source_port;
	struct policy_dimension destination_port;
	struct policy_row allow;	/* which rules allow; has all blocks */
	__u32 rules;
	__u32 first;			/* first block of the program, and how many: the control plane's */
	__u32 blocks;
	__u32 pad;
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

/* The first bits of a value, and zeros. */
struct policy_value {
	struct addr value;
	__u32 table;
};

struct policy_block {
	__u64 word[POLICY_BLOCK_WORDS];	/* rule n of the block: bit n % 64 of word n / 64 */
};

MAP(programs, BPF_MAP_TYPE_ARRAY, __u32, struct policy_program, POLICY_PROGRAMS);
MAP(blocks, BPF_MAP_TYPE_ARRAY, __u32, struct policy_block, POLICY_BLOCKS);
MAP_FLAGS(values, BPF_MAP_TYPE_HASH, struct policy_value, struct policy_row, POLICY_PREFIXES, BPF_F_NO_PREALLOC);
MAP_FLAGS(prefixes, BPF_MAP_TYPE_LPM_TRIE, struct policy_prefix, struct policy_row, POLICY_PREFIXES, BPF_F_NO_PREALLOC);

#endif
