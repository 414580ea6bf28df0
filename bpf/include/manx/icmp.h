// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* icmp: types of ICMP's messages. linux/icmp.h draws the C library in; ICMPv6's are in linux/icmpv6.h. */
#ifndef MANX_ICMP_H
#define MANX_ICMP_H

enum icmp4_type {
	ICMP4_ECHO_REPLY = 0,
	ICMP4_UNREACHABLE = 3,
	ICMP4_SOURCE_QUENCH = 4,
	ICMP4_REDIRECT = 5,
	ICMP4_ECHO = 8,
	ICMP4_TIME_EXCEEDED = 11,
	ICMP4_PARAMETER_PROBLEM = 12,
};

#endif
