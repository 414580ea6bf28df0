/* connect: connections that are made, accepted and closed, both ends in one thread.
 * The client keeps no port that it has closed (net.ipv4.tcp_max_tw_buckets is to be 0 there).
 * Arguments: client, server (namespaces), to, to_port, bind_port, ms, cpu. Says how many, in how long.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include "traffic.h"

static int listen_in(const char *namespace)
{
	struct sockaddr_in at = address_of("0.0.0.0", number_of("bind_port"));
	int fd, one = 1;

	enter_namespace(namespace);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	check(fd, "a socket");
	check(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), "SO_REUSEADDR");
	check(bind(fd, (void *)&at, sizeof(at)), "binding");
	check(listen(fd, 64), "listening");
	return fd;
}

static void one_connection(int listener, const struct sockaddr_in *to)
{
	int client = socket(AF_INET, SOCK_STREAM, 0), server;
	char byte;

	check(client, "a socket");
	check(connect(client, (const void *)to, sizeof(*to)), "connecting");
	server = accept(listener, NULL, NULL);
	check(server, "accepting");
	/* The client goes first, in good order; the server answers with its own end. */
	check(shutdown(client, SHUT_WR), "shutting down");
	check(recv(server, &byte, 1, 0), "the client's end");
	close(server);
	close(client);
}

int command_connect(void)
{
	struct sockaddr_in to = address_of(text_of("to"), number_of("to_port"));
	int listener = listen_in(text_of("server"));
	uint64_t begin, end, cpu;
	long made = 0;

	run_on_cpu(number_or("cpu", -1));
	enter_namespace(text_of("client"));
	for (int i = 0; i < 20; i++)
		one_connection(listener, &to);
	cpu = thread_cpu_ns();
	begin = wall_ns();
	end = begin + number_of("ms") * 1000000ull;
	while (wall_ns() < end) {
		one_connection(listener, &to);
		made++;
	}
	printf("connections=%ld wall_ns=%llu cpu_ns=%llu\n", made, (unsigned long long)(wall_ns() - begin),
	       (unsigned long long)(thread_cpu_ns() - cpu));
	return 0;
}
