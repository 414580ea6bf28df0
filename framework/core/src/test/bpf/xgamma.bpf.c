/* xgamma: counts the packets it sees in a map of its own. */
#include <manx/xdp.h>

#include "counting.h"

STAGE(xgamma)
{
	count_packet();
	return VERDICT_NEXT;
}
