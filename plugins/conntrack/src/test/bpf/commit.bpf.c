// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* commit: a stage that does what the pipeline's last one does to the flow table, and no more. */
#include <manx/commit.h>
#include <manx/tc.h>

STAGE(commit)
{
	enum reason reason = flow_commit(note, skb->len);

	return reason ? drop(note, reason) : VERDICT_NEXT;
}
