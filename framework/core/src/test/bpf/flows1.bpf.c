/* flows, the first version. */
#include <linux/types.h>

#define FLOWS 65536

struct state {
	__u64 first_ns;
	__u64 packets;
};

#include "flows_stage.h"
