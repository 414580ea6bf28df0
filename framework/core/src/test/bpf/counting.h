/* counting: a stage that counts the packets it sees in a map of its own. After tc.h or xdp.h. */
#pragma once

MAP(seen, BPF_MAP_TYPE_ARRAY, __u32, __u64, 1);

static __always_inline void count_packet(void)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&seen, &zero);

	if (count)
		__sync_fetch_and_add(count, 1);
}
