// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* icmp_query: which of ICMP's messages are of a flow; errors are of another packet's, see icmp_error.
 *
 * An echo's request and its reply have one key, so who may send which is to be told by the leg: else the one that
 * was asked might ask back, as if it answered.
 */
#ifndef CONNTRACK_ICMP_QUERY_H
#define CONNTRACK_ICMP_QUERY_H

#include <linux/icmpv6.h>
#include <manx/flow.h>
#include <manx/icmp.h>
#include <manx/note.h>

enum icmp_query {
	QUERY_NONE,		/* no ICMP, or a later fragment, which does not say */
	QUERY_ASKS,
	QUERY_ANSWERS,
	QUERY_OTHER,		/* belongs to no flow: each is judged */
};

static __always_inline enum icmp_query icmp_query_of(const struct note *note)
{
	bool v4 = note->version == 4;

	if (note->protocol != (v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6) || note->flags & NOTE_NO_PORTS)
		return QUERY_NONE;
	if (note->icmp_type == (v4 ? ICMP4_ECHO : ICMPV6_ECHO_REQUEST))
		return QUERY_ASKS;
	return note->icmp_type == (v4 ? ICMP4_ECHO_REPLY : ICMPV6_ECHO_REPLY) ? QUERY_ANSWERS : QUERY_OTHER;
}

/* Whether that leg's packets may say this. */
static __always_inline bool icmp_query_fits(const struct note *note, enum leg leg)
{
	enum icmp_query query = icmp_query_of(note);

	return query == QUERY_NONE || query == (leg == LEG_ORIGINATOR ? QUERY_ASKS : QUERY_ANSWERS);
}

#endif
