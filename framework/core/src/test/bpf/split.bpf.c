/* split: sends each packet by the lane that the last byte of its destination MAC says. */
#include <manx/tc.h>

#include "split.h"

SPLITS_LANES;

STAGE(split)
{
	note->lane = lane_that_it_says(skb);
	return VERDICT_NEXT;
}
