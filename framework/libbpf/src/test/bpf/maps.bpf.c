// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* maps: one map of every kind, and a program that counts a packet in the hash under its length. */
#include <manx/tc.h>
#include <manx/export.h>

enum colour {
	COLOUR_RED,
	COLOUR_GREEN = 7,
};
EXPORT_ENUM(colour);

struct end_point {
	__be32 address;
	__be16 port;
	__u8 protocol;
	__u8 zero;
};

struct visit {
	__u64 packets;
	struct end_point last[2];
	union {
		__u32 number;
		__u8 byte[4];
	};
	__u32 flag : 3;
	enum colour colour;
};

struct prefix {
	__u32 bits;
	__be32 address;
};

MAP(hash, BPF_MAP_TYPE_HASH, __u32, struct visit, 8);
MAP(array, BPF_MAP_TYPE_ARRAY, __u32, __u64, 4);
MAP(lru, BPF_MAP_TYPE_LRU_HASH, __u32, __u32, 4096);
MAP(percpu_array, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, __u32, 4);
MAP(percpu_hash, BPF_MAP_TYPE_PERCPU_HASH, __u32, struct end_point, 4096);
MAP_FLAGS(lpm, BPF_MAP_TYPE_LPM_TRIE, struct prefix, __u32, 4096, BPF_F_NO_PREALLOC);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, 4);
} programs SEC(".maps");

SETTING(__u32, answer, 42, "what the program returns");
SETTING(__be16, port, bpf_htons(80), "of whom it is about");
const volatile enum colour paint = COLOUR_GREEN;

static __always_inline struct visit *visit_of(__u32 length)
{
	struct visit first = {};

	bpf_map_update_elem(&hash, &length, &first, BPF_NOEXIST);
	return bpf_map_lookup_elem(&hash, &length);
}

SEC("tc") int count(struct __sk_buff *skb)
{
	struct visit *visit = visit_of(skb->len);
	__u32 zero = 0;
	__u32 *mine = bpf_map_lookup_elem(&percpu_array, &zero);

	if (visit) {
		visit->packets++;
		visit->last[1].port = port;
		visit->colour = paint;
	}
	if (mine)
		*mine += 1;
	return answer;
}

SEC("tc") int call(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &programs, 1);
	return -1;
}

/* Uses the maps that only Java writes, so that the file keeps them all. */
SEC("tc") int touch(struct __sk_buff *skb)
{
	struct prefix prefix = { .bits = 32, .address = skb->mark };
	__u32 key = 0;

	return !bpf_map_lookup_elem(&array, &key) + !bpf_map_lookup_elem(&lru, &key) +
	       !bpf_map_lookup_elem(&percpu_hash, &key) + !bpf_map_lookup_elem(&lpm, &prefix);
}

char _license[] SEC("license") = "Dual BSD/GPL";
