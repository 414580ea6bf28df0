// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* routes: the longest-prefix table that plugins/routes feeds from the kernel's FIB.
 *
 * A stage calls route_of(note): whoever needs the route first looks it up, the others read it.
 */
#ifndef MANX_ROUTES_H
#define MANX_ROUTES_H

#include <manx/epoch.h>
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

/* Where this CPU's packets went lately, by destination: a look into the table costs some 25 ns and most new flows go where others
 * have gone. It is true as long as the epoch is, as a flow's route is; while no epoch is (0), nobody says when the table changes. */
enum recent_limit {
	RECENT_ROWS = 256,
};

struct recent_route {
	struct addr destination;
	__u32 epoch;
	struct route route;
} __attribute__((aligned(64)));

MAP(manx_recent_routes, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct recent_route, RECENT_ROWS);

static __always_inline struct recent_route *recent_route_to(const struct addr *addr)
{
	__u32 word = addr->word[0] ^ addr->word[1] ^ addr->word[2] ^ addr->word[3];
	__u32 row = (word ^ word >> 8 ^ word >> 16 ^ word >> 24) % RECENT_ROWS;

	return bpf_map_lookup_elem(&manx_recent_routes, &row);
}

static __always_inline void look_up_route(const struct addr *destination, struct route *route)
{
	struct route_key key = { .prefix_length = 128, .addr = *destination };
	struct route *found = bpf_map_lookup_elem(&manx_fib, &key);

	if (found) {
		*route = *found;
		route->via = !addr_is_zero(&found->gateway);
	} else {
		route->kind = ROUTE_STACK;
	}
}

static __always_inline const struct route *route_of(struct note *note)
{
	const struct addr *destination = note_final_destination(note);
	struct recent_route *recent;
	__u32 epoch = epoch_now();

	if (note->route.kind != ROUTE_UNKNOWN)
		return &note->route;
	recent = recent_route_to(destination);
	if (recent && epoch && recent->epoch == epoch && addr_equal(&recent->destination, destination)) {
		note->route = recent->route;
		return &note->route;
	}
	look_up_route(destination, &note->route);
	if (recent) {
		recent->destination = *destination;
		recent->epoch = epoch;
		recent->route = note->route;
	}
	return &note->route;
}

#endif
