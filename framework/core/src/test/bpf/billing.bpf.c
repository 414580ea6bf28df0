/* billing: lets go on what belongs to a tenant. */
#include <manx/tc.h>
#include <manx/field.h>

enum stage_reason { REASON_NO_TENANT = REASON_OWN };
EXPORT_ENUM(stage_reason);

REQUIRES(__u32, tenant);

STAGE(billing)
{
	return FIELD(note, tenant) == 7 ? VERDICT_NEXT : drop(note, REASON_NO_TENANT);
}
