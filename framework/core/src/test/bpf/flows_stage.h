/* The stage of every version of flows: what differs is defined before, struct state and FLOWS, how many there is room for. */
#include <manx/copying.h>
#include "flows.h"

MAP(flows, BPF_MAP_TYPE_HASH, struct flow, struct state, FLOWS);

STAGE(flows)
{
	struct flow flow = { .port = flow_port(skb) };
	struct state *state, fresh = {};

	if (!flow.port)
		return VERDICT_NEXT;
	state = bpf_map_lookup_elem(&flows, &flow);
	if (!state) {
		fresh.first_ns = bpf_ktime_get_ns();
		bpf_map_update_elem(&flows, &flow, &fresh, BPF_NOEXIST);
		state = bpf_map_lookup_elem(&flows, &flow);
	}
	if (state)
		__sync_fetch_and_add(&state->packets, 1);
	return VERDICT_NEXT;
}
