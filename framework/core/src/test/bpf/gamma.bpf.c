/* gamma: counts the packets it sees in a map of its own. */
#include <manx/tc.h>

MAP(seen, BPF_MAP_TYPE_ARRAY, __u32, __u64, 1);

STAGE(gamma)
{
	__u32 zero = 0;
	__u64 *count = bpf_map_lookup_elem(&seen, &zero);

	if (count)
		__sync_fetch_and_add(count, 1);
	return VERDICT_NEXT;
}
