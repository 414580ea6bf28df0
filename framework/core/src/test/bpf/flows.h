/* flows: what the two versions of the stage flows share. A flow is what goes to one UDP port, over IPv6. */
#ifndef FLOWS_H
#define FLOWS_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <manx/tc.h>

struct flow {
	__be16 port;
};

/* Zero where the packet is none of these. */
static __always_inline __be16 flow_port(struct __sk_buff *skb)
{
	__u8 proto = 0;
	__be16 port = 0;

	if (skb->protocol != bpf_htons(ETH_P_IPV6) ||
	    bpf_skb_load_bytes(skb, ETH_HLEN + offsetof(struct ipv6hdr, nexthdr), &proto, sizeof(proto)) ||
	    proto != IPPROTO_UDP ||
	    bpf_skb_load_bytes(skb, ETH_HLEN + sizeof(struct ipv6hdr) + offsetof(struct udphdr, dest), &port,
			       sizeof(port)))
		return 0;
	return port;
}

#endif
