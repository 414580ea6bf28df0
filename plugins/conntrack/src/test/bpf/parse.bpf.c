// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* parse: the stage before conntrack, so that both can be run in turn without its bundle. */
#include "../../../../parse/src/main/bpf/parse.bpf.c"
