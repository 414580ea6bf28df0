// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* settings: the judgement calls. Read only once a packet looks odd, so that others don't pay for them. */
#ifndef PARSE_SETTINGS_H
#define PARSE_SETTINGS_H

#include <manx/map.h>

/* Written by the control while packets flow. All zero: what is dropped unless somebody says otherwise. */
struct parse_settings {
	__u8 pass_tcp_flag_nonsense;
	__u8 pass_land;
	__u8 zero[2];
};

MAP(parse_settings, BPF_MAP_TYPE_ARRAY, __u32, struct parse_settings, 1);

static __always_inline const struct parse_settings *settings_now(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&parse_settings, &zero);
}

#endif
