// SPDX-License-Identifier: (BSD-2-Clause OR GPL-2.0-only)
/* likely: tells clang which way nearly all packets go. It takes either way of a branch for as frequent, and so what comes
 * after thirty questions for something that is never done: registers go to what comes before.
 */
#ifndef MANX_LIKELY_H
#define MANX_LIKELY_H

#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

#endif
