/* wider: alpha with another layout of its map. */
#include <manx/tc.h>

struct wide {
	__u64 count;
	__u64 more;
};

MAP(seen, BPF_MAP_TYPE_ARRAY, __u32, struct wide, 1);

STAGE(alpha)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&seen, &zero) ? VERDICT_NEXT : VERDICT_PASS;
}
