// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* endpoints: which program an interface's packets meet.
 *
 * All that have policies are in a hash, by ifindex. A lookup there costs a packet 6-15 ns and it makes two, so before
 * it an array is asked, whose row is the ifindex modulo the rows: it has every interface of the host, those
 * without policies too, and of several with one row only one, whose ifindex stands beside each program. The
 * others' packets go on to the hash, as do those of an interface that is not in its row yet.
 *
 * A cell is read at once, and of a cell only one half changes at a time: before a row goes to another interface, its
 * ifindexes become 0.
 */
#ifndef POLICY_ENDPOINTS_H
#define POLICY_ENDPOINTS_H

#include <manx/map.h>

enum endpoints_limit {
	ENDPOINTS = 4096,
	ENDPOINT_ROWS = 4096,
};

/* Where an interface's policies are asked, by IPv4; one more: by IPv6. */
enum policy_point {
	POLICY_IN_LOCAL = 0,	/* came in by it, to this host */
	POLICY_IN_FORWARD = 2,	/* came in by it, goes on */
	POLICY_OUT_FORWARD = 4,	/* goes out by it, came in by another */
	POLICY_OUT_LOCAL = 6,	/* goes out by it, from this host */
	POLICY_POINTS = 8,
};

/* One write changes all of it. */
struct endpoint {
	__u32 program[POLICY_POINTS];	/* a row of `programs`, or 0 where no policy applies and all is allowed */
};

struct endpoint_cell {
	__u32 ifindex;		/* whose it is; 0: nobody's */
	__u32 program;
} __attribute__((aligned(8)));

struct endpoint_row {
	struct endpoint_cell cell[POLICY_POINTS];	/* a cache line */
};

MAP(endpoints, BPF_MAP_TYPE_HASH, __u32, struct endpoint, ENDPOINTS);
MAP(endpoint_rows, BPF_MAP_TYPE_ARRAY, __u32, struct endpoint_row, ENDPOINT_ROWS);

/* @point with the IP version. 0: all is allowed. */
static __always_inline __u32 program_at(__u32 ifindex, __u32 point)
{
	__u32 number = ifindex % ENDPOINT_ROWS;
	const struct endpoint_row *row = bpf_map_lookup_elem(&endpoint_rows, &number);
	const struct endpoint *endpoint;

	if (row) {
		union {
			__u64 whole;
			struct endpoint_cell half;
		} cell = { .whole = *(const volatile __u64 *)&row->cell[point] };

		if (cell.half.ifindex == ifindex)
			return cell.half.program;
	}
	endpoint = bpf_map_lookup_elem(&endpoints, &ifindex);
	return endpoint ? endpoint->program[point] : 0;
}

#endif
