// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* no_ping: drops pings in the place of the example no-telnet, for a test that watches them stop. */
#include <linux/in.h>
#include <manx/tc.h>

STAGE(no_telnet)
{
	return note->protocol == IPPROTO_ICMP ? drop(note, REASON_OWN) : VERDICT_NEXT;
}
