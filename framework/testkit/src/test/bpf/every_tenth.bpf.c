// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* every_tenth: drops some UDP packets of IPv4, so that the testkit can be seen to notice.   Drops  REASON_TENTH */
#include <linux/if_ether.h>
#include <manx/tc.h>

enum stage_reason { REASON_TENTH = REASON_OWN };
EXPORT_ENUM(stage_reason);

STAGE(every_tenth)
{
	return skb->protocol == bpf_htons(ETH_P_IP) && bpf_get_prandom_u32() % 10 == 0 ? drop(note, REASON_TENTH)
										      : VERDICT_NEXT;
}
