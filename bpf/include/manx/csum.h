// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* csum: Internet checksums changed in place of being summed again (RFC 1624, equation 3).
 *
 * A difference is a ones' complement sum in 32 bits, of ~old + new, taken as the bytes stand in memory:
 * it needs no byte order. Several are added by csum_add.
 *
 * An L4 checksum may be a partial one, which a later device completes: it holds the addresses and not the ports. Which it
 * is, csum.h can't tell; so the checksum is changed by l4_csum_addr and l4_csum_port, which leave that to the kernel, and
 * never by one difference of both. csum_kind.h can tell, where the kernel lets it.
 */
#ifndef MANX_CSUM_H
#define MANX_CSUM_H

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>
#include <manx/addr.h>

enum csum_flag {
	/* As the kernel's BPF_F_IPV6 (6.16), which older headers lack: the packet's own checksum, where the
	 * device gave one, already accounts for addresses that no IP header checksum covers. */
	CSUM_IPV6 = 1 << 7,
};

enum csum_value {
	CSUM_MANGLED_0 = 0xffff,	/* a sum of zero where zero says that there is none (RFC 768) */
};

static __always_inline __u32 csum_add(__u32 a, __u32 b)
{
	__u64 sum = (__u64)a + b;

	return (__u32)sum + (__u32)(sum >> 32);
}

static __always_inline __u16 csum_fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

static __always_inline __u32 csum_diff16(__u16 from, __u16 to)
{
	return (__u32)(__u16)~from + to;
}

static __always_inline __u32 csum_diff32(__u32 from, __u32 to)
{
	return csum_add(~from, to);
}

/* Of one IPv4 or IPv6 address: the parts that all IPv4 addresses share cancel out. */
static __always_inline __u32 csum_diff_addr(const struct addr *from, const struct addr *to)
{
	return csum_add(csum_add(csum_diff32(from->word[0], to->word[0]), csum_diff32(from->word[1], to->word[1])),
			csum_add(csum_diff32(from->word[2], to->word[2]), csum_diff32(from->word[3], to->word[3])));
}

/* A checksum that is whole, such as an IPv4 header's, after the difference. */
static __always_inline __u16 csum_apply(__u16 check, __u32 diff)
{
	return ~csum_fold(csum_add((__u16)~check, diff));
}

/* Changes the L4 checksum at `offset` for an address of the pseudo header. `flags`: BPF_F_MARK_MANGLED_0 for
 * UDP, CSUM_IPV6. Pointers into the packet are stale afterwards. 0 or -errno. */
static __always_inline long l4_csum_addr(struct __sk_buff *skb, __u32 offset, __u32 diff, __u64 flags)
{
	long err = bpf_l4_csum_replace(skb, offset, 0, diff, BPF_F_PSEUDO_HDR | flags);

	if (err == -EINVAL && (flags & CSUM_IPV6))
		err = bpf_l4_csum_replace(skb, offset, 0, diff, BPF_F_PSEUDO_HDR | (flags & ~CSUM_IPV6));
	return err;
}

/* Likewise for a port, or anything else that the L4 header or its payload holds. */
static __always_inline long l4_csum_port(struct __sk_buff *skb, __u32 offset, __u32 diff, __u64 flags)
{
	return bpf_l4_csum_replace(skb, offset, 0, diff, flags & ~CSUM_IPV6);
}

#endif
