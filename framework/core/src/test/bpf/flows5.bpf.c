/* flows, with one member more in its map than the second version. */
#include "flows.h"

struct state {
	__u64 packets;
	__u32 mark;
	__u64 first_ns;
	__u64 last_ns; /* in no version before */
};

MAP(flows, BPF_MAP_TYPE_HASH, struct flow, struct state, 65536);

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
