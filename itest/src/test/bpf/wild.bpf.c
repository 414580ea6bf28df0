// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* wild: reads a byte that the packet may not have, which the verifier refuses. */
#include <manx/tc.h>

STAGE(wild)
{
	return *(__u8 *)(long)skb->data ? VERDICT_NEXT : VERDICT_PASS;
}
