/* gamma: counts the packets it sees in a map of its own. */
#include <manx/tc.h>

#include "counting.h"

STAGE(gamma)
{
	count_packet();
	return VERDICT_NEXT;
}
