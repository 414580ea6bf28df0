/* flood: sends one frame over and over by a packet socket that bypasses the queue discipline.
 * Arguments: device, ms, cpu, and packet.h's. Says how many went out and what CPU it took.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include "packet.h"
#include "traffic.h"

enum { BATCH = 64 };

static int open_socket(const char *device)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = if_nametoindex(device) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), one = 1;

	check(fd, "a packet socket");
	check(setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one)), "PACKET_QDISC_BYPASS");
	check(bind(fd, (void *)&at, sizeof(at)), device);
	return fd;
}

int command_flood(void)
{
	uint64_t wall, end, cpu, softirq;
	struct mmsghdr messages[BATCH];
	struct packet packet;
	struct iovec part;
	long sent = 0;
	int fd;

	run_on_cpu(number_or("cpu", -1));
	packet_make(&packet);
	fd = open_socket(text_of("device"));
	part.iov_base = packet.bytes;
	part.iov_len = packet.length;
	memset(messages, 0, sizeof(messages));
	for (int i = 0; i < BATCH; i++) {
		messages[i].msg_hdr.msg_iov = &part;
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	softirq = softirq_threads_ns();
	cpu = thread_cpu_ns();
	wall = wall_ns();
	end = wall + number_of("ms") * 1000000ull;
	while (wall_ns() < end) {
		int some = sendmmsg(fd, messages, BATCH, 0);

		if (some < 0 && errno != ENOBUFS && errno != EAGAIN)
			fail("sending");
		sent += some > 0 ? some : 0;
	}
	wall = wall_ns() - wall;
	cpu = thread_cpu_ns() - cpu;
	softirq = softirq_threads_ns() - softirq;
	printf("sent=%ld cpu_ns=%llu softirq_ns=%llu wall_ns=%llu\n", sent, (unsigned long long)cpu,
	       (unsigned long long)softirq, (unsigned long long)wall);
	return 0;
}
