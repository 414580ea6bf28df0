/* careless: the verifier refuses it. */
#include <manx/tc.h>

STAGE(beta)
{
	__u8 *data = (void *)(long)skb->data;

	return data[14] ? VERDICT_NEXT : VERDICT_PASS;
}
