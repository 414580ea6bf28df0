/* flows and twin of two bundles, version 2: their map is the framework's. */
#define flows manx_test_flows
#include "flows2.bpf.c"
