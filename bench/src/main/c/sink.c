/* sink: takes datagrams off a UDP socket as fast as it can, until there have been none for a while. The first one may be
 * answered, so that the flow is known in both directions to whoever tracks it.
 * Arguments: port, cpu, quiet_ms, answer (1: the first datagram). Prints "listening" once it does.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include "traffic.h"

enum { BATCH = 64, ROOM = 2048 };

static void answer_first(int fd)
{
	struct sockaddr_in whom;
	socklen_t length = sizeof(whom);
	char data[ROOM];
	ssize_t bytes = recvfrom(fd, data, sizeof(data), 0, (void *)&whom, &length);

	check(bytes, "the first datagram");
	check(sendto(fd, data, bytes, 0, (void *)&whom, length), "answering it");
}

int command_sink(void)
{
	static char data[BATCH][ROOM];
	struct timeval patience = { .tv_sec = 10 };
	struct sockaddr_in at = address_of("0.0.0.0", number_of("port"));
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	long received = 0, quiet_ms = number_or("quiet_ms", 200);
	int fd = socket(AF_INET, SOCK_DGRAM, 0), room = 8 << 20;
	uint64_t cpu;

	run_on_cpu(number_or("cpu", -1));
	check(fd, "a socket");
	check(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)), "SO_RCVBUFFORCE");
	check(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), "SO_RCVTIMEO");
	check(bind(fd, (void *)&at, sizeof(at)), "binding");
	printf("listening\n");
	fflush(stdout);
	if (number_or("answer", 0))
		answer_first(fd);
	memset(messages, 0, sizeof(messages));
	for (int i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){ data[i], ROOM };
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	cpu = thread_cpu_ns();
	while (1) {
		int some = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, NULL);

		if (some < 0) {
			if (errno == EAGAIN || errno == EINTR)
				break;
			fail("receiving");
		}
		if (!received) {
			patience = (struct timeval){ .tv_sec = quiet_ms / 1000, .tv_usec = quiet_ms % 1000 * 1000 };
			check(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), "SO_RCVTIMEO");
		}
		received += some;
	}
	printf("received=%ld cpu_ns=%llu\n", received, (unsigned long long)(thread_cpu_ns() - cpu));
	return 0;
}
