// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* pick: stands for nat's stage `service`: has one backend for each frontend. */
#include <manx/tc.h>

struct pick_end {
	struct addr addr;
	__be16 port;
	__u16 zero;
};

MAP(pick_backends, BPF_MAP_TYPE_HASH, struct pick_end, struct pick_end, 64);

STAGE(pick)
{
	struct pick_end frontend = { .addr = note->destination, .port = note->destination_port };
	const struct pick_end *backend;

	if (note->flags & (NOTE_KNOWN | NOTE_NO_PORTS | NOTE_ICMP_ERROR))
		return VERDICT_NEXT;
	backend = bpf_map_lookup_elem(&pick_backends, &frontend);
	if (!backend)
		return VERDICT_NEXT;
	note->translate = TRANSLATE_DESTINATION;
	note->new_addr = backend->addr;
	note->new_port = backend->port;
	return VERDICT_NEXT;
}
