/* twin, of another bundle than flows, version 1. */
#define flows manx_test_flows
#include "twin1.bpf.c"
