// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* homeless: a variable in a section that no map is declared for. */
#include <manx/tc.h>

volatile __u32 lost SEC(".data.lost");

SEC("tc") int add(struct __sk_buff *skb __unused)
{
	return lost++;
}

char _license[] SEC("license") = "Dual BSD/GPL";
