/* alpha_twice: alpha of other code: it counts each packet twice. */
#include <manx/tc.h>

#include "counting.h"

STAGE(alpha)
{
	count_packet();
	count_packet();
	return VERDICT_NEXT;
}
