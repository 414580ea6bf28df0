/* flows, with other members in its map. */
#include <linux/types.h>

#define FLOWS 65536

struct state {
	__u64 packets;
	__u32 mark; /* in no version before */
	__u64 first_ns;
};

#include "flows_stage.h"
