// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* ip4_options: whether IPv4 options hang together (RFC 791, section 3.1). What they ask for is the kernel's business. */
#ifndef PARSE_IP4_OPTIONS_H
#define PARSE_IP4_OPTIONS_H

#include <manx/tc.h>
#include "parsed.h"

enum ip4_option {
	IP4_OPTIONS_END = 0,	/* what comes after it is padding */
	IP4_OPTION_NOTHING = 1,	/* one byte, as the end; all others have a length behind their type */
	IP4_OPTION_BYTES = 2,	/* at least, where there is a length */
	IP4_OPTIONS_BYTES = 40,	/* at most, all of them */
};

struct ip4_options {
	__u8 byte[64];		/* a power of two above IP4_OPTIONS_BYTES */
	__u32 bytes;
	__u32 at;
	int wrong;
};

/* Steps over one option. 1 ends the walk. */
static long ip4_option_step(__u32 count __unused, struct ip4_options *options)
{
	__u32 at = options->at;
	__u8 type = options->byte[at & 63], length = options->byte[(at + 1) & 63];

	if (at >= options->bytes || type == IP4_OPTIONS_END)
		return 1;
	if (type == IP4_OPTION_NOTHING) {
		options->at = at + 1;
		return 0;
	}
	if (length < IP4_OPTION_BYTES || at + length > options->bytes) {
		options->wrong = REASON_BAD_IP_OPTIONS;
		return 1;
	}
	options->at = at + length;
	return 0;
}

/* `bytes`: at most IP4_OPTIONS_BYTES. */
RARE int ip4_judge_options(struct __sk_buff *skb, __u32 offset, __u32 bytes)
{
	struct ip4_options options = {};

	bytes &= sizeof(options.byte) - 1;
	if (!bytes || bpf_skb_load_bytes(skb, offset, options.byte, bytes))
		return REASON_TRUNCATED_L3;
	options.bytes = bytes;
	bpf_loop(IP4_OPTIONS_BYTES, ip4_option_step, &options, 0);
	return options.wrong;
}

#endif
