/* wild: reads beyond the packet, which the verifier refuses. */
#include <manx/tc.h>

STAGE(wild)
{
	return *(__u8 *)(long)skb->data ? VERDICT_NEXT : VERDICT_PASS;
}
