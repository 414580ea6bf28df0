/* express: counts the packets it sees, and ends those that split would send by the established lane. It stands for split
 * and alpha. */
#include <manx/tc.h>

#include "counting.h"
#include "split.h"

STAGE(express)
{
	count_packet();
	return lane_that_it_says(skb) == LANE_ESTABLISHED ? VERDICT_PASS : VERDICT_NEXT;
}
