/* twin: another stage of the bundle of flows, which looks into the same map. Version 2. */
#include "flows.h"

struct state {
	__u64 packets;
	__u32 mark; /* in no version before */
	__u64 first_ns;
};

MAP(flows, BPF_MAP_TYPE_HASH, struct flow, struct state, 65536);

STAGE(twin)
{
	struct flow flow = { .port = flow_port(skb) };

	return flow.port && !bpf_map_lookup_elem(&flows, &flow) ? VERDICT_PASS : VERDICT_NEXT;
}
