// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* rows: writes rows of prog arrays, all that a change writes inside one system call: a process that is
 * killed has written all of them or none.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <manx/rows.h>

static __always_inline long write_row(const struct row_write *write)
{
	__u32 row = write->row, program = write->program;
	union bpf_attr attr = {
		.map_fd = write->array,
		.key = (__u64)(unsigned long)&row,
		.value = (__u64)(unsigned long)&program,
	};

	return bpf_sys_bpf(BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr));
}

/* 0, or -errno of the row that could not be written: those before it are. */
SEC("syscall") int manx_write_rows(struct row_writes *writes)
{
	/* Unrolled: the verifier takes an argument's fields at constant offsets alone. */
#pragma unroll
	for (__u32 i = 0; i < ROW_WRITES; i++) {
		long failed;

		if (i >= writes->count)
			break;
		failed = write_row(&writes->at[i]);
		if (failed)
			return failed;
	}
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
	__uint(max_entries, 1);
} manx_woken SEC(".maps");

/* No packet comes here. That there is a call through the row makes the kernel change machine code when the row
 * is written, as it does for the rows that packets read. */
SEC("tc") int manx_wakes(struct __sk_buff *skb)
{
	bpf_tail_call(skb, &manx_woken, 0);
	return 0;
}

SEC("tc") int manx_wakes_too(struct __sk_buff *skb)
{
	return skb->len;
}

char _license[] SEC("license") = "Dual BSD/GPL";
