/* guard_tenth: guard's next version, which drops every tenth UDP packet.   Drops  REASON_TENTH */
#include <linux/in.h>
#include <manx/tc.h>

enum stage_reason { REASON_TENTH = REASON_OWN };
EXPORT_ENUM(stage_reason);

STAGE(guard)
{
	return note->protocol == IPPROTO_UDP && bpf_get_prandom_u32() % 10 == 0 ? drop(note, REASON_TENTH) : VERDICT_NEXT;
}
