// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* config: what the user sets of conntrack, as the control last wrote it; live. */
#ifndef CONNTRACK_CONFIG_H
#define CONNTRACK_CONFIG_H

#include <linux/in6.h>
#include <manx/copying.h>
#include <manx/flow.h>

/* How long a flow may be silent, by its state; nanoseconds. The names are those of Calico's
 * bpfConntrackTimeouts where it has them. */
struct timeouts {
	__u64 creation_grace_period;	/* no flow younger than this is swept */
	__u64 tcp_syn_sent;		/* until the handshake is complete */
	__u64 tcp_established;
	__u64 tcp_fins_seen;		/* both ends have sent theirs */
	__u64 tcp_reset_seen;
	__u64 udp;			/* not answered yet */
	__u64 udp_replied;
	__u64 udp_stream;		/* answered, and the originator has gone on after an answer */
	__u64 icmp;
	__u64 generic;
	__u64 shortest;			/* of all but the first: a flow that is silent for less needs no closer look */
};

/* What they are unless configured; seconds. */
enum timeout_seconds {
	TIMEOUT_CREATION_GRACE_PERIOD = 10,
	TIMEOUT_TCP_SYN_SENT = 20,
	TIMEOUT_TCP_ESTABLISHED = 3600,
	TIMEOUT_TCP_FINS_SEEN = 30,
	TIMEOUT_TCP_RESET_SEEN = 40,
	TIMEOUT_UDP = 60,
	TIMEOUT_UDP_REPLIED = 60,
	TIMEOUT_UDP_STREAM = 180,
	TIMEOUT_ICMP = 5,
	TIMEOUT_GENERIC = 600,
};
EXPORT_ENUM(timeout_seconds);

struct config {
	struct timeouts timeouts;
	__u32 pickup;			/* 1: the middle of an unknown TCP connection is judged as new; 0: dropped */
	__u32 window_checks;		/* 1: TCP segments out of the window are dropped */
};

MAP(conntrack_config, BPF_MAP_TYPE_ARRAY, __u32, struct config, 1);

static __always_inline const struct config *config_now(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&conntrack_config, &zero);
}

/* What is known of a connection may be some segments behind where its table has just been copied. */
static __always_inline bool windows_are_checked(const struct config *config)
{
	return config && config->window_checks && !copies_may_be_behind();
}

/* TCP, and SCTP as far as its chunks tell. */
static __always_inline __u64 timeout_of_connection(const struct timeouts *timeouts, const struct flow *flow,
						   __u64 opening, __u64 open)
{
	if ((flow->said[LEG_ORIGINATOR] | flow->said[LEG_RESPONDER]) & SAID_RESET)
		return timeouts->tcp_reset_seen;
	/* The far FIN shortens the timeout; one alone does not: the other end may go on sending. */
	if (flow->said[LEG_ORIGINATOR] & flow->said[LEG_RESPONDER] & SAID_FIN)
		return timeouts->tcp_fins_seen;
	return flow->said[LEG_ORIGINATOR] & SAID_GOES_ON ? open : opening;
}

static __always_inline __u64 timeout_of_udp(const struct timeouts *timeouts, const struct flow *flow)
{
	if (flow->said[LEG_ORIGINATOR] & SAID_GOES_ON)
		return timeouts->udp_stream;
	return flow->said[LEG_RESPONDER] ? timeouts->udp_replied : timeouts->udp;
}

/* Of a translated flow's forward entry: the reverse one knows less of TCP. */
static __always_inline __u64 timeout_of(const struct timeouts *timeouts, const struct flow *flow, __u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
		return timeout_of_connection(timeouts, flow, timeouts->tcp_syn_sent, timeouts->tcp_established);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return timeout_of_udp(timeouts, flow);
	case IPPROTO_SCTP:
		return timeout_of_connection(timeouts, flow, timeouts->generic, timeouts->generic);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return timeouts->icmp;
	default:
		return timeouts->generic;
	}
}

#endif
