// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
#include "told.h"
#include "../../main/bpf/fastpath.bpf.c"
