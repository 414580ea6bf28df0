// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* sample_xdp: an xdp stage that drops, passes or lets go on by the packet's first byte. */
#include <manx/cursor.h>
#include <manx/xdp.h>

STAGE(sample_xdp)
{
	struct cursor cursor = cursor_at((void *)(long)xdp->data, (void *)(long)xdp->data_end, 0);
	const __u8 *first = CURSOR_TAKE(&cursor, __u8);

	if (!first)
		return drop(note, REASON_TRUNCATED_L2);
	if (*first == 1)
		return VERDICT_PASS;
	if (*first == 2)
		return drop(note, REASON_POLICY_DENY);
	if (*first == 3)
		return redirected(note, bpf_redirect(1, 0));
	return VERDICT_NEXT;
}
