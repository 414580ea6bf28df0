// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* uncounted: a stage made by hand that drops without counting, which a test must not take for good. */
#include <manx/tc.h>

SEC("tc") int manx_uncounted(struct __sk_buff *skb __unused)
{
	note_of_this_cpu()->reason = REASON_POLICY_DENY;
	return TC_ACT_SHOT;
}

char _license[] SEC("license") = "Dual BSD/GPL";
