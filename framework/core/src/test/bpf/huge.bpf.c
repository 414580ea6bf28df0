/* huge: takes more memory for its map than any machine has. */
#include <manx/tc.h>

struct huge {
	__u64 words[512];
};

MAP(huge_map, BPF_MAP_TYPE_ARRAY, __u32, struct huge, 1 << 29);

STAGE(beta)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&huge_map, &zero) ? VERDICT_NEXT : VERDICT_PASS;
}
