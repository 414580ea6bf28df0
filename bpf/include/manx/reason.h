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
	REASON_KEPT,			/* not dropped: the stage holds it, see VERDICT_KEPT; never counted */

	/* parse */
	REASON_TRUNCATED_L2,		/* shorter than an Ethernet header and its tags */
	REASON_TRUNCATED_L3,		/* shorter than its IPv4 or IPv6 header, or than an extension header */
	REASON_TRUNCATED_L4,		/* shorter than its TCP, UDP, ICMP ... header */
	REASON_BAD_IP_VERSION,		/* the version is not what the EtherType says */
	REASON_BAD_IP_HEADER_LENGTH,	/* IHL below 5 */
	REASON_BAD_IP_TOTAL_LENGTH,	/* total length below the header's */
	REASON_BAD_IP_OPTIONS,		/* IPv4 options that don't hang together; of IPv6 extension headers more than 8 or than 1023
					 * bytes of headers, one out of its bounds, or one where it must not be */
	REASON_BAD_TCP_OFFSET,		/* data offset below 5 or beyond the packet */
	REASON_BAD_UDP_LENGTH,		/* length below 8 or beyond the packet */
	REASON_IP_LENGTH_BEYOND,	/* the IPv4 or IPv6 header gives more bytes than there are */
	REASON_BAD_TCP_FLAGS,		/* flags that mean nothing together: SYN and FIN, none at all, FIN, PSH and URG, ... */
	REASON_BAD_UDPLITE_COVERAGE,	/* checksum coverage of 1 to 7 bytes, or beyond the packet */
	REASON_NO_NEXT_HEADER,		/* IPv6: bytes after the header that says it is the last */
	REASON_ROUTING_TYPE_0,		/* IPv6: a routing header of type 0 (RFC 5095) */
	REASON_SOURCE_MULTICAST,	/* from a group's address */
	REASON_SOURCE_BROADCAST,	/* from 255.255.255.255 */
	REASON_SOURCE_UNSPECIFIED,	/* from 0.0.0.0/8 or ::, and not to those whom a host without an address may ask */
	REASON_LOOPBACK_ADDRESS,	/* from or to 127.0.0.0/8 or ::1, and came in by a wire */
	REASON_MAPPED_ADDRESS,		/* an IPv6 packet from or to ::ffff:0:0/96 */
	REASON_LAND,			/* from and to the same address */
	REASON_FRAGMENT_LENGTH,		/* without data, or not the last and no multiple of 8 bytes */
	REASON_FRAGMENT_BEYOND,		/* of a datagram of more than 65535 bytes */
	REASON_FRAGMENT_TINY,		/* a first fragment without its whole L4 header, or one that would overwrite it (RFC 1858, 7112) */
	REASON_FRAGMENT_DUPLICATE,	/* all its bytes have come before; its datagram goes on */
	REASON_FRAGMENT_OVERLAP,	/* some of its bytes have come before, or it is of a datagram where that was so (RFC 5722) */
	REASON_FRAGMENT_END,		/* the datagram's last byte is elsewhere, by another of its fragments */
	REASON_FRAGMENTED_CONTROL,	/* an ICMP error, or neighbour discovery (RFC 6980), in fragments */
	REASON_FRAGMENT_EARLY,		/* came before its datagram's first, and could not be held */
	REASON_FRAGMENT_UNJOINED,	/* was held, and its datagram's first never came, or too late */
	REASON_FRAGMENT_UNTRACKED,	/* there was no room for its datagram */

	/* conntrack */
	REASON_FLOW_TABLE_FULL,		/* no room for a new flow */
	REASON_FLOW_CLASH,		/* a translated flow's reply would be taken for another flow's */
	REASON_TCP_OUT_OF_WINDOW,	/* a segment or reset that the far end would not accept (RFC 9293, RFC 5961) */
	REASON_NO_FLOW,			/* an answer to nothing: a SYN+ACK, an echo reply; or the middle of a TCP connection that is
					 * not in the table, where pickup is off */
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
