/* flows, the first version with little room. */
#include <linux/types.h>

#define FLOWS 4

struct state {
	__u64 first_ns;
	__u64 packets;
};

#include "flows_stage.h"
