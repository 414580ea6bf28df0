/* main: one program of many senders. `manx-traffic COMMAND name=value ...` */
#include <stdio.h>
#include <string.h>
#include "traffic.h"
#include "arguments.h"

static const struct {
	const char *name;
	int (*run)(void);
} commands[] = {
	{ "inject", command_inject },
	{ "flood", command_flood },
	{ "sink", command_sink },
	{ "pingpong", command_pingpong },
	{ "connect", command_connect },
	{ "stream", command_stream },
};

int main(int count, char **words)
{
	for (unsigned i = 0; count > 1 && i < sizeof(commands) / sizeof(*commands); i++) {
		if (!strcmp(words[1], commands[i].name)) {
			take_arguments(count - 2, words + 2);
			return commands[i].run();
		}
	}
	fprintf(stderr, "usage: manx-traffic inject|flood|sink|pingpong|connect|stream name=value ...\n");
	return 2;
}
