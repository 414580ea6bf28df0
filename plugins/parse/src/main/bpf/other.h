// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* other: SCTP's and UDP-Lite's ports; of GRE, ESP and AH that they are whole. All others are known by their number. */
#ifndef PARSE_OTHER_H
#define PARSE_OTHER_H

#include <linux/in.h>
#include <manx/tc.h>
#include "parsed.h"

enum other_bytes {
	GRE_BYTES = 4,
	ESP_BYTES = 8,
	UDPLITE_BYTES = 8,
	AH_BYTES = 12,		/* the shortest */
	SCTP_BYTES = 12,
};

/* The first bytes of any of them. */
union other_header {
	__u8 byte[SCTP_BYTES];
	struct {
		__be16 source;
		__be16 destination;
		__be16 coverage;	/* UDP-Lite: bytes that the checksum covers, the header at least, or 0 for all (RFC 3828) */
	} ports;
	struct {
		__u8 next;
		__u8 words;		/* of 4 bytes, less 2 (RFC 4302) */
	} ah;
};

static __always_inline __u32 other_bytes(const struct note *note)
{
	switch (note->protocol) {
	case IPPROTO_GRE:
		return GRE_BYTES;
	case IPPROTO_ESP:
		return ESP_BYTES;
	case IPPROTO_UDPLITE:
		return UDPLITE_BYTES;
	case IPPROTO_AH:
		return AH_BYTES;
	case IPPROTO_SCTP:
		return SCTP_BYTES;
	default:
		return 0;
	}
}

static __always_inline int judge_coverage(const struct note *note, __u32 covered, __u32 bytes)
{
	/* The first fragment has but a part of what the checksum covers. */
	bool beyond = covered > bytes && !(note->flags & NOTE_FRAGMENT);

	return covered && (covered < UDPLITE_BYTES || beyond) ? REASON_BAD_UDPLITE_COVERAGE : PARSED;
}

/* From note->l4_offset to `end`. */
RARE int parse_other(struct __sk_buff *skb, struct note *note, __u32 end)
{
	union other_header header = {};
	__u32 bytes, wanted;

	if (!note)
		return REASON_TRUNCATED_L4;
	bytes = end - note->l4_offset;
	/* It says that nothing follows; on IPv4 it says nothing. */
	if (note->protocol == IPPROTO_NONE)
		return bytes && note->version == 6 ? REASON_NO_NEXT_HEADER : PARSED;
	wanted = other_bytes(note);
	if (!wanted)
		return PARSED;
	if (bytes < wanted || bpf_skb_load_bytes(skb, note->l4_offset, &header, wanted))
		return REASON_TRUNCATED_L4;
	if (note->protocol == IPPROTO_AH)
		return bytes < (header.ah.words + 2u) * 4 || header.ah.words < AH_BYTES / 4 - 2 ? REASON_TRUNCATED_L4 : PARSED;
	if (note->protocol == IPPROTO_SCTP || note->protocol == IPPROTO_UDPLITE) {
		note->source_port = header.ports.source;
		note->destination_port = header.ports.destination;
	}
	return note->protocol == IPPROTO_UDPLITE ? judge_coverage(note, bpf_ntohs(header.ports.coverage), bytes) : PARSED;
}

#endif
