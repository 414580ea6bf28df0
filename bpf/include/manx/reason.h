// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* reason: why a packet was dropped. Written here once; Java reads it from BTF.
 *
 * `manx drops` shows a reason by its name without REASON_, in lower case with dashes.
 * A stage outside this tree numbers its own from REASON_OWN, in an enum of its own called
 * stage_reason; they are counted by stage, so two stages may use the same numbers.
 */
#ifndef MANX_REASON_H
#define MANX_REASON_H

#include <manx/export.h>

enum reason {
	REASON_NONE,

	/* the pipeline itself */
	REASON_EMPTY_SLOT,		/* the successor's slot held no program */
	REASON_REDIRECT_FAILED,		/* a redirect helper refused */
	REASON_WRONG_HOOK,		/* the stage's verdict does not exist on its hook */

	/* parse */
	REASON_TRUNCATED_L2,		/* shorter than an Ethernet header and its tags */
	REASON_TRUNCATED_L3,		/* shorter than its IPv4 or IPv6 header, or than that header's length */
	REASON_TRUNCATED_L4,		/* shorter than its TCP, UDP or ICMP header */
	REASON_BAD_IP_VERSION,		/* the version is not what the EtherType says */
	REASON_BAD_IP_HEADER_LENGTH,	/* IHL below 5 */
	REASON_BAD_IP_TOTAL_LENGTH,	/* total length below the header's */
	REASON_BAD_IP_OPTIONS,		/* more IPv6 extension headers than 8, one out of its bounds, or too many bytes of them */
	REASON_BAD_TCP_OFFSET,		/* data offset below 5 or beyond the packet */
	REASON_BAD_UDP_LENGTH,		/* length below 8 or beyond the packet */

	/* conntrack */
	REASON_FLOW_TABLE_FULL,		/* no room for a new flow */
	REASON_FLOW_CLASH,		/* a translated flow's reply would be taken for another flow's */
	REASON_TCP_OUT_OF_WINDOW,	/* a segment or reset that the far end would not accept (RFC 9293, RFC 5961) */
	REASON_NO_FLOW,			/* the middle of a TCP connection that is not in the table, and pickup is off */
	REASON_ICMP_ERROR_NO_FLOW,	/* an ICMP error about a packet of no flow in the table */

	/* policy */
	REASON_POLICY_DENY,		/* a rule said Deny */
	REASON_POLICY_DEFAULT,		/* policies select the endpoint and none allowed the packet */

	/* service and nat */
	REASON_NO_BACKEND,		/* the service has no ready backend */
	REASON_NAT_FAILED,		/* the packet could not be rewritten */

	REASON_OWN = 128,		/* first number for a stage's own reasons */
	REASON_LIMIT = 256,		/* one past the last */
};
EXPORT_ENUM(reason);

#endif
