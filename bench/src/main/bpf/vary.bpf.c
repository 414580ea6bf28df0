// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* vary: stands before a program that is run many times on one packet (PROG_TEST_RUN with repeat): gives it the
 * packet as it was, which the program has changed, from whichever flow's turn it is.
 *
 * Flow n comes from port FIRST_PORT + n % PORTS, of the host n / PORTS behind the first. Its cost is the same whatever
 * it calls: the empty program tells it.
 */
#include <linux/pkt_cls.h>
#include <manx/csum.h>
#include <manx/map.h>
#include <manx/setting.h>

enum vary {
	HEAD_BYTES = 80,	/* of the packet, which are put back: a multiple of 8, all headers */
	FIRST_PORT = 1024,
	PORTS = 32768,
};

enum turn {
	TURN_ONE,		/* the first flow alone */
	TURN_IN_TURN,
	TURN_AT_RANDOM,
};

struct varied {
	__u64 next;
	__u64 head[HEAD_BYTES / 8];
};

MAP(bench_varied, BPF_MAP_TYPE_ARRAY, __u32, struct varied, 1);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, 1);
} bench_target SEC(".maps");

SETTING(__u32, bench_flows, 1, "how many there are");
SETTING(__u32, bench_turn, TURN_ONE, "enum turn");
SETTING(__u32, bench_version, 4, "of IP");
SETTING(__u32, bench_reply, 0, "1: the end that varies is the destination");

static __always_inline __u32 whose_turn(struct varied *varied)
{
	if (bench_turn == TURN_AT_RANDOM)
		return ((__u64)bpf_get_prandom_u32() * bench_flows) >> 32;
	if (varied->next >= bench_flows)
		varied->next = 0;
	return varied->next++;
}

static __always_inline void put16(void *at, __u16 value)
{
	*(__be16 *)at = bpf_htons(value);
}

/* The host's number is added to the last 16 bits of the address, of which the IPv4 header has a sum. */
static __always_inline void become(void *packet, __u32 flow)
{
	__u32 addr_at = bench_version == 4 ? (bench_reply ? 32 : 28) : (bench_reply ? 52 : 36);
	__u32 port_at = (bench_version == 4 ? 34 : 54) + (bench_reply ? 2 : 0);
	__be16 *addr = packet + addr_at;
	__be16 before = *addr;

	put16(addr, bpf_ntohs(before) + flow / PORTS);
	if (bench_version == 4) {
		__u16 *check = packet + 24;

		*check = csum_apply(*check, csum_diff16(before, *addr));
	}
	put16(packet + port_at, FIRST_PORT + flow % PORTS);
}

SEC("tc") int bench_vary(struct __sk_buff *skb)
{
	__u64 *packet = (void *)(long)skb->data;
	__u32 zero = 0;
	struct varied *varied = bpf_map_lookup_elem(&bench_varied, &zero);

	if (!varied || (void *)packet + HEAD_BYTES > (void *)(long)skb->data_end)
		return TC_ACT_SHOT;
#pragma unroll
	for (int i = 0; i < HEAD_BYTES / 8; i++)
		packet[i] = varied->head[i];
	if (bench_turn != TURN_ONE)
		become(packet, whose_turn(varied));
	skb->mark = 0;
	bpf_tail_call(skb, &bench_target, 0);
	return TC_ACT_SHOT;
}

/* The floor: what is left when there is nothing to do. */
SEC("tc") int bench_empty(struct __sk_buff *skb __attribute__((unused)))
{
	return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
