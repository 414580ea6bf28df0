/* classify_wide: classify with a wider field. */
#include <manx/field.h>
#include <manx/tc.h>

PUBLISHES(__u64, tenant);

STAGE(classify)
{
	FIELD(note, tenant) = 7;
	return VERDICT_NEXT;
}
