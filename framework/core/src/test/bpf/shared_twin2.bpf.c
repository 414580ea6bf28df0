/* twin, of another bundle than flows, version 2. */
#define flows manx_test_flows
#include "twin2.bpf.c"
