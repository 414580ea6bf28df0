// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* map: BTF-defined maps in one line.
 *
 * A map whose name starts with manx_ belongs to the framework and is the same one in every stage; any
 * other belongs to the stage's bundle, and survives the stage's replacement while its layout is equal.
 */
#ifndef MANX_MAP_H
#define MANX_MAP_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAP(name, map_type, key_type, value_type, entries) \
	MAP_FLAGS(name, map_type, key_type, value_type, entries, 0)

#define MAP_FLAGS(name, map_type, key_type, value_type, entries, flags) \
	struct { \
		__uint(type, map_type); \
		__type(key, key_type); \
		__type(value, value_type); \
		__uint(max_entries, entries); \
		__uint(map_flags, flags); \
	} name SEC(".maps")

/* A map of one entry, whose value programs read and write as the variable NAME_value, without a lookup. It begins as zeros, on
 * a page of its own, and may change at any time: read it once. */
#define VARIABLE(name, value_type) \
	MAP_FLAGS(name, BPF_MAP_TYPE_ARRAY, __u32, value_type, 1, BPF_F_MMAPABLE); \
	volatile value_type name##_value SEC(".data." #name)

#endif
