/* xdrop: drops what an xdp hook gets, under a reason of its own. */
#include <manx/xdp.h>

enum stage_reason { REASON_UNWANTED = REASON_OWN };
EXPORT_ENUM(stage_reason);

STAGE(xdrop)
{
	return drop(note, REASON_UNWANTED);
}
