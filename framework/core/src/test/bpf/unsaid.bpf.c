/* unsaid: as split, and does not say so. */
#include <manx/tc.h>

#include "split.h"

STAGE(unsaid)
{
	note->lane = lane_that_it_says(skb);
	return VERDICT_NEXT;
}
