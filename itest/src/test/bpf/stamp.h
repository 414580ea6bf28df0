// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* stamp: two stages of one bundle that a packet must meet in the same version.
 * The one that comes first writes its version's number into the note, the other drops a packet that does not carry its
 * own. A packet that met half of one pipeline and half of another is one that is missing at the end.
 */
#ifndef MANX_TEST_STAMP_H
#define MANX_TEST_STAMP_H

#include <manx/tc.h>

enum stage_reason {
	REASON_MIXED_CHAIN = REASON_OWN,
};
EXPORT_ENUM(stage_reason);

enum {
	STAMP_OFFSET = 60,	/* the last 4 bytes of note->extension; no field, since either of the two may be the writer */
};

/* Each is found in the compiled object by its value, and written over there for another version. */
SETTING(__u64, stamp_number, 0x4d616e785374616dULL, "the number of the version, of which 32 bits count");
SETTING(__u64, stamp_checks, 0x4d616e7843686563ULL, "whether it compares, as the one that comes last");

static __always_inline enum verdict stamp(struct note *note)
{
	__u32 *number = (__u32 *)&note->extension[STAMP_OFFSET];

	if (!stamp_checks) {
		*number = stamp_number;
		return VERDICT_NEXT;
	}
	if (*number != (__u32)stamp_number)
		return drop(note, REASON_MIXED_CHAIN);
	*number = 0;	/* the next packet on this CPU must not live on it */
	return VERDICT_NEXT;
}

#endif
