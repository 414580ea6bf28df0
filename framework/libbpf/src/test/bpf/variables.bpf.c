// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* variables: programs that add to a variable which is a map's value. */
#include <manx/tc.h>

struct tally {
	__u32 packets;
	__u32 twice;
};

VARIABLE(tally, struct tally);

SEC("tc") int add(struct __sk_buff *skb __unused)
{
	tally_value.packets++;
	tally_value.twice += 2;
	return tally_value.packets;
}

char _license[] SEC("license") = "Dual BSD/GPL";
