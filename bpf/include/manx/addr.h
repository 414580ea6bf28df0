// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* addr: an IPv4 or IPv6 address in one shape.
 *
 * IPv4 is held v4-mapped (RFC 4291, 2.5.5.2), so that one table and one prefix length serve both:
 *
 *  0                    8         10        12              16 bytes
 *  +--------------------+---------+---------+---------------+
 *  | zero               | zero    | ff ff   | IPv4 (be32)   |
 *  +--------------------+---------+---------+---------------+
 */
#ifndef MANX_ADDR_H
#define MANX_ADDR_H

#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include <stdbool.h>

struct addr {
	__be32 word[4];
};

/* An address by halves: for those that lie on a multiple of 8, or in the packet. */
typedef __u64 __attribute__((may_alias)) addr_half;

/* Two words in one, in their order in memory. */
static __always_inline __u64 word_pair(__u32 first, __u32 second)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return first | (__u64)second << 32;
#else
	return (__u64)first << 32 | second;
#endif
}

static __always_inline __be32 addr_v4(const struct addr *addr)
{
	return addr->word[3];
}

static __always_inline void addr_set_v4(struct addr *addr, __be32 v4)
{
	addr->word[0] = 0;
	addr->word[1] = 0;
	addr->word[2] = bpf_htonl(0xffff);
	addr->word[3] = v4;
}

static __always_inline bool addr_is_zero(const struct addr *addr)
{
	return !(addr->word[0] | addr->word[1] | addr->word[2] | addr->word[3]);
}

static __always_inline bool addr_equal(const struct addr *a, const struct addr *b)
{
	return a->word[0] == b->word[0] && a->word[1] == b->word[1] &&
	       a->word[2] == b->word[2] && a->word[3] == b->word[3];
}

#endif
