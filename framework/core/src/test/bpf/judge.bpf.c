/* judge: drops what comes before there is an epoch, as no packet does. */
#include <manx/tc.h>
#include <manx/epoch.h>

STAGE(judge)
{
	return epoch_now() ? VERDICT_NEXT : VERDICT_DROP;
}
