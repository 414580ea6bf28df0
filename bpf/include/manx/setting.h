// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* setting: a constant the framework fills in before the program is loaded, and then freezes.
 *
 * The verifier knows its value, so branches it rules out are not in the program that runs.
 */
#ifndef MANX_SETTING_H
#define MANX_SETTING_H

#include <bpf/bpf_helpers.h>

#define SETTING(type, name, initial, description) \
	const volatile type name __attribute__((btf_decl_tag(description))) = initial

#endif
