// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* verdict: what a stage says about a packet. */
#ifndef MANX_VERDICT_H
#define MANX_VERDICT_H

#include <manx/export.h>

enum verdict {
	VERDICT_NEXT,		/* the next stage of the packet's lane goes on */
	VERDICT_PASS,		/* leave the pipeline: the kernel's own stack goes on */
	VERDICT_REDIRECT,	/* a bpf_redirect helper has been called, see redirected() */
	VERDICT_DROP,		/* dropped and counted under note->reason, see drop() */
	VERDICT_TX,		/* xdp: back out by the interface it came in by, as it now is */
	VERDICT_KEPT,		/* the stage holds a copy and will bring it back, or drop it then: not counted before that */
	VERDICT_ABORTED,	/* xdp: dropped and counted, and the tracepoint xdp_exception fires, see aborted() */
};
EXPORT_ENUM(verdict);

#endif
