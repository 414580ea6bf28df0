/* stream: TCP streams from one namespace to another, one sending thread on a core, one receiving thread on another.
 * Arguments: client, server (namespaces), to, to_port, bind_port, streams, ms, send_cpu, receive_cpu.
 * Says the bytes received, in how long, and the sending thread's CPU time.
 */
#include <fcntl.h>
#include <linux/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "traffic.h"

enum { CHUNK = 64 << 10, MOST = 64 };

static long streams;
static int clients[MOST], servers[MOST];
static atomic_int over;
static atomic_ullong received;

static void open_streams(void)
{
	struct sockaddr_in to = address_of(text_of("to"), number_of("to_port"));
	struct sockaddr_in at = address_of("0.0.0.0", number_of("bind_port"));
	int listener, one = 1;

	enter_namespace(text_of("server"));
	listener = socket(AF_INET, SOCK_STREAM, 0);
	check(listener, "a socket");
	check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), "SO_REUSEADDR");
	check(bind(listener, (void *)&at, sizeof(at)), "binding");
	check(listen(listener, MOST), "listening");
	enter_namespace(text_of("client"));
	for (int i = 0; i < streams; i++) {
		clients[i] = socket(AF_INET, SOCK_STREAM, 0);
		check(clients[i], "a socket");
		check(connect(clients[i], (void *)&to, sizeof(to)), "connecting");
		servers[i] = accept(listener, NULL, NULL);
		check(servers[i], "accepting");
		check(fcntl(clients[i], F_SETFL, O_NONBLOCK), "O_NONBLOCK");
		check(fcntl(servers[i], F_SETFL, O_NONBLOCK), "O_NONBLOCK");
	}
	close(listener);
}

static void *receive(void *unused)
{
	static char data[CHUNK];
	struct pollfd fds[MOST];

	(void)unused;
	run_on_cpu(number_or("receive_cpu", 1));
	for (int i = 0; i < streams; i++)
		fds[i] = (struct pollfd){ .fd = servers[i], .events = POLLIN };
	while (!over) {
		if (poll(fds, streams, 50) < 0)
			fail("polling");
		for (int i = 0; i < streams; i++) {
			ssize_t some;

			while (fds[i].revents && (some = recv(servers[i], data, CHUNK, 0)) > 0)
				received += some;
		}
	}
	return NULL;
}

/* Bytes the sender has put into its sockets; ends when the time has come. */
static void send_until(uint64_t end)
{
	static char data[CHUNK];
	struct pollfd fds[MOST];

	for (int i = 0; i < streams; i++)
		fds[i] = (struct pollfd){ .fd = clients[i], .events = POLLOUT };
	while (wall_ns() < end) {
		if (poll(fds, streams, 10) < 0)
			fail("polling");
		for (int i = 0; i < streams; i++)
			while (fds[i].revents && wall_ns() < end && send(clients[i], data, CHUNK, 0) > 0)
				;
	}
}

static unsigned long long segments(void)
{
	unsigned long long sum = 0;

	for (int i = 0; i < streams; i++) {
		struct tcp_info info;
		socklen_t length = sizeof(info);

		memset(&info, 0, sizeof(info));
		check(getsockopt(clients[i], IPPROTO_TCP, TCP_INFO, &info, &length), "TCP_INFO");
		sum += info.tcpi_data_segs_out;
	}
	return sum;
}

int command_stream(void)
{
	uint64_t begin, cpu, bytes, sent;
	pthread_t receiver;

	streams = number_of("streams");
	if (streams < 1 || streams > MOST) {
		fprintf(stderr, "1 to %d streams, not %ld\n", MOST, streams);
		return 2;
	}
	open_streams();
	if (pthread_create(&receiver, NULL, receive, NULL))
		fail("a thread");
	run_on_cpu(number_or("send_cpu", 0));
	send_until(wall_ns() + number_of("ms") * 300000ull);
	bytes = received;
	sent = segments();
	cpu = thread_cpu_ns();
	begin = wall_ns();
	send_until(begin + number_of("ms") * 1000000ull);
	printf("bytes=%llu wall_ns=%llu cpu_ns=%llu segments=%llu\n", (unsigned long long)(received - bytes),
	       (unsigned long long)(wall_ns() - begin), (unsigned long long)(thread_cpu_ns() - cpu),
	       (unsigned long long)(segments() - sent));
	over = 1;
	pthread_join(receiver, NULL);
	return 0;
}
