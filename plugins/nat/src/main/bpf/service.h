// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* service: frontends, and the backends that stand behind each.
 *
 * A frontend names a set of backends. A set never changes: for another choice of backends a new set is
 * written first and then the frontend, in one write, names that.
 *
 *	frontends   10.96.0.10 tcp/80  ->  set 7, 2 backends
 *	backends    set 7, index 0     ->  10.0.2.2:8080
 *	            set 7, index 1     ->  10.0.2.3:8080
 */
#ifndef MANX_NAT_SERVICE_H
#define MANX_NAT_SERVICE_H

#include <manx/addr.h>
#include <manx/export.h>
#include <manx/map.h>

enum service_limit {
	FRONTENDS_MAX = 64000,
	BACKENDS_MAX = 256000,
	BACKENDS_ROOM = 2 * BACKENDS_MAX,	/* old sets stay until no frontend names them any more */
};
EXPORT_ENUM(service_limit);

/* Of all addresses by a hash of 16 bits: bit n % 64 of row n / 64 says that no frontend has an address of hash n. A lookup in
 * `frontends` costs a new flow some 10 ns, and most have nothing to find there. Zeros, as the map begins, say nothing. */
enum unserved_limit {
	UNSERVED_ROWS = 1024,
};

struct frontend_key {
	struct addr addr;
	__be16 port;
	__u8 protocol;		/* IANA number */
	__u8 zero;
};

struct frontend {
	__u32 set;
	__u32 backends;		/* in the set; 0: none is ready */
};

struct backend_key {
	__u32 set;
	__u32 index;		/* below struct frontend's backends */
};

struct backend {
	struct addr addr;
	__be16 port;
	__u16 zero;
};

MAP_FLAGS(frontends, BPF_MAP_TYPE_HASH, struct frontend_key, struct frontend, FRONTENDS_MAX, BPF_F_NO_PREALLOC);
MAP(unserved, BPF_MAP_TYPE_ARRAY, __u32, __u64, UNSERVED_ROWS);
MAP_FLAGS(backends, BPF_MAP_TYPE_HASH, struct backend_key, struct backend, BACKENDS_ROOM, BPF_F_NO_PREALLOC);

#endif
