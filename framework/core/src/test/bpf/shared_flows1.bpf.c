/* flows and twin of two bundles, version 1: their map is the framework's. */
#define flows manx_test_flows
#include "flows1.bpf.c"
