// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* rows: what rows.bpf.c is told to write. Not for stages. */
#ifndef MANX_ROWS_H
#define MANX_ROWS_H

#include <linux/types.h>
#include <manx/export.h>

enum row_limit {
	ROW_WRITES = 32,	/* in one system call; a change of one stage takes two at most, one a lane, in each pipeline */
};
EXPORT_ENUM(row_limit);

struct row_write {
	__u32 array;		/* descriptors of the calling process */
	__u32 program;
	__u32 row;
};

struct row_writes {
	__u32 count;
	struct row_write at[ROW_WRITES];
};

#endif
