/* traffic: senders and receivers at C's speed, each a command of one program. What a command measured is one line of
 * NAME=VALUE words on standard output; what went wrong is said on standard error, with status 1.
 */
#ifndef MANX_TRAFFIC_H
#define MANX_TRAFFIC_H

#include <netinet/in.h>
#include <stdint.h>

/* Arguments are always "name=value": a command asks for those it knows, and dies where one it needs is missing. */
const char *text_of(const char *name);
long number_of(const char *name);
long number_or(const char *name, long otherwise);

_Noreturn void fail(const char *what);
void check(int result, const char *what);

uint64_t wall_ns(void);
/* Of the calling thread, interrupts on it included. */
uint64_t thread_cpu_ns(void);
/* Of both softirq threads and whoever else worked: nanoseconds that no CPU was idle since boot. */
uint64_t softirq_threads_ns(void);
void run_on_cpu(long cpu);

/* Enters the network namespace of that name, for sockets that are opened from here on. */
void enter_namespace(const char *name);
struct sockaddr_in address_of(const char *text, long port);

int command_inject(void);
int command_flood(void);
int command_sink(void);
int command_pingpong(void);
int command_connect(void);
int command_stream(void);

#endif
