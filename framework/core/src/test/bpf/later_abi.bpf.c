/* later_abi: built with a note of a later number, whose fields are where they were. */
#define NOTE_ABI NOTE_ABI = 4, NOTE_ABI_BEFORE
#include <manx/tc.h>

STAGE(later_abi)
{
	return VERDICT_NEXT;
}
