/* pingpong: round trips between two namespaces with both ends in one thread: no wake-up is measured, only the path.
 * Arguments: client, server (namespaces), to, to_port, bind_port, protocol (udp, tcp), count, cpu, from_port (0: any;
 * udp alone). Says percentiles.
 */
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "traffic.h"

enum { BYTES = 32 };

static int socket_in(const char *namespace, int type)
{
	int fd;

	enter_namespace(namespace);
	fd = socket(AF_INET, type, 0);
	check(fd, "a socket");
	return fd;
}

/* Both ends of a TCP connection. */
static void connect_both(int *client, int *server)
{
	struct sockaddr_in to = address_of(text_of("to"), number_of("to_port"));
	struct sockaddr_in at = address_of("0.0.0.0", number_of("bind_port"));
	int listener = socket_in(text_of("server"), SOCK_STREAM), one = 1;

	check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), "SO_REUSEADDR");
	check(bind(listener, (void *)&at, sizeof(at)), "binding");
	check(listen(listener, 1), "listening");
	*client = socket_in(text_of("client"), SOCK_STREAM);
	check(connect(*client, (void *)&to, sizeof(to)), "connecting");
	*server = accept(listener, NULL, NULL);
	check(*server, "accepting");
	check(setsockopt(*client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)), "TCP_NODELAY");
	check(setsockopt(*server, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)), "TCP_NODELAY");
	close(listener);
}

static void udp_both(int *client, int *server)
{
	struct sockaddr_in to = address_of(text_of("to"), number_of("to_port"));
	struct sockaddr_in at = address_of("0.0.0.0", number_of("bind_port")), whom;
	struct sockaddr_in from = address_of("0.0.0.0", number_or("from_port", 0));
	socklen_t length = sizeof(whom);
	char data[BYTES] = "";

	*server = socket_in(text_of("server"), SOCK_DGRAM);
	check(bind(*server, (void *)&at, sizeof(at)), "binding");
	*client = socket_in(text_of("client"), SOCK_DGRAM);
	check(bind(*client, (void *)&from, sizeof(from)), "binding");
	check(connect(*client, (void *)&to, sizeof(to)), "connecting");
	check(send(*client, data, BYTES, 0), "the first datagram");
	check(recvfrom(*server, data, BYTES, 0, (void *)&whom, &length), "its arrival");
	check(connect(*server, (void *)&whom, length), "connecting back");
	check(send(*server, data, BYTES, 0), "the first answer");
	check(recv(*client, data, BYTES, 0), "its arrival");
}

static void hand_over(int from, int to)
{
	char data[BYTES] = "";
	ssize_t got = 0;

	check(send(from, data, BYTES, 0), "sending");
	while (got < BYTES) {
		ssize_t some = recv(to, data, BYTES, 0);

		if (some <= 0)
			fail("receiving");
		got += some;
	}
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

int command_pingpong(void)
{
	struct timeval patience = { .tv_sec = 5 };
	long count = number_of("count"), warm = count / 10 + 10;
	uint32_t *ns = calloc(count, sizeof(*ns));
	int client, server;

	run_on_cpu(number_or("cpu", -1));
	if (!strcmp(text_of("protocol"), "tcp"))
		connect_both(&client, &server);
	else
		udp_both(&client, &server);
	check(setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), "SO_RCVTIMEO");
	check(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), "SO_RCVTIMEO");
	for (long i = -warm; i < count; i++) {
		uint64_t begin = wall_ns();

		hand_over(client, server);
		hand_over(server, client);
		if (i >= 0)
			ns[i] = wall_ns() - begin;
	}
	qsort(ns, count, sizeof(*ns), by_size);
	printf("p50_ns=%u p90_ns=%u p99_ns=%u\n", ns[count / 2], ns[count * 9 / 10], ns[count * 99 / 100]);
	return 0;
}
