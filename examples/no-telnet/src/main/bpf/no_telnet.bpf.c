// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* no-telnet: drops TCP port 23, both ways.   Drops  REASON_TELNET */
#include <linux/in.h>
#include <manx/tc.h>

enum stage_reason { REASON_TELNET = REASON_OWN };
EXPORT_ENUM(stage_reason);

STAGE(no_telnet)
{
	__be16 telnet = bpf_htons(23);
	bool either = note->source_port == telnet || note->destination_port == telnet;

	return note->protocol == IPPROTO_TCP && either ? drop(note, REASON_TELNET) : VERDICT_NEXT;
}
