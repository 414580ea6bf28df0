/* common: what all commands share: arguments, clocks, namespaces. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "arguments.h"
#include "traffic.h"

static int argument_count;
static char **arguments;

void take_arguments(int count, char **words)
{
	argument_count = count;
	arguments = words;
}

static const char *find(const char *name)
{
	size_t length = strlen(name);

	for (int i = 0; i < argument_count; i++)
		if (!strncmp(arguments[i], name, length) && arguments[i][length] == '=')
			return arguments[i] + length + 1;
	return NULL;
}

const char *text_of(const char *name)
{
	const char *value = find(name);

	if (!value) {
		fprintf(stderr, "%s= is missing\n", name);
		exit(2);
	}
	return value;
}

long number_of(const char *name)
{
	return strtol(text_of(name), NULL, 0);
}

long number_or(const char *name, long otherwise)
{
	const char *value = find(name);

	return value ? strtol(value, NULL, 0) : otherwise;
}

void fail(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

void check(int result, const char *what)
{
	if (result < 0)
		fail(what);
}

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

uint64_t wall_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t thread_cpu_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static uint64_t scheduled_ns(const char *pid)
{
	char path[64], line[128] = "";
	unsigned long long ns = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/schedstat", pid);
	fd = open(path, O_RDONLY);
	if (fd >= 0 && read(fd, line, sizeof(line) - 1) > 0)
		sscanf(line, "%llu", &ns);
	if (fd >= 0)
		close(fd);
	return ns;
}

static int is_softirq_thread(const char *pid)
{
	char path[64], name[32] = "";
	int fd, found;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return 0;
	found = read(fd, name, sizeof(name) - 1) > 0 && !strncmp(name, "ksoftirqd/", 10);
	close(fd);
	return found;
}

/* Those of the kernel's threads that take over where softirqs would hold up everything else. */
uint64_t softirq_threads_ns(void)
{
	static char pids[64][16];
	static int count = -1;
	uint64_t sum = 0;

	if (count < 0) {
		DIR *all = opendir("/proc");
		struct dirent *entry;

		count = 0;
		while (all && (entry = readdir(all)) && count < 64)
			if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && strlen(entry->d_name) < 16 &&
			    is_softirq_thread(entry->d_name))
				strcpy(pids[count++], entry->d_name);
		if (all)
			closedir(all);
	}
	for (int i = 0; i < count; i++)
		sum += scheduled_ns(pids[i]);
	return sum;
}

void run_on_cpu(long cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu % sysconf(_SC_NPROCESSORS_ONLN), &set);
	check(sched_setaffinity(0, sizeof(set), &set), "sched_setaffinity");
}

void enter_namespace(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s%s", name[0] == '/' ? "" : "/run/netns/", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	check(fd, path);
	check(setns(fd, CLONE_NEWNET), path);
	close(fd);
}

struct sockaddr_in address_of(const char *text, long port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	if (inet_pton(AF_INET, text, &address.sin_addr) != 1) {
		fprintf(stderr, "%s is no IPv4 address\n", text);
		exit(2);
	}
	return address;
}
