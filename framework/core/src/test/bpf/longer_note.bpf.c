/* longer_note: built with a note that has one field more. */
#define epoch epoch; __u32 hour
#include <manx/tc.h>

STAGE(longer_note)
{
	return VERDICT_NEXT;
}
