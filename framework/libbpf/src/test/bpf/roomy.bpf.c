// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* roomy: a map whose value is larger than the variable that is to stand for it. */
#include <manx/tc.h>

MAP_FLAGS(roomy, BPF_MAP_TYPE_ARRAY, __u32, __u64, 1, BPF_F_MMAPABLE);
volatile __u32 roomy_value SEC(".data.roomy");

SEC("tc") int add(struct __sk_buff *skb __unused)
{
	return roomy_value++;
}

char _license[] SEC("license") = "Dual BSD/GPL";
