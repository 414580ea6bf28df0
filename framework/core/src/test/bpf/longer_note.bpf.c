/* longer_note: built with a note that has one field more. */
#define extension hour; __u8 extension
#include <manx/tc.h>

STAGE(longer_note)
{
	return VERDICT_NEXT;
}
