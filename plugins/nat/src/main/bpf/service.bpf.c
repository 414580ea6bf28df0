// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* service: picks a backend for a new flow to a service's address.
 * Writes  note->translate, new_addr, new_port    Drops  REASON_NO_BACKEND
 *
 * A known flow keeps the backend it has. A later fragment of an unknown one is what is left of a datagram whose first
 * did not get through: it has no backend either. Pings to the address are no part of any service: they take the
 * route like any other packet.
 */
#include <manx/flow.h>
#include <manx/tc.h>
#include "service.h"

/* Any of the frontend's backends, each as likely; NULL when there is none. */
static __always_inline const struct backend *pick(const struct frontend *frontend)
{
	struct backend_key key = {
		.set = frontend->set,
		.index = ((__u64)bpf_get_prandom_u32() * frontend->backends) >> 32,
	};

	return bpf_map_lookup_elem(&backends, &key);
}

static __always_inline void translate_to(struct note *note, const struct backend *backend)
{
	note->translate = TRANSLATE_DESTINATION;
	note->new_addr = backend->addr;
	note->new_port = backend->port;
}

/* One that shares its hash with a frontend's is looked up. */
static __always_inline bool is_unserved(const struct addr *addr)
{
	__u32 word = addr->word[0] ^ addr->word[1] ^ addr->word[2] ^ addr->word[3];
	__u32 hash = (word ^ word >> 16) & 0xffff;
	__u32 row = hash / 64;
	const __u64 *bits = bpf_map_lookup_elem(&unserved, &row);

	return bits && *bits >> hash % 64 & 1;
}

STAGE(service)
{
	struct frontend_key key = {
		.addr = note->destination,
		.port = note->destination_port,
		.protocol = note->protocol,
	};

	if (note->flags & (NOTE_KNOWN | NOTE_ICMP_ERROR))
		return VERDICT_NEXT;
	if (is_unserved(&note->destination))
		return VERDICT_NEXT;
	/* Twice: between its two lookups the frontend may come to name another set, and the old one go. */
	for (int attempt = 0; attempt < 2; attempt++) {
		const struct frontend *frontend = bpf_map_lookup_elem(&frontends, &key);
		const struct backend *backend;

		if (!frontend)
			return VERDICT_NEXT;
		if (note->flags & NOTE_NO_PORTS)
			break;
		backend = pick(frontend);
		if (backend) {
			translate_to(note, backend);
			return VERDICT_NEXT;
		}
	}
	return drop(note, REASON_NO_BACKEND);
}
