// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* routes: the longest-prefix table that plugins/routes feeds from the kernel's FIB.
 *
 * A stage calls route_of(note): whoever needs the route first looks it up, the others read it.
 */
#ifndef MANX_ROUTES_H
#define MANX_ROUTES_H

#include <manx/export.h>
#include <manx/map.h>
#include <manx/note.h>

enum routes_limit {
	ROUTES_MAX = 256000,
};
EXPORT_ENUM(routes_limit);

/* In the table a route's gateway is all zero where there is none, and `via` is not set. */
struct route_key {
	__u32 prefix_length;	/* bits of addr; IPv4: 96 more */
	struct addr addr;
};

MAP_FLAGS(manx_fib, BPF_MAP_TYPE_LPM_TRIE, struct route_key, struct route, ROUTES_MAX, BPF_F_NO_PREALLOC);

static __always_inline const struct route *route_of(struct note *note)
{
	struct route_key key = { .prefix_length = 128, .addr = *note_final_destination(note) };
	struct route *found;

	if (note->route.kind != ROUTE_UNKNOWN)
		return &note->route;
	found = bpf_map_lookup_elem(&manx_fib, &key);
	if (found) {
		note->route = *found;
		note->route.via = !addr_is_zero(&found->gateway);
	} else {
		note->route.kind = ROUTE_STACK;
	}
	return &note->route;
}

#endif
