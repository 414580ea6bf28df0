/* flows, with one member more in its map than the second version. */
#include <linux/types.h>

#define FLOWS 65536

struct state {
	__u64 packets;
	__u32 mark;
	__u64 first_ns;
	__u64 last_ns; /* in no version before */
};

#include "flows_stage.h"
