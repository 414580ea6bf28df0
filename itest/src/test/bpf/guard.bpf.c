/* guard: lets every packet on. */
#include <manx/tc.h>

STAGE(guard)
{
	return VERDICT_NEXT;
}
