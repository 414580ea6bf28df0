/* tally: what both versions of the stage share: packets by IP protocol. */
#ifndef TALLY_H
#define TALLY_H

#include <manx/tc.h>

struct protocol {
	__u8 number;
};

#endif
